#include "s3/rows.hpp"
#include "s3/send.hpp"
#include "s3/validate.hpp"

#include <cairn/s3/operations/head_object.hpp>

#include <array>
#include <utility>

namespace cairn::s3 {
namespace {

using namespace rows;

constexpr std::array input{
    uri<&head_object::bucket>("Bucket").verify(check_bucket),
    uri<&head_object::key>("Key").verify(check_key),
    header<&head_object::if_match>("IfMatch", "If-Match"),
    header<&head_object::if_modified_since>("IfModifiedSince", "If-Modified-Since"),
    header<&head_object::if_none_match>("IfNoneMatch", "If-None-Match"),
    header<&head_object::if_unmodified_since>("IfUnmodifiedSince", "If-Unmodified-Since"),
    header<&head_object::range>("Range", "Range"),
    query<&head_object::response_cache_control>("ResponseCacheControl", "response-cache-control"),
    query<&head_object::response_content_disposition>("ResponseContentDisposition",
                                                      "response-content-disposition"),
    query<&head_object::response_content_encoding>("ResponseContentEncoding",
                                                   "response-content-encoding"),
    query<&head_object::response_content_language>("ResponseContentLanguage",
                                                   "response-content-language"),
    query<&head_object::response_content_type>("ResponseContentType", "response-content-type"),
    query<&head_object::response_expires>("ResponseExpires", "response-expires")
        .as(time_format::http_date),
    query<&head_object::version_id>("VersionId", "versionId"),
    header<&head_object::sse_customer_algorithm>("SSECustomerAlgorithm",
                                                 "x-amz-server-side-encryption-customer-algorithm"),
    header<&head_object::sse_customer_key>("SSECustomerKey",
                                           "x-amz-server-side-encryption-customer-key"),
    header<&head_object::sse_customer_key_md5>("SSECustomerKeyMD5",
                                               "x-amz-server-side-encryption-customer-key-MD5"),
    header<&head_object::request_payer>("RequestPayer", "x-amz-request-payer")
        .one_of(request_payer::values),
    query<&head_object::part_number>("PartNumber", "partNumber"),
    header<&head_object::expected_bucket_owner>("ExpectedBucketOwner",
                                                "x-amz-expected-bucket-owner"),
    header<&head_object::checksum_mode>("ChecksumMode", "x-amz-checksum-mode")
        .one_of(checksum_mode::values),
};

constexpr std::array output{
    header<&head_object_output::delete_marker>("DeleteMarker", "x-amz-delete-marker"),
    header<&head_object_output::accept_ranges>("AcceptRanges", "accept-ranges"),
    header<&head_object_output::expiration>("Expiration", "x-amz-expiration"),
    header<&head_object_output::restore>("Restore", "x-amz-restore"),
    header<&head_object_output::archive_status>("ArchiveStatus", "x-amz-archive-status")
        .one_of(archive_status::values),
    header<&head_object_output::last_modified>("LastModified", "Last-Modified"),
    header<&head_object_output::content_length>("ContentLength", "Content-Length"),
    header<&head_object_output::checksum_crc32>("ChecksumCRC32", "x-amz-checksum-crc32"),
    header<&head_object_output::checksum_crc32c>("ChecksumCRC32C", "x-amz-checksum-crc32c"),
    header<&head_object_output::checksum_crc64nvme>("ChecksumCRC64NVME",
                                                    "x-amz-checksum-crc64nvme"),
    header<&head_object_output::checksum_sha1>("ChecksumSHA1", "x-amz-checksum-sha1"),
    header<&head_object_output::checksum_sha256>("ChecksumSHA256", "x-amz-checksum-sha256"),
    header<&head_object_output::checksum_sha512>("ChecksumSHA512", "x-amz-checksum-sha512"),
    header<&head_object_output::checksum_md5>("ChecksumMD5", "x-amz-checksum-md5"),
    header<&head_object_output::checksum_xxhash64>("ChecksumXXHASH64", "x-amz-checksum-xxhash64"),
    header<&head_object_output::checksum_xxhash3>("ChecksumXXHASH3", "x-amz-checksum-xxhash3"),
    header<&head_object_output::checksum_xxhash128>("ChecksumXXHASH128",
                                                    "x-amz-checksum-xxhash128"),
    header<&head_object_output::checksum_type>("ChecksumType", "x-amz-checksum-type")
        .one_of(checksum_type::values),
    header<&head_object_output::etag>("ETag", "ETag"),
    header<&head_object_output::missing_meta>("MissingMeta", "x-amz-missing-meta"),
    header<&head_object_output::version_id>("VersionId", "x-amz-version-id"),
    header<&head_object_output::cache_control>("CacheControl", "Cache-Control"),
    header<&head_object_output::content_disposition>("ContentDisposition", "Content-Disposition"),
    header<&head_object_output::content_encoding>("ContentEncoding", "Content-Encoding"),
    header<&head_object_output::content_language>("ContentLanguage", "Content-Language"),
    header<&head_object_output::content_type>("ContentType", "Content-Type"),
    header<&head_object_output::content_range>("ContentRange", "Content-Range"),
    header<&head_object_output::expires>("Expires", "Expires").tolerate(),
    header<&head_object_output::website_redirect_location>("WebsiteRedirectLocation",
                                                           "x-amz-website-redirect-location"),
    header<&head_object_output::server_side_encryption>("ServerSideEncryption",
                                                        "x-amz-server-side-encryption")
        .one_of(server_side_encryption::values),
    prefix_headers<&head_object_output::metadata>("Metadata", "x-amz-meta-"),
    header<&head_object_output::sse_customer_algorithm>(
        "SSECustomerAlgorithm", "x-amz-server-side-encryption-customer-algorithm"),
    header<&head_object_output::sse_customer_key_md5>(
        "SSECustomerKeyMD5", "x-amz-server-side-encryption-customer-key-MD5"),
    header<&head_object_output::sse_kms_key_id>("SSEKMSKeyId",
                                                "x-amz-server-side-encryption-aws-kms-key-id"),
    header<&head_object_output::bucket_key_enabled>(
        "BucketKeyEnabled", "x-amz-server-side-encryption-bucket-key-enabled"),
    header<&head_object_output::storage_class>("StorageClass", "x-amz-storage-class")
        .one_of(storage_class::values),
    header<&head_object_output::request_charged>("RequestCharged", "x-amz-request-charged")
        .one_of(request_charged::values),
    header<&head_object_output::replication_status>("ReplicationStatus", "x-amz-replication-status")
        .one_of(replication_status::values),
    header<&head_object_output::parts_count>("PartsCount", "x-amz-mp-parts-count"),
    header<&head_object_output::tag_count>("TagCount", "x-amz-tagging-count"),
    header<&head_object_output::object_lock_mode>("ObjectLockMode", "x-amz-object-lock-mode")
        .one_of(object_lock_mode::values),
    header<&head_object_output::object_lock_retain_until_date>(
        "ObjectLockRetainUntilDate", "x-amz-object-lock-retain-until-date")
        .as(time_format::iso8601),
    header<&head_object_output::object_lock_legal_hold_status>("ObjectLockLegalHoldStatus",
                                                               "x-amz-object-lock-legal-hold")
        .one_of(object_lock_legal_hold_status::values),
};

constexpr std::array<std::string_view, 1> errors{"NoSuchKey"};

constexpr operation_table table{
    .name = "HeadObject",
    .method = "HEAD",
    .path = "/{Bucket}/{Key+}",
    .input = input,
    .output = output,
    .errors = errors,
};

}  // namespace

head_object::head_object(std::string b, std::string k) : bucket(std::move(b)), key(std::move(k)) {}

template <>
const operation_table& table_of<head_object>() {
    return table;
}

template awaitable<result<head_object_output>> client::send(s3::head_object) const;

}  // namespace cairn::s3
