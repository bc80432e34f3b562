#include "s3/rows.hpp"
#include "s3/send.hpp"
#include "s3/validate.hpp"

#include <cairn/s3/operations/put_object.hpp>

#include <array>
#include <utility>

namespace cairn::s3 {
namespace {

using namespace rows;

constexpr std::array input{
    uri<&put_object::bucket>("Bucket").verify(check_bucket),
    uri<&put_object::key>("Key").verify(check_key),
    header<&put_object::acl>("ACL", "x-amz-acl").one_of(object_canned_acl::values),
    stream<&put_object::body>("Body"),
    header<&put_object::cache_control>("CacheControl", "Cache-Control"),
    header<&put_object::content_disposition>("ContentDisposition", "Content-Disposition"),
    header<&put_object::content_encoding>("ContentEncoding", "Content-Encoding"),
    header<&put_object::content_language>("ContentLanguage", "Content-Language"),
    header<&put_object::content_length>("ContentLength", "Content-Length").leave_to_framing(),
    header<&put_object::content_md5>("ContentMD5", "Content-MD5"),
    header<&put_object::content_type>("ContentType", "Content-Type"),
    header<&put_object::checksum_algorithm>("ChecksumAlgorithm", "x-amz-sdk-checksum-algorithm")
        .one_of(checksum_algorithm::values),
    header<&put_object::checksum_crc32>("ChecksumCRC32", "x-amz-checksum-crc32"),
    header<&put_object::checksum_crc32c>("ChecksumCRC32C", "x-amz-checksum-crc32c"),
    header<&put_object::checksum_crc64nvme>("ChecksumCRC64NVME", "x-amz-checksum-crc64nvme"),
    header<&put_object::checksum_sha1>("ChecksumSHA1", "x-amz-checksum-sha1"),
    header<&put_object::checksum_sha256>("ChecksumSHA256", "x-amz-checksum-sha256"),
    header<&put_object::checksum_sha512>("ChecksumSHA512", "x-amz-checksum-sha512"),
    header<&put_object::checksum_md5>("ChecksumMD5", "x-amz-checksum-md5"),
    header<&put_object::checksum_xxhash64>("ChecksumXXHASH64", "x-amz-checksum-xxhash64"),
    header<&put_object::checksum_xxhash3>("ChecksumXXHASH3", "x-amz-checksum-xxhash3"),
    header<&put_object::checksum_xxhash128>("ChecksumXXHASH128", "x-amz-checksum-xxhash128"),
    header<&put_object::expires>("Expires", "Expires"),
    header<&put_object::if_match>("IfMatch", "If-Match").makes_conditional(),
    header<&put_object::if_none_match>("IfNoneMatch", "If-None-Match").makes_conditional(),
    header<&put_object::grant_full_control>("GrantFullControl", "x-amz-grant-full-control"),
    header<&put_object::grant_read>("GrantRead", "x-amz-grant-read"),
    header<&put_object::grant_read_acp>("GrantReadACP", "x-amz-grant-read-acp"),
    header<&put_object::grant_write_acp>("GrantWriteACP", "x-amz-grant-write-acp"),
    header<&put_object::write_offset_bytes>("WriteOffsetBytes", "x-amz-write-offset-bytes")
        .makes_conditional(),
    prefix_headers<&put_object::metadata>("Metadata", "x-amz-meta-"),
    header<&put_object::server_side_encryption>("ServerSideEncryption",
                                                "x-amz-server-side-encryption")
        .one_of(server_side_encryption::values),
    header<&put_object::storage_class>("StorageClass", "x-amz-storage-class")
        .one_of(storage_class::values),
    header<&put_object::website_redirect_location>("WebsiteRedirectLocation",
                                                   "x-amz-website-redirect-location"),
    header<&put_object::sse_customer_algorithm>("SSECustomerAlgorithm",
                                                "x-amz-server-side-encryption-customer-algorithm"),
    header<&put_object::sse_customer_key>("SSECustomerKey",
                                          "x-amz-server-side-encryption-customer-key"),
    header<&put_object::sse_customer_key_md5>("SSECustomerKeyMD5",
                                              "x-amz-server-side-encryption-customer-key-MD5"),
    header<&put_object::sse_kms_key_id>("SSEKMSKeyId",
                                        "x-amz-server-side-encryption-aws-kms-key-id"),
    header<&put_object::sse_kms_encryption_context>("SSEKMSEncryptionContext",
                                                    "x-amz-server-side-encryption-context"),
    header<&put_object::bucket_key_enabled>("BucketKeyEnabled",
                                            "x-amz-server-side-encryption-bucket-key-enabled"),
    header<&put_object::request_payer>("RequestPayer", "x-amz-request-payer")
        .one_of(request_payer::values),
    header<&put_object::tagging>("Tagging", "x-amz-tagging"),
    header<&put_object::object_lock_mode>("ObjectLockMode", "x-amz-object-lock-mode")
        .one_of(object_lock_mode::values),
    header<&put_object::object_lock_retain_until_date>("ObjectLockRetainUntilDate",
                                                       "x-amz-object-lock-retain-until-date")
        .as(time_format::iso8601),
    header<&put_object::object_lock_legal_hold_status>("ObjectLockLegalHoldStatus",
                                                       "x-amz-object-lock-legal-hold")
        .one_of(object_lock_legal_hold_status::values),
    header<&put_object::expected_bucket_owner>("ExpectedBucketOwner",
                                               "x-amz-expected-bucket-owner"),
};

constexpr std::array output{
    header<&put_object_output::expiration>("Expiration", "x-amz-expiration"),
    header<&put_object_output::etag>("ETag", "ETag"),
    header<&put_object_output::checksum_crc32>("ChecksumCRC32", "x-amz-checksum-crc32"),
    header<&put_object_output::checksum_crc32c>("ChecksumCRC32C", "x-amz-checksum-crc32c"),
    header<&put_object_output::checksum_crc64nvme>("ChecksumCRC64NVME", "x-amz-checksum-crc64nvme"),
    header<&put_object_output::checksum_sha1>("ChecksumSHA1", "x-amz-checksum-sha1"),
    header<&put_object_output::checksum_sha256>("ChecksumSHA256", "x-amz-checksum-sha256"),
    header<&put_object_output::checksum_sha512>("ChecksumSHA512", "x-amz-checksum-sha512"),
    header<&put_object_output::checksum_md5>("ChecksumMD5", "x-amz-checksum-md5"),
    header<&put_object_output::checksum_xxhash64>("ChecksumXXHASH64", "x-amz-checksum-xxhash64"),
    header<&put_object_output::checksum_xxhash3>("ChecksumXXHASH3", "x-amz-checksum-xxhash3"),
    header<&put_object_output::checksum_xxhash128>("ChecksumXXHASH128", "x-amz-checksum-xxhash128"),
    header<&put_object_output::checksum_type>("ChecksumType", "x-amz-checksum-type")
        .one_of(checksum_type::values),
    header<&put_object_output::server_side_encryption>("ServerSideEncryption",
                                                       "x-amz-server-side-encryption")
        .one_of(server_side_encryption::values),
    header<&put_object_output::version_id>("VersionId", "x-amz-version-id"),
    header<&put_object_output::sse_customer_algorithm>(
        "SSECustomerAlgorithm", "x-amz-server-side-encryption-customer-algorithm"),
    header<&put_object_output::sse_customer_key_md5>(
        "SSECustomerKeyMD5", "x-amz-server-side-encryption-customer-key-MD5"),
    header<&put_object_output::sse_kms_key_id>("SSEKMSKeyId",
                                               "x-amz-server-side-encryption-aws-kms-key-id"),
    header<&put_object_output::sse_kms_encryption_context>("SSEKMSEncryptionContext",
                                                           "x-amz-server-side-encryption-context"),
    header<&put_object_output::bucket_key_enabled>(
        "BucketKeyEnabled", "x-amz-server-side-encryption-bucket-key-enabled"),
    header<&put_object_output::size>("Size", "x-amz-object-size"),
    header<&put_object_output::request_charged>("RequestCharged", "x-amz-request-charged")
        .one_of(request_charged::values),
};

constexpr std::array<std::string_view, 4> errors{"InvalidRequest", "InvalidWriteOffset",
                                                 "TooManyParts", "EncryptionTypeMismatch"};

constexpr operation_table table{
    .name = "PutObject",
    .method = "PUT",
    .path = "/{Bucket}/{Key+}",
    .input = input,
    .output = output,
    .modifies = true,
    .errors = errors,
};

}  // namespace

put_object::put_object(std::string b, std::string k) : bucket(std::move(b)), key(std::move(k)) {}

template <>
const operation_table& table_of<put_object>() {
    return table;
}

template awaitable<result<put_object_output>> client::send(s3::put_object) const;

}  // namespace cairn::s3
