#include "s3/rows.hpp"
#include "s3/send.hpp"
#include "s3/validate.hpp"

#include <cairn/s3/operations/copy_object.hpp>

#include <array>
#include <utility>

namespace cairn::s3 {
namespace {

using namespace rows;

constexpr std::array input{
    uri<&copy_object::bucket>("Bucket").verify(check_bucket),
    header<&copy_object::copy_source>("CopySource", "x-amz-copy-source").verify(check_copy_source),
    uri<&copy_object::key>("Key").verify(check_key),
    header<&copy_object::acl>("ACL", "x-amz-acl").one_of(object_canned_acl::values),
    header<&copy_object::cache_control>("CacheControl", "Cache-Control"),
    header<&copy_object::checksum_algorithm>("ChecksumAlgorithm", "x-amz-checksum-algorithm")
        .one_of(checksum_algorithm::values),
    header<&copy_object::content_disposition>("ContentDisposition", "Content-Disposition"),
    header<&copy_object::content_encoding>("ContentEncoding", "Content-Encoding"),
    header<&copy_object::content_language>("ContentLanguage", "Content-Language"),
    header<&copy_object::content_type>("ContentType", "Content-Type"),
    header<&copy_object::copy_source_if_match>("CopySourceIfMatch", "x-amz-copy-source-if-match"),
    header<&copy_object::copy_source_if_modified_since>("CopySourceIfModifiedSince",
                                                        "x-amz-copy-source-if-modified-since"),
    header<&copy_object::copy_source_if_none_match>("CopySourceIfNoneMatch",
                                                    "x-amz-copy-source-if-none-match"),
    header<&copy_object::copy_source_if_unmodified_since>("CopySourceIfUnmodifiedSince",
                                                          "x-amz-copy-source-if-unmodified-since"),
    header<&copy_object::expires>("Expires", "Expires"),
    header<&copy_object::grant_full_control>("GrantFullControl", "x-amz-grant-full-control"),
    header<&copy_object::grant_read>("GrantRead", "x-amz-grant-read"),
    header<&copy_object::grant_read_acp>("GrantReadACP", "x-amz-grant-read-acp"),
    header<&copy_object::grant_write_acp>("GrantWriteACP", "x-amz-grant-write-acp"),
    header<&copy_object::if_match>("IfMatch", "If-Match").makes_conditional(),
    header<&copy_object::if_none_match>("IfNoneMatch", "If-None-Match").makes_conditional(),
    prefix_headers<&copy_object::metadata>("Metadata", "x-amz-meta-"),
    header<&copy_object::metadata_directive>("MetadataDirective", "x-amz-metadata-directive")
        .one_of(metadata_directive::values),
    header<&copy_object::tagging_directive>("TaggingDirective", "x-amz-tagging-directive")
        .one_of(tagging_directive::values),
    header<&copy_object::annotation_directive>("AnnotationDirective",
                                               "x-amz-object-annotation-directive")
        .one_of(annotation_directive::values),
    header<&copy_object::server_side_encryption>("ServerSideEncryption",
                                                 "x-amz-server-side-encryption")
        .one_of(server_side_encryption::values),
    header<&copy_object::storage_class>("StorageClass", "x-amz-storage-class")
        .one_of(storage_class::values),
    header<&copy_object::website_redirect_location>("WebsiteRedirectLocation",
                                                    "x-amz-website-redirect-location"),
    header<&copy_object::sse_customer_algorithm>("SSECustomerAlgorithm",
                                                 "x-amz-server-side-encryption-customer-algorithm"),
    header<&copy_object::sse_customer_key>("SSECustomerKey",
                                           "x-amz-server-side-encryption-customer-key"),
    header<&copy_object::sse_customer_key_md5>("SSECustomerKeyMD5",
                                               "x-amz-server-side-encryption-customer-key-MD5"),
    header<&copy_object::sse_kms_key_id>("SSEKMSKeyId",
                                         "x-amz-server-side-encryption-aws-kms-key-id"),
    header<&copy_object::sse_kms_encryption_context>("SSEKMSEncryptionContext",
                                                     "x-amz-server-side-encryption-context"),
    header<&copy_object::bucket_key_enabled>("BucketKeyEnabled",
                                             "x-amz-server-side-encryption-bucket-key-enabled"),
    header<&copy_object::copy_source_sse_customer_algorithm>(
        "CopySourceSSECustomerAlgorithm",
        "x-amz-copy-source-server-side-encryption-customer-algorithm"),
    header<&copy_object::copy_source_sse_customer_key>(
        "CopySourceSSECustomerKey", "x-amz-copy-source-server-side-encryption-customer-key"),
    header<&copy_object::copy_source_sse_customer_key_md5>(
        "CopySourceSSECustomerKeyMD5", "x-amz-copy-source-server-side-encryption-customer-key-MD5"),
    header<&copy_object::request_payer>("RequestPayer", "x-amz-request-payer")
        .one_of(request_payer::values),
    header<&copy_object::tagging>("Tagging", "x-amz-tagging"),
    header<&copy_object::object_lock_mode>("ObjectLockMode", "x-amz-object-lock-mode")
        .one_of(object_lock_mode::values),
    header<&copy_object::object_lock_retain_until_date>("ObjectLockRetainUntilDate",
                                                        "x-amz-object-lock-retain-until-date")
        .as(time_format::iso8601),
    header<&copy_object::object_lock_legal_hold_status>("ObjectLockLegalHoldStatus",
                                                        "x-amz-object-lock-legal-hold")
        .one_of(object_lock_legal_hold_status::values),
    header<&copy_object::expected_bucket_owner>("ExpectedBucketOwner",
                                                "x-amz-expected-bucket-owner"),
    header<&copy_object::expected_source_bucket_owner>("ExpectedSourceBucketOwner",
                                                       "x-amz-source-expected-bucket-owner"),
};

constexpr std::array copy_object_result_rows{
    element<&copy_object_result::etag>("ETag"),
    element<&copy_object_result::last_modified>("LastModified"),
    element<&copy_object_result::checksum_type>("ChecksumType").one_of(checksum_type::values),
    element<&copy_object_result::checksum_crc32>("ChecksumCRC32"),
    element<&copy_object_result::checksum_crc32c>("ChecksumCRC32C"),
    element<&copy_object_result::checksum_crc64nvme>("ChecksumCRC64NVME"),
    element<&copy_object_result::checksum_sha1>("ChecksumSHA1"),
    element<&copy_object_result::checksum_sha256>("ChecksumSHA256"),
    element<&copy_object_result::checksum_sha512>("ChecksumSHA512"),
    element<&copy_object_result::checksum_md5>("ChecksumMD5"),
    element<&copy_object_result::checksum_xxhash64>("ChecksumXXHASH64"),
    element<&copy_object_result::checksum_xxhash3>("ChecksumXXHASH3"),
    element<&copy_object_result::checksum_xxhash128>("ChecksumXXHASH128"),
};
constexpr shape copy_object_result_shape{"CopyObjectResult", copy_object_result_rows};

constexpr std::array output{
    payload<&copy_object_output::copy_object_result>("CopyObjectResult")
        .of(copy_object_result_shape),
    header<&copy_object_output::expiration>("Expiration", "x-amz-expiration"),
    header<&copy_object_output::copy_source_version_id>("CopySourceVersionId",
                                                        "x-amz-copy-source-version-id"),
    header<&copy_object_output::version_id>("VersionId", "x-amz-version-id"),
    header<&copy_object_output::server_side_encryption>("ServerSideEncryption",
                                                        "x-amz-server-side-encryption")
        .one_of(server_side_encryption::values),
    header<&copy_object_output::sse_customer_algorithm>(
        "SSECustomerAlgorithm", "x-amz-server-side-encryption-customer-algorithm"),
    header<&copy_object_output::sse_customer_key_md5>(
        "SSECustomerKeyMD5", "x-amz-server-side-encryption-customer-key-MD5"),
    header<&copy_object_output::sse_kms_key_id>("SSEKMSKeyId",
                                                "x-amz-server-side-encryption-aws-kms-key-id"),
    header<&copy_object_output::sse_kms_encryption_context>("SSEKMSEncryptionContext",
                                                            "x-amz-server-side-encryption-context"),
    header<&copy_object_output::bucket_key_enabled>(
        "BucketKeyEnabled", "x-amz-server-side-encryption-bucket-key-enabled"),
    header<&copy_object_output::request_charged>("RequestCharged", "x-amz-request-charged")
        .one_of(request_charged::values),
};

constexpr std::array<std::string_view, 1> errors{"ObjectNotInActiveTierError"};

constexpr operation_table table{
    .name = "CopyObject",
    .method = "PUT",
    .path = "/{Bucket}/{Key+}",
    .input = input,
    .output = output,
    .reply_root = "CopyObjectResult",
    .modifies = true,
    .error_in_200 = true,
    .errors = errors,
};

}  // namespace

copy_source::copy_source(std::string b, std::string k) : bucket(std::move(b)), key(std::move(k)) {}

copy_object::copy_object(std::string b, std::string k, s3::copy_source source)
    : bucket(std::move(b)), key(std::move(k)), copy_source(std::move(source)) {}

template <>
const operation_table& table_of<copy_object>() {
    return table;
}

template awaitable<result<copy_object_output>> client::send(s3::copy_object) const;

}  // namespace cairn::s3
