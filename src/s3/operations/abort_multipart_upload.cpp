#include "s3/rows.hpp"
#include "s3/send.hpp"
#include "s3/validate.hpp"

#include <cairn/s3/operations/abort_multipart_upload.hpp>

#include <array>
#include <utility>

namespace cairn::s3 {
namespace {

using namespace rows;

constexpr std::array input{
    uri<&abort_multipart_upload::bucket>("Bucket").verify(check_bucket),
    uri<&abort_multipart_upload::key>("Key").verify(check_key),
    query<&abort_multipart_upload::upload_id>("UploadId", "uploadId").verify(check_upload_id),
    header<&abort_multipart_upload::request_payer>("RequestPayer", "x-amz-request-payer")
        .one_of(request_payer::values),
    header<&abort_multipart_upload::expected_bucket_owner>("ExpectedBucketOwner",
                                                           "x-amz-expected-bucket-owner"),
    header<&abort_multipart_upload::if_match_initiated_time>("IfMatchInitiatedTime",
                                                             "x-amz-if-match-initiated-time")
        .makes_conditional(),
};

constexpr std::array output{
    header<&abort_multipart_upload_output::request_charged>("RequestCharged",
                                                            "x-amz-request-charged")
        .one_of(request_charged::values),
};

constexpr std::array<std::string_view, 1> errors{"NoSuchUpload"};

constexpr operation_table table{
    .name = "AbortMultipartUpload",
    .method = "DELETE",
    .path = "/{Bucket}/{Key+}",
    .input = input,
    .output = output,
    .status = 204,
    .modifies = true,
    .replayable = false,
    .errors = errors,
};

}  // namespace

abort_multipart_upload::abort_multipart_upload(std::string b, std::string k, std::string id)
    : bucket(std::move(b)), key(std::move(k)), upload_id(std::move(id)) {}

template <>
const operation_table& table_of<abort_multipart_upload>() {
    return table;
}

template awaitable<result<abort_multipart_upload_output>> client::send(
    s3::abort_multipart_upload) const;

}  // namespace cairn::s3
