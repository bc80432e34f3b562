#include "s3/rows.hpp"
#include "s3/send.hpp"
#include "s3/validate.hpp"

#include <cairn/s3/operations/delete_objects.hpp>

#include <array>
#include <utility>

namespace cairn::s3 {
namespace {

using namespace rows;

constexpr std::array object_identifier_rows{
    element<&object_identifier::key>("Key").verify(check_key),
    element<&object_identifier::version_id>("VersionId"),
    element<&object_identifier::etag>("ETag"),
    element<&object_identifier::last_modified_time>("LastModifiedTime").as(time_format::http_date),
    element<&object_identifier::size>("Size"),
};
constexpr shape object_identifier_shape{"ObjectIdentifier", object_identifier_rows};

constexpr std::array deletion_rows{
    element<&deletion::objects>("Objects", "Object")
        .flatten()
        .of(object_identifier_shape)
        .require()
        .verify(check_deleted_objects),
    element<&deletion::quiet>("Quiet"),
};
constexpr shape deletion_shape{"Delete", deletion_rows};

constexpr std::array input{
    uri<&delete_objects::bucket>("Bucket").verify(check_bucket),
    payload<&delete_objects::delete_>("Delete").of(deletion_shape),
    header<&delete_objects::mfa>("MFA", "x-amz-mfa"),
    header<&delete_objects::request_payer>("RequestPayer", "x-amz-request-payer")
        .one_of(request_payer::values),
    header<&delete_objects::bypass_governance_retention>("BypassGovernanceRetention",
                                                         "x-amz-bypass-governance-retention"),
    header<&delete_objects::expected_bucket_owner>("ExpectedBucketOwner",
                                                   "x-amz-expected-bucket-owner"),
    header<&delete_objects::checksum_algorithm>("ChecksumAlgorithm", "x-amz-sdk-checksum-algorithm")
        .one_of(checksum_algorithm::values),
};

constexpr std::array deleted_object_rows{
    element<&deleted_object::key>("Key"),
    element<&deleted_object::version_id>("VersionId"),
    element<&deleted_object::delete_marker>("DeleteMarker"),
    element<&deleted_object::delete_marker_version_id>("DeleteMarkerVersionId"),
};
constexpr shape deleted_object_shape{"DeletedObject", deleted_object_rows};

constexpr std::array error_rows{
    element<&delete_objects_error::key>("Key"),
    element<&delete_objects_error::version_id>("VersionId"),
    element<&delete_objects_error::code>("Code"),
    element<&delete_objects_error::message>("Message"),
};
constexpr shape error_shape{"Error", error_rows};

constexpr std::array output{
    element<&delete_objects_output::deleted>("Deleted").flatten().of(deleted_object_shape),
    header<&delete_objects_output::request_charged>("RequestCharged", "x-amz-request-charged")
        .one_of(request_charged::values),
    element<&delete_objects_output::errors>("Errors", "Error").flatten().of(error_shape),
};

constexpr operation_table table{
    .name = "DeleteObjects",
    .method = "POST",
    .path = "/{Bucket}?delete",
    .input = input,
    .output = output,
    .reply_root = "DeleteResult",
    .modifies = true,
    .error_in_200 = true,
    .needs_body_digest = true,
};

}  // namespace

object_identifier::object_identifier(std::string k) : key(std::move(k)) {}

delete_objects::delete_objects(std::string b, const std::vector<std::string>& keys)
    : bucket(std::move(b)) {
    for (const auto& key : keys) delete_.objects.emplace_back(key);
}

template <>
const operation_table& table_of<delete_objects>() {
    return table;
}

template awaitable<result<delete_objects_output>> client::send(s3::delete_objects) const;

}  // namespace cairn::s3
