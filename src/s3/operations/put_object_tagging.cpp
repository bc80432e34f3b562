#include "s3/operations/shapes.hpp"
#include "s3/rows.hpp"
#include "s3/send.hpp"
#include "s3/validate.hpp"

#include <cairn/s3/operations/put_object_tagging.hpp>

#include <array>
#include <utility>

namespace cairn::s3 {
namespace {

using namespace rows;

constexpr std::array tagging_rows{
    element<&tagging::tag_set>("TagSet").items("Tag").of(tag_shape).require().verify(check_tags),
};
constexpr shape tagging_shape{"Tagging", tagging_rows};

constexpr std::array input{
    uri<&put_object_tagging::bucket>("Bucket").verify(check_bucket),
    uri<&put_object_tagging::key>("Key").verify(check_key),
    payload<&put_object_tagging::tagging>("Tagging").of(tagging_shape),
    query<&put_object_tagging::version_id>("VersionId", "versionId"),
    header<&put_object_tagging::content_md5>("ContentMD5", "Content-MD5"),
    header<&put_object_tagging::checksum_algorithm>("ChecksumAlgorithm",
                                                    "x-amz-sdk-checksum-algorithm")
        .one_of(checksum_algorithm::values),
    header<&put_object_tagging::expected_bucket_owner>("ExpectedBucketOwner",
                                                       "x-amz-expected-bucket-owner"),
    header<&put_object_tagging::request_payer>("RequestPayer", "x-amz-request-payer")
        .one_of(request_payer::values),
};

constexpr std::array output{
    header<&put_object_tagging_output::version_id>("VersionId", "x-amz-version-id"),
};

constexpr operation_table table{
    .name = "PutObjectTagging",
    .method = "PUT",
    .path = "/{Bucket}/{Key+}?tagging",
    .input = input,
    .output = output,
    .modifies = true,
    .needs_body_digest = true,
};

}  // namespace

tag::tag(std::string k, std::string v) : key(std::move(k)), value(std::move(v)) {}

put_object_tagging::put_object_tagging(std::string b, std::string k, std::vector<s3::tag> tags)
    : bucket(std::move(b)), key(std::move(k)) {
    tagging.tag_set = std::move(tags);
}

template <>
const operation_table& table_of<put_object_tagging>() {
    return table;
}

template awaitable<result<put_object_tagging_output>> client::send(s3::put_object_tagging) const;

}  // namespace cairn::s3
