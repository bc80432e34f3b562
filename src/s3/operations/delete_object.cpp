#include "s3/rows.hpp"
#include "s3/send.hpp"
#include "s3/validate.hpp"

#include <cairn/s3/operations/delete_object.hpp>

#include <array>
#include <utility>

namespace cairn::s3 {
namespace {

using namespace rows;

constexpr std::array input{
    uri<&delete_object::bucket>("Bucket").verify(check_bucket),
    uri<&delete_object::key>("Key").verify(check_key),
    header<&delete_object::mfa>("MFA", "x-amz-mfa"),
    query<&delete_object::version_id>("VersionId", "versionId"),
    header<&delete_object::request_payer>("RequestPayer", "x-amz-request-payer")
        .one_of(request_payer::values),
    header<&delete_object::bypass_governance_retention>("BypassGovernanceRetention",
                                                        "x-amz-bypass-governance-retention"),
    header<&delete_object::expected_bucket_owner>("ExpectedBucketOwner",
                                                  "x-amz-expected-bucket-owner"),
    header<&delete_object::if_match>("IfMatch", "If-Match").makes_conditional(),
    header<&delete_object::if_match_last_modified_time>("IfMatchLastModifiedTime",
                                                        "x-amz-if-match-last-modified-time")
        .makes_conditional(),
    header<&delete_object::if_match_size>("IfMatchSize", "x-amz-if-match-size").makes_conditional(),
};

constexpr std::array output{
    header<&delete_object_output::delete_marker>("DeleteMarker", "x-amz-delete-marker"),
    header<&delete_object_output::version_id>("VersionId", "x-amz-version-id"),
    header<&delete_object_output::request_charged>("RequestCharged", "x-amz-request-charged")
        .one_of(request_charged::values),
};

constexpr operation_table table{
    .name = "DeleteObject",
    .method = "DELETE",
    .path = "/{Bucket}/{Key+}",
    .input = input,
    .output = output,
    .status = 204,
    .modifies = true,
};

}  // namespace

delete_object::delete_object(std::string b, std::string k)
    : bucket(std::move(b)), key(std::move(k)) {}

template <>
const operation_table& table_of<delete_object>() {
    return table;
}

template awaitable<result<delete_object_output>> client::send(s3::delete_object) const;

}  // namespace cairn::s3
