#include "s3/operations/shapes.hpp"
#include "s3/rows.hpp"
#include "s3/send.hpp"
#include "s3/validate.hpp"

#include <cairn/s3/operations/list_parts.hpp>

#include <array>
#include <utility>

namespace cairn::s3 {
namespace {

using namespace rows;

constexpr std::array input{
    uri<&list_parts::bucket>("Bucket").verify(check_bucket),
    uri<&list_parts::key>("Key").verify(check_key),
    query<&list_parts::upload_id>("UploadId", "uploadId").verify(check_upload_id),
    query<&list_parts::max_parts>("MaxParts", "max-parts"),
    query<&list_parts::part_number_marker>("PartNumberMarker", "part-number-marker"),
    header<&list_parts::request_payer>("RequestPayer", "x-amz-request-payer")
        .one_of(request_payer::values),
    header<&list_parts::expected_bucket_owner>("ExpectedBucketOwner",
                                               "x-amz-expected-bucket-owner"),
    header<&list_parts::sse_customer_algorithm>("SSECustomerAlgorithm",
                                                "x-amz-server-side-encryption-customer-algorithm"),
    header<&list_parts::sse_customer_key>("SSECustomerKey",
                                          "x-amz-server-side-encryption-customer-key"),
    header<&list_parts::sse_customer_key_md5>("SSECustomerKeyMD5",
                                              "x-amz-server-side-encryption-customer-key-MD5"),
};

constexpr std::array part_rows{
    element<&part::part_number>("PartNumber"),
    element<&part::last_modified>("LastModified"),
    element<&part::etag>("ETag"),
    element<&part::size>("Size"),
    element<&part::checksum_crc32>("ChecksumCRC32"),
    element<&part::checksum_crc32c>("ChecksumCRC32C"),
    element<&part::checksum_crc64nvme>("ChecksumCRC64NVME"),
    element<&part::checksum_sha1>("ChecksumSHA1"),
    element<&part::checksum_sha256>("ChecksumSHA256"),
    element<&part::checksum_sha512>("ChecksumSHA512"),
    element<&part::checksum_md5>("ChecksumMD5"),
    element<&part::checksum_xxhash64>("ChecksumXXHASH64"),
    element<&part::checksum_xxhash3>("ChecksumXXHASH3"),
    element<&part::checksum_xxhash128>("ChecksumXXHASH128"),
};
constexpr shape part_shape{"Part", part_rows};

constexpr std::array output{
    header<&list_parts_output::abort_date>("AbortDate", "x-amz-abort-date"),
    header<&list_parts_output::abort_rule_id>("AbortRuleId", "x-amz-abort-rule-id"),
    element<&list_parts_output::bucket>("Bucket"),
    element<&list_parts_output::key>("Key"),
    element<&list_parts_output::upload_id>("UploadId"),
    element<&list_parts_output::part_number_marker>("PartNumberMarker"),
    element<&list_parts_output::next_part_number_marker>("NextPartNumberMarker"),
    element<&list_parts_output::max_parts>("MaxParts"),
    element<&list_parts_output::is_truncated>("IsTruncated"),
    element<&list_parts_output::parts>("Parts", "Part").flatten().of(part_shape),
    element<&list_parts_output::initiator>("Initiator").of(initiator_shape),
    element<&list_parts_output::owner>("Owner").of(owner_shape),
    element<&list_parts_output::storage_class>("StorageClass").one_of(storage_class::values),
    header<&list_parts_output::request_charged>("RequestCharged", "x-amz-request-charged")
        .one_of(request_charged::values),
    element<&list_parts_output::checksum_algorithm>("ChecksumAlgorithm")
        .one_of(checksum_algorithm::values),
    element<&list_parts_output::checksum_type>("ChecksumType").one_of(checksum_type::values),
};

constexpr operation_table table{
    .name = "ListParts",
    .method = "GET",
    .path = "/{Bucket}/{Key+}",
    .input = input,
    .output = output,
    .reply_root = "ListPartsResult",
};

}  // namespace

list_parts::list_parts(std::string b, std::string k, std::string id)
    : bucket(std::move(b)), key(std::move(k)), upload_id(std::move(id)) {}

template <>
const operation_table& table_of<list_parts>() {
    return table;
}

template awaitable<result<list_parts_output>> client::send(s3::list_parts) const;

}  // namespace cairn::s3
