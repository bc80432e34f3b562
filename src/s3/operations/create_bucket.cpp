#include "s3/operations/shapes.hpp"
#include "s3/rows.hpp"
#include "s3/send.hpp"
#include "s3/validate.hpp"

#include <cairn/s3/operations/create_bucket.hpp>

#include <array>
#include <utility>

namespace cairn::s3 {
namespace {

using namespace rows;

constexpr std::array location_info_rows{
    element<&location_info::type>("Type").one_of(location_type::values),
    element<&location_info::name>("Name"),
};
constexpr shape location_info_shape{"LocationInfo", location_info_rows};

constexpr std::array bucket_info_rows{
    element<&bucket_info::data_redundancy>("DataRedundancy").one_of(data_redundancy::values),
    element<&bucket_info::type>("Type").one_of(bucket_type::values),
};
constexpr shape bucket_info_shape{"BucketInfo", bucket_info_rows};

constexpr std::array create_bucket_configuration_rows{
    element<&create_bucket_configuration::location_constraint>("LocationConstraint")
        .one_of(bucket_location_constraint::values),
    element<&create_bucket_configuration::location>("Location").of(location_info_shape),
    element<&create_bucket_configuration::bucket>("Bucket").of(bucket_info_shape),
    element<&create_bucket_configuration::tags>("Tags").items("Tag").of(tag_shape),
};
constexpr shape create_bucket_configuration_shape{"CreateBucketConfiguration",
                                                  create_bucket_configuration_rows};

constexpr std::array input{
    uri<&create_bucket::bucket>("Bucket").verify(check_new_bucket),
    header<&create_bucket::acl>("ACL", "x-amz-acl").one_of(bucket_canned_acl::values),
    payload<&create_bucket::create_bucket_configuration>("CreateBucketConfiguration")
        .of(create_bucket_configuration_shape),
    header<&create_bucket::grant_full_control>("GrantFullControl", "x-amz-grant-full-control"),
    header<&create_bucket::grant_read>("GrantRead", "x-amz-grant-read"),
    header<&create_bucket::grant_read_acp>("GrantReadACP", "x-amz-grant-read-acp"),
    header<&create_bucket::grant_write>("GrantWrite", "x-amz-grant-write"),
    header<&create_bucket::grant_write_acp>("GrantWriteACP", "x-amz-grant-write-acp"),
    header<&create_bucket::object_lock_enabled_for_bucket>("ObjectLockEnabledForBucket",
                                                           "x-amz-bucket-object-lock-enabled"),
    header<&create_bucket::object_ownership>("ObjectOwnership", "x-amz-object-ownership")
        .one_of(object_ownership::values),
    header<&create_bucket::bucket_namespace>("BucketNamespace", "x-amz-bucket-namespace")
        .one_of(bucket_namespace::values),
};

constexpr std::array output{
    header<&create_bucket_output::location>("Location", "Location"),
    header<&create_bucket_output::bucket_arn>("BucketArn", "x-amz-bucket-arn"),
};

constexpr std::array<std::string_view, 2> errors{"BucketAlreadyExists", "BucketAlreadyOwnedByYou"};

constexpr operation_table table{
    .name = "CreateBucket",
    .method = "PUT",
    .path = "/{Bucket}",
    .input = input,
    .output = output,
    .modifies = true,
    .replayable = false,
    .errors = errors,
};

}  // namespace

create_bucket::create_bucket(std::string b) : bucket(std::move(b)) {}

template <>
const operation_table& table_of<create_bucket>() {
    return table;
}

template awaitable<result<create_bucket_output>> client::send(s3::create_bucket) const;

}  // namespace cairn::s3
