#include "testing/s3_versions.hpp"

#include "testing/s3_document.hpp"
#include "testing/s3_refusal.hpp"

#include <algorithm>

namespace cairn::testing::simulated {
namespace {

refusal is_marker(refusal r, const version& v) {
    return std::move(r)
        .with_header("x-amz-delete-marker", "true")
        .with_header("x-amz-version-id", v.id);
}

const version& newest(const bucket& in, const std::string& key) {
    const auto found = in.objects.find(key);
    if (found == in.objects.end()) throw no_such_key(key);
    const auto& v = found->second.back();
    if (v.is_delete_marker) throw is_marker(no_such_key(key), v);
    return v;
}

// Null when there is none.
const version* find(const bucket& in, const std::string& key, const std::string& id) {
    const auto object = in.objects.find(key);
    if (object == in.objects.end()) return nullptr;
    const auto found = std::find_if(object->second.begin(), object->second.end(),
                                    [&](const version& v) { return v.id == id; });
    return found == object->second.end() ? nullptr : &*found;
}

}  // namespace

void check_version_id(const std::string& id) {
    constexpr std::size_t size = 32;
    if (id != null_version && id.size() != size)
        throw invalid_argument("Invalid version id specified", "versionId", id);
}

const version& find_version(const bucket& in, const std::string& key,
                            const std::optional<std::string>& id) {
    if (!id) return newest(in, key);
    check_version_id(*id);
    const auto* const found = find(in, key, *id);
    if (!found)
        throw refusal(404, "NoSuchVersion", "The specified version does not exist.")
            .with("Key", key)
            .with("VersionId", *id);
    if (found->is_delete_marker)
        throw is_marker(refusal(405, "MethodNotAllowed",
                                "The specified method is not allowed against this resource."),
                        *found)
            .with("ResourceType", "DeleteMarker")
            .with_header("Allow", "DELETE")
            .with_header("Last-Modified", http_time(found->modified));
    return *found;
}

void write_version_id(const bucket& in, const version& v, reply& to) {
    if (in.versions != versioning::never) to.headers.set("x-amz-version-id", v.id);
}

}  // namespace cairn::testing::simulated
