#include "s3/rows.hpp"
#include "s3/send.hpp"
#include "s3/validate.hpp"

#include <cairn/s3/operations/create_multipart_upload.hpp>

#include <array>
#include <utility>

namespace cairn::s3 {
namespace {

using namespace rows;

constexpr std::array input{
    uri<&create_multipart_upload::bucket>("Bucket").verify(check_bucket),
    uri<&create_multipart_upload::key>("Key").verify(check_key),
    header<&create_multipart_upload::acl>("ACL", "x-amz-acl").one_of(object_canned_acl::values),
    header<&create_multipart_upload::cache_control>("CacheControl", "Cache-Control"),
    header<&create_multipart_upload::content_disposition>("ContentDisposition",
                                                          "Content-Disposition"),
    header<&create_multipart_upload::content_encoding>("ContentEncoding", "Content-Encoding"),
    header<&create_multipart_upload::content_language>("ContentLanguage", "Content-Language"),
    header<&create_multipart_upload::content_type>("ContentType", "Content-Type"),
    header<&create_multipart_upload::expires>("Expires", "Expires"),
    header<&create_multipart_upload::grant_full_control>("GrantFullControl",
                                                         "x-amz-grant-full-control"),
    header<&create_multipart_upload::grant_read>("GrantRead", "x-amz-grant-read"),
    header<&create_multipart_upload::grant_read_acp>("GrantReadACP", "x-amz-grant-read-acp"),
    header<&create_multipart_upload::grant_write_acp>("GrantWriteACP", "x-amz-grant-write-acp"),
    prefix_headers<&create_multipart_upload::metadata>("Metadata", "x-amz-meta-"),
    header<&create_multipart_upload::server_side_encryption>("ServerSideEncryption",
                                                             "x-amz-server-side-encryption")
        .one_of(server_side_encryption::values),
    header<&create_multipart_upload::storage_class>("StorageClass", "x-amz-storage-class")
        .one_of(storage_class::values),
    header<&create_multipart_upload::website_redirect_location>("WebsiteRedirectLocation",
                                                                "x-amz-website-redirect-location"),
    header<&create_multipart_upload::sse_customer_algorithm>(
        "SSECustomerAlgorithm", "x-amz-server-side-encryption-customer-algorithm"),
    header<&create_multipart_upload::sse_customer_key>("SSECustomerKey",
                                                       "x-amz-server-side-encryption-customer-key"),
    header<&create_multipart_upload::sse_customer_key_md5>(
        "SSECustomerKeyMD5", "x-amz-server-side-encryption-customer-key-MD5"),
    header<&create_multipart_upload::sse_kms_key_id>("SSEKMSKeyId",
                                                     "x-amz-server-side-encryption-aws-kms-key-id"),
    header<&create_multipart_upload::sse_kms_encryption_context>(
        "SSEKMSEncryptionContext", "x-amz-server-side-encryption-context"),
    header<&create_multipart_upload::bucket_key_enabled>(
        "BucketKeyEnabled", "x-amz-server-side-encryption-bucket-key-enabled"),
    header<&create_multipart_upload::request_payer>("RequestPayer", "x-amz-request-payer")
        .one_of(request_payer::values),
    header<&create_multipart_upload::tagging>("Tagging", "x-amz-tagging"),
    header<&create_multipart_upload::object_lock_mode>("ObjectLockMode", "x-amz-object-lock-mode")
        .one_of(object_lock_mode::values),
    header<&create_multipart_upload::object_lock_retain_until_date>(
        "ObjectLockRetainUntilDate", "x-amz-object-lock-retain-until-date")
        .as(time_format::iso8601),
    header<&create_multipart_upload::object_lock_legal_hold_status>("ObjectLockLegalHoldStatus",
                                                                    "x-amz-object-lock-legal-hold")
        .one_of(object_lock_legal_hold_status::values),
    header<&create_multipart_upload::expected_bucket_owner>("ExpectedBucketOwner",
                                                            "x-amz-expected-bucket-owner"),
    header<&create_multipart_upload::checksum_algorithm>("ChecksumAlgorithm",
                                                         "x-amz-checksum-algorithm")
        .one_of(checksum_algorithm::values),
    header<&create_multipart_upload::checksum_type>("ChecksumType", "x-amz-checksum-type")
        .one_of(checksum_type::values),
};

constexpr std::array output{
    element<&create_multipart_upload_output::upload_id>("UploadId").require(),
    header<&create_multipart_upload_output::abort_date>("AbortDate", "x-amz-abort-date"),
    header<&create_multipart_upload_output::abort_rule_id>("AbortRuleId", "x-amz-abort-rule-id"),
    element<&create_multipart_upload_output::bucket>("Bucket"),
    element<&create_multipart_upload_output::key>("Key"),
    header<&create_multipart_upload_output::server_side_encryption>("ServerSideEncryption",
                                                                    "x-amz-server-side-encryption")
        .one_of(server_side_encryption::values),
    header<&create_multipart_upload_output::sse_customer_algorithm>(
        "SSECustomerAlgorithm", "x-amz-server-side-encryption-customer-algorithm"),
    header<&create_multipart_upload_output::sse_customer_key_md5>(
        "SSECustomerKeyMD5", "x-amz-server-side-encryption-customer-key-MD5"),
    header<&create_multipart_upload_output::sse_kms_key_id>(
        "SSEKMSKeyId", "x-amz-server-side-encryption-aws-kms-key-id"),
    header<&create_multipart_upload_output::sse_kms_encryption_context>(
        "SSEKMSEncryptionContext", "x-amz-server-side-encryption-context"),
    header<&create_multipart_upload_output::bucket_key_enabled>(
        "BucketKeyEnabled", "x-amz-server-side-encryption-bucket-key-enabled"),
    header<&create_multipart_upload_output::request_charged>("RequestCharged",
                                                             "x-amz-request-charged")
        .one_of(request_charged::values),
    header<&create_multipart_upload_output::checksum_algorithm>("ChecksumAlgorithm",
                                                                "x-amz-checksum-algorithm")
        .one_of(checksum_algorithm::values),
    header<&create_multipart_upload_output::checksum_type>("ChecksumType", "x-amz-checksum-type")
        .one_of(checksum_type::values),
};

// Sent twice, it leaves an upload without parts behind. That costs nothing; failing would.
constexpr operation_table table{
    .name = "CreateMultipartUpload",
    .method = "POST",
    .path = "/{Bucket}/{Key+}?uploads",
    .input = input,
    .output = output,
    .reply_root = "InitiateMultipartUploadResult",
    .modifies = true,
};

}  // namespace

create_multipart_upload::create_multipart_upload(std::string b, std::string k)
    : bucket(std::move(b)), key(std::move(k)) {}

template <>
const operation_table& table_of<create_multipart_upload>() {
    return table;
}

template awaitable<result<create_multipart_upload_output>> client::send(
    s3::create_multipart_upload) const;

}  // namespace cairn::s3
