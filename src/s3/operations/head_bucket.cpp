#include "s3/rows.hpp"
#include "s3/send.hpp"
#include "s3/validate.hpp"

#include <cairn/s3/operations/head_bucket.hpp>

#include <array>
#include <utility>

namespace cairn::s3 {
namespace {

using namespace rows;

constexpr std::array input{
    uri<&head_bucket::bucket>("Bucket").verify(check_bucket),
    header<&head_bucket::expected_bucket_owner>("ExpectedBucketOwner",
                                                "x-amz-expected-bucket-owner"),
};

constexpr std::array output{
    header<&head_bucket_output::bucket_arn>("BucketArn", "x-amz-bucket-arn"),
    header<&head_bucket_output::bucket_location_type>("BucketLocationType",
                                                      "x-amz-bucket-location-type")
        .one_of(location_type::values),
    header<&head_bucket_output::bucket_location_name>("BucketLocationName",
                                                      "x-amz-bucket-location-name"),
    header<&head_bucket_output::bucket_region>("BucketRegion", "x-amz-bucket-region"),
    header<&head_bucket_output::access_point_alias>("AccessPointAlias", "x-amz-access-point-alias"),
};

constexpr std::array<std::string_view, 1> errors{"NoSuchBucket"};

constexpr operation_table table{
    .name = "HeadBucket",
    .method = "HEAD",
    .path = "/{Bucket}",
    .input = input,
    .output = output,
    .errors = errors,
};

}  // namespace

head_bucket::head_bucket(std::string b) : bucket(std::move(b)) {}

template <>
const operation_table& table_of<head_bucket>() {
    return table;
}

template awaitable<result<head_bucket_output>> client::send(s3::head_bucket) const;

}  // namespace cairn::s3
