#include "testing/s3_conditions.hpp"
#include "testing/s3_document.hpp"
#include "testing/s3_operations.hpp"
#include "testing/s3_refusal.hpp"
#include "testing/s3_versions.hpp"

#include <algorithm>

namespace cairn::testing::simulated {
namespace {

/// What became of a key.
struct outcome {
    std::optional<std::string> version_id;  ///< That was removed.
    std::optional<std::string> marker_id;   ///< That was made, or removed.
};

outcome remove_version(bucket& in, const std::string& key, const std::string& id) {
    check_version_id(id);
    outcome o{id, std::nullopt};
    const auto object = in.objects.find(key);
    if (object == in.objects.end()) return o;
    auto& versions = object->second;
    const auto found = std::find_if(versions.begin(), versions.end(),
                                    [&](const version& v) { return v.id == id; });
    if (found == versions.end()) return o;
    if (found->is_delete_marker) o.marker_id = id;
    versions.erase(found);
    if (versions.empty()) in.objects.erase(object);
    return o;
}

outcome remove(call& c, bucket& in, const std::string& key,
               const std::optional<std::string>& version_id) {
    if (version_id) return remove_version(in, key, *version_id);
    if (in.versions == versioning::never) {
        in.objects.erase(key);
        return {};
    }
    version marker;
    marker.is_delete_marker = true;
    return {std::nullopt, add_version(c, in, key, std::move(marker)).id};
}

/// One of the objects that a DeleteObjects names.
struct named {
    std::string key;
    std::optional<std::string> version_id;
    std::optional<std::string> etag;
};

std::optional<std::string> optional_text(wire::xml::element parent, std::string_view name) {
    const auto found = parent.child(name);
    if (!found) return std::nullopt;
    return found.text();
}

named read_object(wire::xml::element object) {
    if (object.child("LastModifiedTime") || object.child("Size"))
        throw not_implemented("deletions on condition of a time or a size");
    named n{required_text(object, "Key"), optional_text(object, "VersionId"),
            optional_text(object, "ETag")};
    if (n.key.empty()) throw malformed_xml();
    return n;
}

std::vector<named> read_objects(wire::xml::element root) {
    constexpr std::size_t most = 1000;
    std::vector<named> objects;
    for (const auto each : root) {
        if (each.name() == "Object")
            objects.push_back(read_object(each));
        else if (each.name() != "Quiet")
            throw malformed_xml();
    }
    if (objects.empty() || objects.size() > most) throw malformed_xml();
    return objects;
}

void write_deleted(document_writer& xml, const named& n, const outcome& o) {
    xml.open("Deleted");
    xml.text("Key", n.key);
    if (n.version_id) xml.text("VersionId", *n.version_id);
    if (o.marker_id) {
        xml.boolean("DeleteMarker", true);
        xml.text("DeleteMarkerVersionId", *o.marker_id);
    }
    xml.close();
}

void write_failed(document_writer& xml, const named& n, const refusal& r) {
    xml.open("Error");
    xml.text("Key", n.key);
    if (n.version_id) xml.text("VersionId", *n.version_id);
    xml.text("Code", r.code);
    xml.text("Message", r.message);
    xml.close();
}

void delete_one(call& c, bucket& in, const named& n, bool quiet, document_writer& xml) try {
    const auto* const current = in.current(n.key);
    if (n.etag && (!current || !matches(*n.etag, current->etag)))
        throw precondition_failed("If-Match");
    const auto done = remove(c, in, n.key, n.version_id);
    if (!quiet) write_deleted(xml, n, done);
} catch (const refusal& r) {
    write_failed(xml, n, r);
}

}  // namespace

reply delete_object(call& c) {
    auto& in = c.in();
    const auto id = c.asked.parameter("versionId");
    check_delete(c.asked, in.current(c.asked.key));
    const auto done = remove(c, in, c.asked.key, id);
    reply r(204);
    if (done.marker_id) r.headers.set("x-amz-delete-marker", "true");
    const auto& about = done.version_id ? done.version_id : done.marker_id;
    if (about) r.headers.set("x-amz-version-id", *about);
    return r;
}

reply delete_objects(call& c) {
    auto& in = c.in();
    verify_wanted_checksums(c.asked);
    const auto document = read_document(c.asked.body, "Delete");
    const auto quiet = optional_text(document.root(), "Quiet") == "true";
    document_writer xml("DeleteResult");
    for (const auto& each : read_objects(document.root())) delete_one(c, in, each, quiet, xml);
    return std::move(xml).as_reply();
}

}  // namespace cairn::testing::simulated
