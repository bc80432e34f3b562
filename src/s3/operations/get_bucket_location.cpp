#include "s3/rows.hpp"
#include "s3/send.hpp"
#include "s3/validate.hpp"

#include <cairn/s3/operations/get_bucket_location.hpp>

#include <array>
#include <utility>

namespace cairn::s3 {
namespace {

using namespace rows;

constexpr std::array input{
    uri<&get_bucket_location::bucket>("Bucket").verify(check_bucket),
    header<&get_bucket_location::expected_bucket_owner>("ExpectedBucketOwner",
                                                        "x-amz-expected-bucket-owner"),
};

constexpr std::array output{
    root_text<&get_bucket_location_output::location_constraint>("LocationConstraint")
        .one_of(bucket_location_constraint::values),
};

constexpr operation_table table{
    .name = "GetBucketLocation",
    .method = "GET",
    .path = "/{Bucket}?location",
    .input = input,
    .output = output,
    .reply_root = "LocationConstraint",
};

}  // namespace

get_bucket_location::get_bucket_location(std::string b) : bucket(std::move(b)) {}

template <>
const operation_table& table_of<get_bucket_location>() {
    return table;
}

template awaitable<result<get_bucket_location_output>> client::send(s3::get_bucket_location) const;

}  // namespace cairn::s3
