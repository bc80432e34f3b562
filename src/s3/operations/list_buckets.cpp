#include "s3/operations/shapes.hpp"
#include "s3/rows.hpp"
#include "s3/send.hpp"

#include <cairn/s3/operations/list_buckets.hpp>

#include <array>
#include <utility>

namespace cairn::s3 {
namespace {

using namespace rows;

constexpr std::array input{
    query<&list_buckets::max_buckets>("MaxBuckets", "max-buckets"),
    query<&list_buckets::continuation_token>("ContinuationToken", "continuation-token"),
    query<&list_buckets::prefix>("Prefix", "prefix"),
    query<&list_buckets::bucket_region>("BucketRegion", "bucket-region"),
};

constexpr std::array bucket_rows{
    element<&bucket::name>("Name"),
    element<&bucket::creation_date>("CreationDate"),
    element<&bucket::bucket_region>("BucketRegion"),
    element<&bucket::bucket_arn>("BucketArn"),
};
constexpr shape bucket_shape{"Bucket", bucket_rows};

constexpr std::array output{
    element<&list_buckets_output::buckets>("Buckets").items("Bucket").of(bucket_shape),
    element<&list_buckets_output::owner>("Owner").of(owner_shape),
    element<&list_buckets_output::continuation_token>("ContinuationToken"),
    element<&list_buckets_output::prefix>("Prefix"),
};

constexpr operation_table table{
    .name = "ListBuckets",
    .method = "GET",
    .path = "/",
    .input = input,
    .output = output,
    .reply_root = "ListAllMyBucketsResult",
};

}  // namespace

template <>
const operation_table& table_of<list_buckets>() {
    return table;
}

template awaitable<result<list_buckets_output>> client::send(s3::list_buckets) const;

}  // namespace cairn::s3
