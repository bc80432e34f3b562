#include "s3/rows.hpp"
#include "s3/send.hpp"
#include "s3/validate.hpp"

#include <cairn/s3/operations/get_object.hpp>

#include <array>
#include <utility>

namespace cairn::s3 {
namespace {

using namespace rows;

constexpr std::array input{
    uri<&get_object::bucket>("Bucket").verify(check_bucket),
    uri<&get_object::key>("Key").verify(check_key),
    header<&get_object::if_match>("IfMatch", "If-Match"),
    header<&get_object::if_modified_since>("IfModifiedSince", "If-Modified-Since"),
    header<&get_object::if_none_match>("IfNoneMatch", "If-None-Match"),
    header<&get_object::if_unmodified_since>("IfUnmodifiedSince", "If-Unmodified-Since"),
    header<&get_object::range>("Range", "Range"),
    query<&get_object::response_cache_control>("ResponseCacheControl", "response-cache-control"),
    query<&get_object::response_content_disposition>("ResponseContentDisposition",
                                                     "response-content-disposition"),
    query<&get_object::response_content_encoding>("ResponseContentEncoding",
                                                  "response-content-encoding"),
    query<&get_object::response_content_language>("ResponseContentLanguage",
                                                  "response-content-language"),
    query<&get_object::response_content_type>("ResponseContentType", "response-content-type"),
    query<&get_object::response_expires>("ResponseExpires", "response-expires")
        .as(time_format::http_date),
    query<&get_object::version_id>("VersionId", "versionId"),
    header<&get_object::sse_customer_algorithm>("SSECustomerAlgorithm",
                                                "x-amz-server-side-encryption-customer-algorithm"),
    header<&get_object::sse_customer_key>("SSECustomerKey",
                                          "x-amz-server-side-encryption-customer-key"),
    header<&get_object::sse_customer_key_md5>("SSECustomerKeyMD5",
                                              "x-amz-server-side-encryption-customer-key-MD5"),
    header<&get_object::request_payer>("RequestPayer", "x-amz-request-payer")
        .one_of(request_payer::values),
    query<&get_object::part_number>("PartNumber", "partNumber"),
    header<&get_object::expected_bucket_owner>("ExpectedBucketOwner",
                                               "x-amz-expected-bucket-owner"),
    header<&get_object::checksum_mode>("ChecksumMode", "x-amz-checksum-mode")
        .one_of(checksum_mode::values),
};

constexpr std::array output{
    stream<&get_object_output::body>("Body"),
    header<&get_object_output::delete_marker>("DeleteMarker", "x-amz-delete-marker"),
    header<&get_object_output::accept_ranges>("AcceptRanges", "accept-ranges"),
    header<&get_object_output::expiration>("Expiration", "x-amz-expiration"),
    header<&get_object_output::restore>("Restore", "x-amz-restore"),
    header<&get_object_output::last_modified>("LastModified", "Last-Modified"),
    header<&get_object_output::content_length>("ContentLength", "Content-Length"),
    header<&get_object_output::etag>("ETag", "ETag"),
    header<&get_object_output::checksum_crc32>("ChecksumCRC32", "x-amz-checksum-crc32"),
    header<&get_object_output::checksum_crc32c>("ChecksumCRC32C", "x-amz-checksum-crc32c"),
    header<&get_object_output::checksum_crc64nvme>("ChecksumCRC64NVME", "x-amz-checksum-crc64nvme"),
    header<&get_object_output::checksum_sha1>("ChecksumSHA1", "x-amz-checksum-sha1"),
    header<&get_object_output::checksum_sha256>("ChecksumSHA256", "x-amz-checksum-sha256"),
    header<&get_object_output::checksum_sha512>("ChecksumSHA512", "x-amz-checksum-sha512"),
    header<&get_object_output::checksum_md5>("ChecksumMD5", "x-amz-checksum-md5"),
    header<&get_object_output::checksum_xxhash64>("ChecksumXXHASH64", "x-amz-checksum-xxhash64"),
    header<&get_object_output::checksum_xxhash3>("ChecksumXXHASH3", "x-amz-checksum-xxhash3"),
    header<&get_object_output::checksum_xxhash128>("ChecksumXXHASH128", "x-amz-checksum-xxhash128"),
    header<&get_object_output::checksum_type>("ChecksumType", "x-amz-checksum-type")
        .one_of(checksum_type::values),
    header<&get_object_output::missing_meta>("MissingMeta", "x-amz-missing-meta"),
    header<&get_object_output::version_id>("VersionId", "x-amz-version-id"),
    header<&get_object_output::cache_control>("CacheControl", "Cache-Control"),
    header<&get_object_output::content_disposition>("ContentDisposition", "Content-Disposition"),
    header<&get_object_output::content_encoding>("ContentEncoding", "Content-Encoding"),
    header<&get_object_output::content_language>("ContentLanguage", "Content-Language"),
    header<&get_object_output::content_range>("ContentRange", "Content-Range"),
    header<&get_object_output::content_type>("ContentType", "Content-Type"),
    header<&get_object_output::expires>("Expires", "Expires").tolerate(),
    header<&get_object_output::website_redirect_location>("WebsiteRedirectLocation",
                                                          "x-amz-website-redirect-location"),
    header<&get_object_output::server_side_encryption>("ServerSideEncryption",
                                                       "x-amz-server-side-encryption")
        .one_of(server_side_encryption::values),
    prefix_headers<&get_object_output::metadata>("Metadata", "x-amz-meta-"),
    header<&get_object_output::sse_customer_algorithm>(
        "SSECustomerAlgorithm", "x-amz-server-side-encryption-customer-algorithm"),
    header<&get_object_output::sse_customer_key_md5>(
        "SSECustomerKeyMD5", "x-amz-server-side-encryption-customer-key-MD5"),
    header<&get_object_output::sse_kms_key_id>("SSEKMSKeyId",
                                               "x-amz-server-side-encryption-aws-kms-key-id"),
    header<&get_object_output::bucket_key_enabled>(
        "BucketKeyEnabled", "x-amz-server-side-encryption-bucket-key-enabled"),
    header<&get_object_output::storage_class>("StorageClass", "x-amz-storage-class")
        .one_of(storage_class::values),
    header<&get_object_output::request_charged>("RequestCharged", "x-amz-request-charged")
        .one_of(request_charged::values),
    header<&get_object_output::replication_status>("ReplicationStatus", "x-amz-replication-status")
        .one_of(replication_status::values),
    header<&get_object_output::parts_count>("PartsCount", "x-amz-mp-parts-count"),
    header<&get_object_output::tag_count>("TagCount", "x-amz-tagging-count"),
    header<&get_object_output::object_lock_mode>("ObjectLockMode", "x-amz-object-lock-mode")
        .one_of(object_lock_mode::values),
    header<&get_object_output::object_lock_retain_until_date>("ObjectLockRetainUntilDate",
                                                              "x-amz-object-lock-retain-until-date")
        .as(time_format::iso8601),
    header<&get_object_output::object_lock_legal_hold_status>("ObjectLockLegalHoldStatus",
                                                              "x-amz-object-lock-legal-hold")
        .one_of(object_lock_legal_hold_status::values),
};

constexpr std::array<std::string_view, 2> errors{"NoSuchKey", "InvalidObjectState"};

constexpr operation_table table{
    .name = "GetObject",
    .method = "GET",
    .path = "/{Bucket}/{Key+}",
    .input = input,
    .output = output,
    .errors = errors,
};

}  // namespace

get_object::get_object(std::string b, std::string k) : bucket(std::move(b)), key(std::move(k)) {}

template <>
const operation_table& table_of<get_object>() {
    return table;
}

template awaitable<result<get_object_output>> client::send(s3::get_object) const;

}  // namespace cairn::s3
