#include "s3/rows.hpp"
#include "s3/send.hpp"
#include "s3/validate.hpp"

#include <cairn/s3/operations/delete_object_tagging.hpp>

#include <array>
#include <utility>

namespace cairn::s3 {
namespace {

using namespace rows;

constexpr std::array input{
    uri<&delete_object_tagging::bucket>("Bucket").verify(check_bucket),
    uri<&delete_object_tagging::key>("Key").verify(check_key),
    query<&delete_object_tagging::version_id>("VersionId", "versionId"),
    header<&delete_object_tagging::expected_bucket_owner>("ExpectedBucketOwner",
                                                          "x-amz-expected-bucket-owner"),
};

constexpr std::array output{
    header<&delete_object_tagging_output::version_id>("VersionId", "x-amz-version-id"),
};

constexpr operation_table table{
    .name = "DeleteObjectTagging",
    .method = "DELETE",
    .path = "/{Bucket}/{Key+}?tagging",
    .input = input,
    .output = output,
    .status = 204,
    .modifies = true,
};

}  // namespace

delete_object_tagging::delete_object_tagging(std::string b, std::string k)
    : bucket(std::move(b)), key(std::move(k)) {}

template <>
const operation_table& table_of<delete_object_tagging>() {
    return table;
}

template awaitable<result<delete_object_tagging_output>> client::send(
    s3::delete_object_tagging) const;

}  // namespace cairn::s3
