#include "testing/s3_document.hpp"
#include "testing/s3_operations.hpp"
#include "testing/s3_parameters.hpp"
#include "testing/s3_refusal.hpp"
#include "testing/s3_versions.hpp"

#include <algorithm>

namespace cairn::testing::simulated {
namespace {

constexpr std::size_t most_keys = 1000;

/// What every listing of a bucket has.
struct listing {
    explicit listing(const request& r)
        : prefix(r.parameter("prefix").value_or("")),
          delimiter(r.parameter("delimiter").value_or("")),
          max(read_limit(r, "max-keys", most_keys)),
          encoded(wants_url_encoding(r)) {}

    std::string prefix;
    std::string delimiter;
    std::size_t max;
    bool encoded;

    std::string shown(std::string_view name) const {
        return encoded ? url_encoded(name) : std::string(name);
    }
    /// What `key` is rolled into; nothing when it stands for itself.
    std::optional<std::string> common_prefix(const std::string& key) const {
        if (delimiter.empty()) return std::nullopt;
        const auto at = key.find(delimiter, prefix.size());
        if (at == key.npos) return std::nullopt;
        return key.substr(0, at + delimiter.size());
    }
};

/// Where a page begins: behind a key, or behind all keys of a common prefix.
struct position {
    std::string name{};
    bool is_prefix = false;

    std::string token() const { return make_token((is_prefix ? "p" : "k") + name); }
    static position of_token(const std::string& place) {
        if (place.empty())
            throw invalid_argument("The continuation token provided is incorrect",
                                   "continuation-token", place);
        return {place.substr(1), place.front() == 'p'};
    }
};

/// A page of keys and common prefixes, in order.
struct page {
    std::vector<position> entries{};
    bool is_truncated = false;
};

page list(const bucket& in, const listing& l, const position& after) {
    page p;
    const auto& objects = in.objects;
    for (auto at = objects.lower_bound(std::max(l.prefix, after.name));
         at != objects.end() && at->first.starts_with(l.prefix); ++at) {
        const auto& key = at->first;
        if (key == after.name && !after.name.empty()) continue;
        if (!in.current(key)) continue;
        auto rolled = l.common_prefix(key);
        if (rolled && after.is_prefix && *rolled == after.name) continue;
        if (rolled && !p.entries.empty() && p.entries.back().name == *rolled) continue;
        if (p.entries.size() == l.max) {
            p.is_truncated = l.max != 0;
            break;
        }
        p.entries.push_back(rolled ? position{std::move(*rolled), true} : position{key});
    }
    return p;
}

void write_object(document_writer& xml, const listing& l, const std::string& key, const version& v,
                  bool with_owner) {
    xml.open("Contents");
    xml.text("Key", l.shown(key));
    xml.time("LastModified", v.modified);
    xml.text("ETag", v.etag);
    if (v.sum) {
        xml.text("ChecksumAlgorithm", name_of(v.sum->algorithm));
        xml.text("ChecksumType", name_of(v.sum->type));
    }
    xml.number("Size", v.data->size());
    if (with_owner) xml.owner("Owner");
    xml.text("StorageClass", v.about.storage_class);
    xml.close();
}

void write_prefix(document_writer& xml, const listing& l, const std::string& prefix) {
    xml.open("CommonPrefixes");
    xml.text("Prefix", l.shown(prefix));
    xml.close();
}

void write_entries(document_writer& xml, const bucket& in, const listing& l, const page& p,
                   bool with_owner) {
    for (const auto& each : p.entries)
        if (!each.is_prefix) write_object(xml, l, each.name, *in.current(each.name), with_owner);
    for (const auto& each : p.entries)
        if (each.is_prefix) write_prefix(xml, l, each.name);
}

void write_request(document_writer& xml, const bucket& in, const listing& l) {
    xml.text("Name", in.name);
    xml.text("Prefix", l.shown(l.prefix));
    if (!l.delimiter.empty()) xml.text("Delimiter", l.shown(l.delimiter));
    xml.number("MaxKeys", l.max);
    if (l.encoded) xml.text("EncodingType", "url");
}

/// One version of a key, on its place in a listing of versions.
struct listed_version {
    const std::string* key;
    const version* shown;
    bool is_latest;
};

// All that are listed behind the markers: by key, and the newest of each key first.
std::vector<listed_version> versions_after(const bucket& in, const listing& l,
                                           const std::string& key_marker,
                                           const std::optional<std::string>& id_marker) {
    std::vector<listed_version> found;
    for (auto at = in.objects.lower_bound(std::max(l.prefix, key_marker));
         at != in.objects.end() && at->first.starts_with(l.prefix); ++at) {
        const auto& versions = at->second;
        auto begin = versions.rbegin();
        if (at->first == key_marker && !key_marker.empty()) {
            if (!id_marker) continue;
            begin = std::find_if(begin, versions.rend(),
                                 [&](const version& v) { return v.id == *id_marker; });
            if (begin != versions.rend()) ++begin;
        }
        for (; begin != versions.rend(); ++begin)
            found.push_back({&at->first, &*begin, begin == versions.rbegin()});
    }
    return found;
}

void write_version(document_writer& xml, const listing& l, const listed_version& v) {
    xml.open(v.shown->is_delete_marker ? "DeleteMarker" : "Version");
    xml.text("Key", l.shown(*v.key));
    xml.text("VersionId", v.shown->id);
    xml.boolean("IsLatest", v.is_latest);
    xml.time("LastModified", v.shown->modified);
    xml.owner("Owner");
    if (!v.shown->is_delete_marker) {
        xml.text("ETag", v.shown->etag);
        xml.number("Size", v.shown->data->size());
        xml.text("StorageClass", v.shown->about.storage_class);
    }
    xml.close();
}

std::optional<std::string> read_id_marker(const request& r) {
    auto id = r.parameter("version-id-marker");
    if (!id || id->empty()) return std::nullopt;
    if (!r.has("key-marker"))
        throw invalid_argument("A version-id marker cannot be specified without a key marker.",
                               "version-id-marker", *id);
    check_version_id(*id);
    return id;
}

}  // namespace

reply list_objects_v2(call& c) {
    const auto& r = c.asked;
    if (r.parameter("list-type") != "2")
        throw invalid_argument("Invalid List Type specified in Request", "list-type",
                               *r.parameter("list-type"));
    const auto& in = c.in();
    const listing l(r);
    const auto start_after = r.parameter("start-after");
    const auto place = read_token(r, "continuation-token");
    const auto after = place ? position::of_token(*place) : position{start_after.value_or("")};
    const auto p = list(in, l, after);

    document_writer xml("ListBucketResult");
    write_request(xml, in, l);
    if (start_after) xml.text("StartAfter", l.shown(*start_after));
    if (place) xml.text("ContinuationToken", *r.parameter("continuation-token"));
    if (p.is_truncated) xml.text("NextContinuationToken", p.entries.back().token());
    xml.number("KeyCount", p.entries.size());
    xml.boolean("IsTruncated", p.is_truncated);
    write_entries(xml, in, l, p, r.parameter("fetch-owner") == "true");
    return std::move(xml).as_reply();
}

reply list_objects(call& c) {
    const auto& in = c.in();
    const listing l(c.asked);
    const auto marker = c.asked.parameter("marker").value_or("");
    // The next marker of a page may be a common prefix.
    const bool rolled = l.common_prefix(marker) == marker && !marker.empty();
    const auto p = list(in, l, {marker, rolled});

    document_writer xml("ListBucketResult");
    write_request(xml, in, l);
    xml.text("Marker", l.shown(marker));
    if (p.is_truncated && !l.delimiter.empty())
        xml.text("NextMarker", l.shown(p.entries.back().name));
    xml.boolean("IsTruncated", p.is_truncated);
    write_entries(xml, in, l, p, true);
    return std::move(xml).as_reply();
}

reply list_object_versions(call& c) {
    const auto& in = c.in();
    const listing l(c.asked);
    const auto key_marker = c.asked.parameter("key-marker").value_or("");
    const auto id_marker = read_id_marker(c.asked);
    const auto found = versions_after(in, l, key_marker, id_marker);
    const auto count = std::min(found.size(), l.max);

    document_writer xml("ListVersionsResult");
    write_request(xml, in, l);
    xml.text("KeyMarker", l.shown(key_marker));
    xml.text("VersionIdMarker", id_marker.value_or(""));
    const bool truncated = count < found.size() && count != 0;
    if (truncated) {
        xml.text("NextKeyMarker", l.shown(*found[count - 1].key));
        xml.text("NextVersionIdMarker", found[count - 1].shown->id);
    }
    xml.boolean("IsTruncated", truncated);
    for (std::size_t i = 0; i < count; ++i) write_version(xml, l, found[i]);
    return std::move(xml).as_reply();
}

}  // namespace cairn::testing::simulated
