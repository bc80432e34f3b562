#include "s3/rows.hpp"
#include "s3/send.hpp"
#include "s3/validate.hpp"

#include <cairn/s3/operations/upload_part.hpp>

#include <array>
#include <utility>

namespace cairn::s3 {
namespace {

using namespace rows;

constexpr std::array input{
    uri<&upload_part::bucket>("Bucket").verify(check_bucket),
    uri<&upload_part::key>("Key").verify(check_key),
    query<&upload_part::upload_id>("UploadId", "uploadId").verify(check_upload_id),
    query<&upload_part::part_number>("PartNumber", "partNumber").verify(check_part_number),
    stream<&upload_part::body>("Body"),
    header<&upload_part::content_length>("ContentLength", "Content-Length").leave_to_framing(),
    header<&upload_part::content_md5>("ContentMD5", "Content-MD5"),
    header<&upload_part::checksum_algorithm>("ChecksumAlgorithm", "x-amz-sdk-checksum-algorithm")
        .one_of(checksum_algorithm::values),
    header<&upload_part::checksum_crc32>("ChecksumCRC32", "x-amz-checksum-crc32"),
    header<&upload_part::checksum_crc32c>("ChecksumCRC32C", "x-amz-checksum-crc32c"),
    header<&upload_part::checksum_crc64nvme>("ChecksumCRC64NVME", "x-amz-checksum-crc64nvme"),
    header<&upload_part::checksum_sha1>("ChecksumSHA1", "x-amz-checksum-sha1"),
    header<&upload_part::checksum_sha256>("ChecksumSHA256", "x-amz-checksum-sha256"),
    header<&upload_part::checksum_sha512>("ChecksumSHA512", "x-amz-checksum-sha512"),
    header<&upload_part::checksum_md5>("ChecksumMD5", "x-amz-checksum-md5"),
    header<&upload_part::checksum_xxhash64>("ChecksumXXHASH64", "x-amz-checksum-xxhash64"),
    header<&upload_part::checksum_xxhash3>("ChecksumXXHASH3", "x-amz-checksum-xxhash3"),
    header<&upload_part::checksum_xxhash128>("ChecksumXXHASH128", "x-amz-checksum-xxhash128"),
    header<&upload_part::sse_customer_algorithm>("SSECustomerAlgorithm",
                                                 "x-amz-server-side-encryption-customer-algorithm"),
    header<&upload_part::sse_customer_key>("SSECustomerKey",
                                           "x-amz-server-side-encryption-customer-key"),
    header<&upload_part::sse_customer_key_md5>("SSECustomerKeyMD5",
                                               "x-amz-server-side-encryption-customer-key-MD5"),
    header<&upload_part::request_payer>("RequestPayer", "x-amz-request-payer")
        .one_of(request_payer::values),
    header<&upload_part::expected_bucket_owner>("ExpectedBucketOwner",
                                                "x-amz-expected-bucket-owner"),
};

constexpr std::array output{
    header<&upload_part_output::server_side_encryption>("ServerSideEncryption",
                                                        "x-amz-server-side-encryption")
        .one_of(server_side_encryption::values),
    header<&upload_part_output::etag>("ETag", "ETag"),
    header<&upload_part_output::checksum_crc32>("ChecksumCRC32", "x-amz-checksum-crc32"),
    header<&upload_part_output::checksum_crc32c>("ChecksumCRC32C", "x-amz-checksum-crc32c"),
    header<&upload_part_output::checksum_crc64nvme>("ChecksumCRC64NVME",
                                                    "x-amz-checksum-crc64nvme"),
    header<&upload_part_output::checksum_sha1>("ChecksumSHA1", "x-amz-checksum-sha1"),
    header<&upload_part_output::checksum_sha256>("ChecksumSHA256", "x-amz-checksum-sha256"),
    header<&upload_part_output::checksum_sha512>("ChecksumSHA512", "x-amz-checksum-sha512"),
    header<&upload_part_output::checksum_md5>("ChecksumMD5", "x-amz-checksum-md5"),
    header<&upload_part_output::checksum_xxhash64>("ChecksumXXHASH64", "x-amz-checksum-xxhash64"),
    header<&upload_part_output::checksum_xxhash3>("ChecksumXXHASH3", "x-amz-checksum-xxhash3"),
    header<&upload_part_output::checksum_xxhash128>("ChecksumXXHASH128",
                                                    "x-amz-checksum-xxhash128"),
    header<&upload_part_output::sse_customer_algorithm>(
        "SSECustomerAlgorithm", "x-amz-server-side-encryption-customer-algorithm"),
    header<&upload_part_output::sse_customer_key_md5>(
        "SSECustomerKeyMD5", "x-amz-server-side-encryption-customer-key-MD5"),
    header<&upload_part_output::sse_kms_key_id>("SSEKMSKeyId",
                                                "x-amz-server-side-encryption-aws-kms-key-id"),
    header<&upload_part_output::bucket_key_enabled>(
        "BucketKeyEnabled", "x-amz-server-side-encryption-bucket-key-enabled"),
    header<&upload_part_output::request_charged>("RequestCharged", "x-amz-request-charged")
        .one_of(request_charged::values),
};

constexpr operation_table table{
    .name = "UploadPart",
    .method = "PUT",
    .path = "/{Bucket}/{Key+}",
    .input = input,
    .output = output,
    .modifies = true,
};

}  // namespace

upload_part::upload_part(std::string b, std::string k, std::string id, std::int64_t number)
    : bucket(std::move(b)), key(std::move(k)), upload_id(std::move(id)), part_number(number) {}

template <>
const operation_table& table_of<upload_part>() {
    return table;
}

template awaitable<result<upload_part_output>> client::send(s3::upload_part) const;

}  // namespace cairn::s3
