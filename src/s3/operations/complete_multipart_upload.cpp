#include "s3/rows.hpp"
#include "s3/send.hpp"
#include "s3/validate.hpp"

#include <cairn/s3/operations/complete_multipart_upload.hpp>

#include <array>
#include <utility>

namespace cairn::s3 {
namespace {

using namespace rows;

constexpr std::array completed_part_rows{
    element<&completed_part::part_number>("PartNumber").verify(check_part_number),
    element<&completed_part::etag>("ETag"),
    element<&completed_part::checksum_crc32>("ChecksumCRC32"),
    element<&completed_part::checksum_crc32c>("ChecksumCRC32C"),
    element<&completed_part::checksum_crc64nvme>("ChecksumCRC64NVME"),
    element<&completed_part::checksum_sha1>("ChecksumSHA1"),
    element<&completed_part::checksum_sha256>("ChecksumSHA256"),
    element<&completed_part::checksum_sha512>("ChecksumSHA512"),
    element<&completed_part::checksum_md5>("ChecksumMD5"),
    element<&completed_part::checksum_xxhash64>("ChecksumXXHASH64"),
    element<&completed_part::checksum_xxhash3>("ChecksumXXHASH3"),
    element<&completed_part::checksum_xxhash128>("ChecksumXXHASH128"),
};
constexpr shape completed_part_shape{"CompletedPart", completed_part_rows};

constexpr std::array completed_multipart_upload_rows{
    element<&completed_multipart_upload::parts>("Parts", "Part")
        .flatten()
        .of(completed_part_shape)
        .verify(check_completed_parts),
};
constexpr shape completed_multipart_upload_shape{"CompletedMultipartUpload",
                                                 completed_multipart_upload_rows};

constexpr std::array input{
    uri<&complete_multipart_upload::bucket>("Bucket").verify(check_bucket),
    uri<&complete_multipart_upload::key>("Key").verify(check_key),
    query<&complete_multipart_upload::upload_id>("UploadId", "uploadId").verify(check_upload_id),
    payload<&complete_multipart_upload::multipart_upload>("MultipartUpload",
                                                          "CompleteMultipartUpload")
        .of(completed_multipart_upload_shape),
    header<&complete_multipart_upload::checksum_crc32>("ChecksumCRC32", "x-amz-checksum-crc32"),
    header<&complete_multipart_upload::checksum_crc32c>("ChecksumCRC32C", "x-amz-checksum-crc32c"),
    header<&complete_multipart_upload::checksum_crc64nvme>("ChecksumCRC64NVME",
                                                           "x-amz-checksum-crc64nvme"),
    header<&complete_multipart_upload::checksum_sha1>("ChecksumSHA1", "x-amz-checksum-sha1"),
    header<&complete_multipart_upload::checksum_sha256>("ChecksumSHA256", "x-amz-checksum-sha256"),
    header<&complete_multipart_upload::checksum_sha512>("ChecksumSHA512", "x-amz-checksum-sha512"),
    header<&complete_multipart_upload::checksum_md5>("ChecksumMD5", "x-amz-checksum-md5"),
    header<&complete_multipart_upload::checksum_xxhash64>("ChecksumXXHASH64",
                                                          "x-amz-checksum-xxhash64"),
    header<&complete_multipart_upload::checksum_xxhash3>("ChecksumXXHASH3",
                                                         "x-amz-checksum-xxhash3"),
    header<&complete_multipart_upload::checksum_xxhash128>("ChecksumXXHASH128",
                                                           "x-amz-checksum-xxhash128"),
    header<&complete_multipart_upload::checksum_type>("ChecksumType", "x-amz-checksum-type")
        .one_of(checksum_type::values),
    header<&complete_multipart_upload::mpu_object_size>("MpuObjectSize", "x-amz-mp-object-size"),
    header<&complete_multipart_upload::request_payer>("RequestPayer", "x-amz-request-payer")
        .one_of(request_payer::values),
    header<&complete_multipart_upload::expected_bucket_owner>("ExpectedBucketOwner",
                                                              "x-amz-expected-bucket-owner"),
    header<&complete_multipart_upload::if_match>("IfMatch", "If-Match").makes_conditional(),
    header<&complete_multipart_upload::if_none_match>("IfNoneMatch", "If-None-Match")
        .makes_conditional(),
    header<&complete_multipart_upload::sse_customer_algorithm>(
        "SSECustomerAlgorithm", "x-amz-server-side-encryption-customer-algorithm"),
    header<&complete_multipart_upload::sse_customer_key>(
        "SSECustomerKey", "x-amz-server-side-encryption-customer-key"),
    header<&complete_multipart_upload::sse_customer_key_md5>(
        "SSECustomerKeyMD5", "x-amz-server-side-encryption-customer-key-MD5"),
};

constexpr std::array output{
    element<&complete_multipart_upload_output::location>("Location"),
    element<&complete_multipart_upload_output::bucket>("Bucket"),
    element<&complete_multipart_upload_output::key>("Key"),
    header<&complete_multipart_upload_output::expiration>("Expiration", "x-amz-expiration"),
    element<&complete_multipart_upload_output::etag>("ETag"),
    element<&complete_multipart_upload_output::checksum_crc32>("ChecksumCRC32"),
    element<&complete_multipart_upload_output::checksum_crc32c>("ChecksumCRC32C"),
    element<&complete_multipart_upload_output::checksum_crc64nvme>("ChecksumCRC64NVME"),
    element<&complete_multipart_upload_output::checksum_sha1>("ChecksumSHA1"),
    element<&complete_multipart_upload_output::checksum_sha256>("ChecksumSHA256"),
    element<&complete_multipart_upload_output::checksum_sha512>("ChecksumSHA512"),
    element<&complete_multipart_upload_output::checksum_md5>("ChecksumMD5"),
    element<&complete_multipart_upload_output::checksum_xxhash64>("ChecksumXXHASH64"),
    element<&complete_multipart_upload_output::checksum_xxhash3>("ChecksumXXHASH3"),
    element<&complete_multipart_upload_output::checksum_xxhash128>("ChecksumXXHASH128"),
    element<&complete_multipart_upload_output::checksum_type>("ChecksumType")
        .one_of(checksum_type::values),
    header<&complete_multipart_upload_output::server_side_encryption>(
        "ServerSideEncryption", "x-amz-server-side-encryption")
        .one_of(server_side_encryption::values),
    header<&complete_multipart_upload_output::version_id>("VersionId", "x-amz-version-id"),
    header<&complete_multipart_upload_output::sse_kms_key_id>(
        "SSEKMSKeyId", "x-amz-server-side-encryption-aws-kms-key-id"),
    header<&complete_multipart_upload_output::bucket_key_enabled>(
        "BucketKeyEnabled", "x-amz-server-side-encryption-bucket-key-enabled"),
    header<&complete_multipart_upload_output::request_charged>("RequestCharged",
                                                               "x-amz-request-charged")
        .one_of(request_charged::values),
};

constexpr operation_table table{
    .name = "CompleteMultipartUpload",
    .method = "POST",
    .path = "/{Bucket}/{Key+}",
    .input = input,
    .output = output,
    .reply_root = "CompleteMultipartUploadResult",
    .modifies = true,
    .replayable = false,
    .error_in_200 = true,
};

}  // namespace

completed_part::completed_part(std::int64_t number, std::string tag)
    : part_number(number), etag(std::move(tag)) {}

complete_multipart_upload::complete_multipart_upload(std::string b, std::string k, std::string id)
    : bucket(std::move(b)), key(std::move(k)), upload_id(std::move(id)) {}

template <>
const operation_table& table_of<complete_multipart_upload>() {
    return table;
}

template awaitable<result<complete_multipart_upload_output>> client::send(
    s3::complete_multipart_upload) const;

}  // namespace cairn::s3
