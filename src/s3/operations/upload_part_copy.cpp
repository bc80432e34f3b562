#include "s3/rows.hpp"
#include "s3/send.hpp"
#include "s3/validate.hpp"

#include <cairn/s3/operations/upload_part_copy.hpp>

#include <array>
#include <utility>

namespace cairn::s3 {
namespace {

using namespace rows;

constexpr std::array input{
    uri<&upload_part_copy::bucket>("Bucket").verify(check_bucket),
    uri<&upload_part_copy::key>("Key").verify(check_key),
    query<&upload_part_copy::upload_id>("UploadId", "uploadId").verify(check_upload_id),
    query<&upload_part_copy::part_number>("PartNumber", "partNumber").verify(check_part_number),
    header<&upload_part_copy::copy_source>("CopySource", "x-amz-copy-source")
        .verify(check_copy_source),
    header<&upload_part_copy::copy_source_range>("CopySourceRange", "x-amz-copy-source-range"),
    header<&upload_part_copy::copy_source_if_match>("CopySourceIfMatch",
                                                    "x-amz-copy-source-if-match"),
    header<&upload_part_copy::copy_source_if_modified_since>("CopySourceIfModifiedSince",
                                                             "x-amz-copy-source-if-modified-since"),
    header<&upload_part_copy::copy_source_if_none_match>("CopySourceIfNoneMatch",
                                                         "x-amz-copy-source-if-none-match"),
    header<&upload_part_copy::copy_source_if_unmodified_since>(
        "CopySourceIfUnmodifiedSince", "x-amz-copy-source-if-unmodified-since"),
    header<&upload_part_copy::sse_customer_algorithm>(
        "SSECustomerAlgorithm", "x-amz-server-side-encryption-customer-algorithm"),
    header<&upload_part_copy::sse_customer_key>("SSECustomerKey",
                                                "x-amz-server-side-encryption-customer-key"),
    header<&upload_part_copy::sse_customer_key_md5>(
        "SSECustomerKeyMD5", "x-amz-server-side-encryption-customer-key-MD5"),
    header<&upload_part_copy::copy_source_sse_customer_algorithm>(
        "CopySourceSSECustomerAlgorithm",
        "x-amz-copy-source-server-side-encryption-customer-algorithm"),
    header<&upload_part_copy::copy_source_sse_customer_key>(
        "CopySourceSSECustomerKey", "x-amz-copy-source-server-side-encryption-customer-key"),
    header<&upload_part_copy::copy_source_sse_customer_key_md5>(
        "CopySourceSSECustomerKeyMD5", "x-amz-copy-source-server-side-encryption-customer-key-MD5"),
    header<&upload_part_copy::request_payer>("RequestPayer", "x-amz-request-payer")
        .one_of(request_payer::values),
    header<&upload_part_copy::expected_bucket_owner>("ExpectedBucketOwner",
                                                     "x-amz-expected-bucket-owner"),
    header<&upload_part_copy::expected_source_bucket_owner>("ExpectedSourceBucketOwner",
                                                            "x-amz-source-expected-bucket-owner"),
};

constexpr std::array copy_part_result_rows{
    element<&copy_part_result::etag>("ETag"),
    element<&copy_part_result::last_modified>("LastModified"),
    element<&copy_part_result::checksum_crc32>("ChecksumCRC32"),
    element<&copy_part_result::checksum_crc32c>("ChecksumCRC32C"),
    element<&copy_part_result::checksum_crc64nvme>("ChecksumCRC64NVME"),
    element<&copy_part_result::checksum_sha1>("ChecksumSHA1"),
    element<&copy_part_result::checksum_sha256>("ChecksumSHA256"),
    element<&copy_part_result::checksum_sha512>("ChecksumSHA512"),
    element<&copy_part_result::checksum_md5>("ChecksumMD5"),
    element<&copy_part_result::checksum_xxhash64>("ChecksumXXHASH64"),
    element<&copy_part_result::checksum_xxhash3>("ChecksumXXHASH3"),
    element<&copy_part_result::checksum_xxhash128>("ChecksumXXHASH128"),
};
constexpr shape copy_part_result_shape{"CopyPartResult", copy_part_result_rows};

constexpr std::array output{
    payload<&upload_part_copy_output::copy_part_result>("CopyPartResult")
        .of(copy_part_result_shape),
    header<&upload_part_copy_output::copy_source_version_id>("CopySourceVersionId",
                                                             "x-amz-copy-source-version-id"),
    header<&upload_part_copy_output::server_side_encryption>("ServerSideEncryption",
                                                             "x-amz-server-side-encryption")
        .one_of(server_side_encryption::values),
    header<&upload_part_copy_output::sse_customer_algorithm>(
        "SSECustomerAlgorithm", "x-amz-server-side-encryption-customer-algorithm"),
    header<&upload_part_copy_output::sse_customer_key_md5>(
        "SSECustomerKeyMD5", "x-amz-server-side-encryption-customer-key-MD5"),
    header<&upload_part_copy_output::sse_kms_key_id>("SSEKMSKeyId",
                                                     "x-amz-server-side-encryption-aws-kms-key-id"),
    header<&upload_part_copy_output::bucket_key_enabled>(
        "BucketKeyEnabled", "x-amz-server-side-encryption-bucket-key-enabled"),
    header<&upload_part_copy_output::request_charged>("RequestCharged", "x-amz-request-charged")
        .one_of(request_charged::values),
};

constexpr operation_table table{
    .name = "UploadPartCopy",
    .method = "PUT",
    .path = "/{Bucket}/{Key+}",
    .input = input,
    .output = output,
    .reply_root = "CopyPartResult",
    .modifies = true,
    .error_in_200 = true,
};

}  // namespace

upload_part_copy::upload_part_copy(std::string b, std::string k, std::string id,
                                   std::int64_t number, s3::copy_source source)
    : bucket(std::move(b)),
      key(std::move(k)),
      upload_id(std::move(id)),
      part_number(number),
      copy_source(std::move(source)) {}

template <>
const operation_table& table_of<upload_part_copy>() {
    return table;
}

template awaitable<result<upload_part_copy_output>> client::send(s3::upload_part_copy) const;

}  // namespace cairn::s3
