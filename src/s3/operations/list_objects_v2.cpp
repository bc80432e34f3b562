#include "s3/operations/shapes.hpp"
#include "s3/rows.hpp"
#include "s3/send.hpp"
#include "s3/validate.hpp"

#include <cairn/s3/operations/list_objects_v2.hpp>

#include <array>
#include <utility>

namespace cairn::s3 {
namespace {

using namespace rows;

constexpr std::array input{
    uri<&list_objects_v2::bucket>("Bucket").verify(check_bucket),
    query<&list_objects_v2::delimiter>("Delimiter", "delimiter"),
    query<&list_objects_v2::encoding_type>("EncodingType", "encoding-type")
        .one_of(encoding_type::values)
        .or_send("url"),
    query<&list_objects_v2::max_keys>("MaxKeys", "max-keys"),
    query<&list_objects_v2::prefix>("Prefix", "prefix"),
    query<&list_objects_v2::continuation_token>("ContinuationToken", "continuation-token"),
    query<&list_objects_v2::fetch_owner>("FetchOwner", "fetch-owner"),
    query<&list_objects_v2::start_after>("StartAfter", "start-after"),
    header<&list_objects_v2::request_payer>("RequestPayer", "x-amz-request-payer")
        .one_of(request_payer::values),
    header<&list_objects_v2::expected_bucket_owner>("ExpectedBucketOwner",
                                                    "x-amz-expected-bucket-owner"),
    header<&list_objects_v2::optional_object_attributes>("OptionalObjectAttributes",
                                                         "x-amz-optional-object-attributes")
        .one_of(optional_object_attributes::values),
};

constexpr std::array restore_status_rows{
    element<&restore_status::is_restore_in_progress>("IsRestoreInProgress"),
    element<&restore_status::restore_expiry_date>("RestoreExpiryDate"),
};
constexpr shape restore_status_shape{"RestoreStatus", restore_status_rows};

constexpr std::array object_rows{
    element<&object::key>("Key").decode_url(),
    element<&object::last_modified>("LastModified"),
    element<&object::etag>("ETag"),
    element<&object::checksum_algorithm>("ChecksumAlgorithm")
        .flatten()
        .one_of(checksum_algorithm::values),
    element<&object::checksum_type>("ChecksumType").one_of(checksum_type::values),
    element<&object::size>("Size"),
    element<&object::storage_class>("StorageClass").one_of(object_storage_class::values),
    element<&object::owner>("Owner").of(owner_shape),
    element<&object::restore_status>("RestoreStatus").of(restore_status_shape),
};
constexpr shape object_shape{"Object", object_rows};

constexpr std::array output{
    element<&list_objects_v2_output::is_truncated>("IsTruncated"),
    element<&list_objects_v2_output::contents>("Contents").flatten().of(object_shape),
    element<&list_objects_v2_output::name>("Name"),
    element<&list_objects_v2_output::prefix>("Prefix").decode_url(),
    element<&list_objects_v2_output::delimiter>("Delimiter").decode_url(),
    element<&list_objects_v2_output::max_keys>("MaxKeys"),
    element<&list_objects_v2_output::common_prefixes>("CommonPrefixes")
        .flatten()
        .of(common_prefix_shape),
    element<&list_objects_v2_output::encoding_type>("EncodingType").one_of(encoding_type::values),
    element<&list_objects_v2_output::key_count>("KeyCount"),
    element<&list_objects_v2_output::continuation_token>("ContinuationToken"),
    element<&list_objects_v2_output::next_continuation_token>("NextContinuationToken"),
    element<&list_objects_v2_output::start_after>("StartAfter").decode_url(),
    header<&list_objects_v2_output::request_charged>("RequestCharged", "x-amz-request-charged")
        .one_of(request_charged::values),
};

constexpr std::array<std::string_view, 1> errors{"NoSuchBucket"};

constexpr operation_table table{
    .name = "ListObjectsV2",
    .method = "GET",
    .path = "/{Bucket}?list-type=2",
    .input = input,
    .output = output,
    .reply_root = "ListBucketResult",
    .errors = errors,
};

}  // namespace

list_objects_v2::list_objects_v2(std::string b) : bucket(std::move(b)) {}

template <>
const operation_table& table_of<list_objects_v2>() {
    return table;
}

template awaitable<result<list_objects_v2_output>> client::send(s3::list_objects_v2) const;

}  // namespace cairn::s3
