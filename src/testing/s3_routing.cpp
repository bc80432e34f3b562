#include "testing/s3_routing.hpp"

#include "testing/s3_operations.hpp"
#include "testing/s3_refusal.hpp"

#include <algorithm>

namespace cairn::testing::simulated {
namespace {

using on = route::level;

constexpr std::string_view of_v1 = "prefix delimiter max-keys encoding-type marker";
constexpr std::string_view of_v2 =
    "prefix delimiter max-keys encoding-type start-after continuation-token fetch-owner";
constexpr std::string_view of_versions =
    "prefix max-keys encoding-type key-marker version-id-marker";
constexpr std::string_view of_reads =
    "versionId partNumber response-cache-control response-content-disposition "
    "response-content-encoding response-content-language response-content-type response-expires";

// The first row that fits counts, so those that are told by less come later.
constexpr route routes[] = {
    {"ListBuckets", "GET", "", "max-buckets continuation-token prefix bucket-region", nullptr,
     list_buckets, on::service},

    {"GetBucketLocation", "GET", "location", "", nullptr, get_bucket_location, on::bucket},
    {"GetBucketVersioning", "GET", "versioning", "", nullptr, get_bucket_versioning, on::bucket},
    {"PutBucketVersioning", "PUT", "versioning", "", nullptr, put_bucket_versioning, on::bucket},
    {"ListObjectVersions", "GET", "versions", of_versions, nullptr, list_object_versions,
     on::bucket},
    {"ListMultipartUploads", "GET", "uploads",
     "prefix key-marker upload-id-marker max-uploads encoding-type", nullptr,
     list_multipart_uploads, on::bucket},
    {"DeleteObjects", "POST", "delete", "", nullptr, delete_objects, on::bucket},
    {"ListObjectsV2", "GET", "list-type", of_v2, nullptr, list_objects_v2, on::bucket},
    {"ListObjects", "GET", "", of_v1, nullptr, list_objects, on::bucket},
    {"CreateBucket", "PUT", "", "", nullptr, create_bucket, on::bucket},
    {"HeadBucket", "HEAD", "", "", nullptr, head_bucket, on::bucket},
    {"DeleteBucket", "DELETE", "", "", nullptr, delete_bucket, on::bucket},

    {"CreateMultipartUpload", "POST", "uploads", "", nullptr, create_multipart_upload, on::object},
    {"CompleteMultipartUpload", "POST", "uploadId", "", nullptr, complete_multipart_upload,
     on::object},
    {"UploadPartCopy", "PUT", "uploadId", "partNumber", check_upload_part, upload_part_copy,
     on::object, true},
    {"UploadPart", "PUT", "uploadId", "partNumber", check_upload_part, upload_part, on::object},
    {"AbortMultipartUpload", "DELETE", "uploadId", "", nullptr, abort_multipart_upload, on::object},
    {"ListParts", "GET", "uploadId", "max-parts part-number-marker", nullptr, list_parts,
     on::object},
    {"GetObjectTagging", "GET", "tagging", "versionId", nullptr, get_object_tagging, on::object},
    {"PutObjectTagging", "PUT", "tagging", "versionId", nullptr, put_object_tagging, on::object},
    {"DeleteObjectTagging", "DELETE", "tagging", "versionId", nullptr, delete_object_tagging,
     on::object},
    {"CopyObject", "PUT", "", "", nullptr, copy_object, on::object, true},
    {"PutObject", "PUT", "", "", check_put_object, put_object, on::object},
    {"GetObject", "GET", "", of_reads, nullptr, get_object, on::object},
    {"HeadObject", "HEAD", "", of_reads, nullptr, get_object, on::object},
    {"DeleteObject", "DELETE", "", "versionId", nullptr, delete_object, on::object},
};

on level_of(const request& r) {
    if (r.bucket.empty()) return on::service;
    return r.key.empty() ? on::bucket : on::object;
}

bool takes(const route& to, std::string_view parameter) {
    // SDKs say by it which operation they mean.
    if (parameter == to.selector || parameter == "x-id") return true;
    for (auto rest = to.parameters; !rest.empty();) {
        const auto one = rest.substr(0, rest.find(' '));
        if (one == parameter) return true;
        rest.remove_prefix(std::min(one.size() + 1, rest.size()));
    }
    return false;
}

}  // namespace

const route* find_route(const request& r) {
    const auto* const found = std::find_if(std::begin(routes), std::end(routes), [&](auto& each) {
        return each.method == r.head.method && each.on == level_of(r) &&
               (each.selector.empty() || r.has(each.selector)) &&
               each.copies == r.head.headers.contains("x-amz-copy-source");
    });
    return found == std::end(routes) ? nullptr : found;
}

void check_parameters(const request& r, const route& to) {
    for (const auto& [name, value] : r.query)
        if (!takes(to, name))
            throw not_implemented(r.head.method + " with the query parameter " + name);
}

}  // namespace cairn::testing::simulated
