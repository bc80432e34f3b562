#include "s3/operations/shapes.hpp"
#include "s3/rows.hpp"
#include "s3/send.hpp"
#include "s3/validate.hpp"

#include <cairn/s3/operations/get_object_tagging.hpp>

#include <array>
#include <utility>

namespace cairn::s3 {
namespace {

using namespace rows;

constexpr std::array input{
    uri<&get_object_tagging::bucket>("Bucket").verify(check_bucket),
    uri<&get_object_tagging::key>("Key").verify(check_key),
    query<&get_object_tagging::version_id>("VersionId", "versionId"),
    header<&get_object_tagging::expected_bucket_owner>("ExpectedBucketOwner",
                                                       "x-amz-expected-bucket-owner"),
    header<&get_object_tagging::request_payer>("RequestPayer", "x-amz-request-payer")
        .one_of(request_payer::values),
};

constexpr std::array output{
    header<&get_object_tagging_output::version_id>("VersionId", "x-amz-version-id"),
    element<&get_object_tagging_output::tag_set>("TagSet").items("Tag").of(tag_shape).require(),
};

constexpr operation_table table{
    .name = "GetObjectTagging",
    .method = "GET",
    .path = "/{Bucket}/{Key+}?tagging",
    .input = input,
    .output = output,
    .reply_root = "Tagging",
};

}  // namespace

get_object_tagging::get_object_tagging(std::string b, std::string k)
    : bucket(std::move(b)), key(std::move(k)) {}

template <>
const operation_table& table_of<get_object_tagging>() {
    return table;
}

template awaitable<result<get_object_tagging_output>> client::send(s3::get_object_tagging) const;

}  // namespace cairn::s3
