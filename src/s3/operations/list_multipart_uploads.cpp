#include "s3/operations/shapes.hpp"
#include "s3/rows.hpp"
#include "s3/send.hpp"
#include "s3/validate.hpp"

#include <cairn/s3/operations/list_multipart_uploads.hpp>

#include <array>
#include <utility>

namespace cairn::s3 {
namespace {

using namespace rows;

constexpr std::array input{
    uri<&list_multipart_uploads::bucket>("Bucket").verify(check_bucket),
    query<&list_multipart_uploads::delimiter>("Delimiter", "delimiter"),
    query<&list_multipart_uploads::encoding_type>("EncodingType", "encoding-type")
        .one_of(encoding_type::values)
        .or_send("url"),
    query<&list_multipart_uploads::key_marker>("KeyMarker", "key-marker"),
    query<&list_multipart_uploads::max_uploads>("MaxUploads", "max-uploads"),
    query<&list_multipart_uploads::prefix>("Prefix", "prefix"),
    query<&list_multipart_uploads::upload_id_marker>("UploadIdMarker", "upload-id-marker"),
    header<&list_multipart_uploads::expected_bucket_owner>("ExpectedBucketOwner",
                                                           "x-amz-expected-bucket-owner"),
    header<&list_multipart_uploads::request_payer>("RequestPayer", "x-amz-request-payer")
        .one_of(request_payer::values),
};

constexpr std::array multipart_upload_rows{
    element<&multipart_upload::key>("Key").decode_url(),
    element<&multipart_upload::upload_id>("UploadId"),
    element<&multipart_upload::initiated>("Initiated"),
    element<&multipart_upload::storage_class>("StorageClass").one_of(storage_class::values),
    element<&multipart_upload::owner>("Owner").of(owner_shape),
    element<&multipart_upload::initiator>("Initiator").of(initiator_shape),
    element<&multipart_upload::checksum_algorithm>("ChecksumAlgorithm")
        .one_of(checksum_algorithm::values),
    element<&multipart_upload::checksum_type>("ChecksumType").one_of(checksum_type::values),
};
constexpr shape multipart_upload_shape{"MultipartUpload", multipart_upload_rows};

constexpr std::array output{
    element<&list_multipart_uploads_output::bucket>("Bucket"),
    element<&list_multipart_uploads_output::key_marker>("KeyMarker").decode_url(),
    element<&list_multipart_uploads_output::upload_id_marker>("UploadIdMarker"),
    element<&list_multipart_uploads_output::next_key_marker>("NextKeyMarker").decode_url(),
    element<&list_multipart_uploads_output::prefix>("Prefix").decode_url(),
    element<&list_multipart_uploads_output::delimiter>("Delimiter").decode_url(),
    element<&list_multipart_uploads_output::next_upload_id_marker>("NextUploadIdMarker"),
    element<&list_multipart_uploads_output::max_uploads>("MaxUploads"),
    element<&list_multipart_uploads_output::is_truncated>("IsTruncated"),
    element<&list_multipart_uploads_output::uploads>("Uploads", "Upload")
        .flatten()
        .of(multipart_upload_shape),
    element<&list_multipart_uploads_output::common_prefixes>("CommonPrefixes")
        .flatten()
        .of(common_prefix_shape),
    element<&list_multipart_uploads_output::encoding_type>("EncodingType")
        .one_of(encoding_type::values),
    header<&list_multipart_uploads_output::request_charged>("RequestCharged",
                                                            "x-amz-request-charged")
        .one_of(request_charged::values),
};

constexpr operation_table table{
    .name = "ListMultipartUploads",
    .method = "GET",
    .path = "/{Bucket}?uploads",
    .input = input,
    .output = output,
    .reply_root = "ListMultipartUploadsResult",
};

}  // namespace

list_multipart_uploads::list_multipart_uploads(std::string b) : bucket(std::move(b)) {}

template <>
const operation_table& table_of<list_multipart_uploads>() {
    return table;
}

template awaitable<result<list_multipart_uploads_output>> client::send(
    s3::list_multipart_uploads) const;

}  // namespace cairn::s3
