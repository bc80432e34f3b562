#include "s3/rows.hpp"
#include "s3/send.hpp"
#include "s3/validate.hpp"

#include <cairn/s3/operations/delete_bucket.hpp>

#include <array>
#include <utility>

namespace cairn::s3 {
namespace {

using namespace rows;

constexpr std::array input{
    uri<&delete_bucket::bucket>("Bucket").verify(check_bucket),
    header<&delete_bucket::expected_bucket_owner>("ExpectedBucketOwner",
                                                  "x-amz-expected-bucket-owner"),
};

constexpr operation_table table{
    .name = "DeleteBucket",
    .method = "DELETE",
    .path = "/{Bucket}",
    .input = input,
    .output = {},
    .status = 204,
    .modifies = true,
    .replayable = false,
};

}  // namespace

delete_bucket::delete_bucket(std::string b) : bucket(std::move(b)) {}

template <>
const operation_table& table_of<delete_bucket>() {
    return table;
}

template awaitable<result<delete_bucket_output>> client::send(s3::delete_bucket) const;

}  // namespace cairn::s3
