#include "testing/s3_conditions.hpp"
#include "testing/s3_document.hpp"
#include "testing/s3_multipart.hpp"
#include "testing/s3_operations.hpp"
#include "testing/s3_properties.hpp"
#include "testing/s3_ranges.hpp"
#include "testing/s3_refusal.hpp"
#include "testing/s3_versions.hpp"

#include <cairn/core/ascii.hpp>

namespace cairn::testing::simulated {
namespace {

/// What `x-amz-copy-source` names.
struct source_name {
    std::string bucket;
    std::string key;
    std::optional<std::string> version_id;
};

refusal invalid_source(std::string_view text) {
    return invalid_argument("Invalid copy source object key", "x-amz-copy-source",
                            std::string(text));
}

source_name parse_source(std::string_view text) {
    constexpr std::string_view mark = "?versionId=";
    if (text.starts_with("arn:")) throw not_implemented("access points");
    source_name s;
    const auto query = text.find(mark);
    if (query != text.npos) s.version_id = wire::percent_decode(text.substr(query + mark.size()));
    auto path = wire::percent_decode(text.substr(0, query));
    if (path.starts_with('/')) path.erase(0, 1);
    const auto slash = path.find('/');
    if (slash == path.npos || slash == 0 || slash + 1 == path.size()) throw invalid_source(text);
    s.bucket = path.substr(0, slash);
    s.key = path.substr(slash + 1);
    return s;
}

const bucket& bucket_of(const call& c, const source_name& s) {
    const auto found = c.all.buckets.find(s.bucket);
    if (found == c.all.buckets.end()) throw no_such_bucket(s.bucket);
    return found->second;
}

const version& find_source(const call& c, const source_name& s) {
    const auto owner = c.asked.head.headers.find("x-amz-source-expected-bucket-owner");
    const auto& in = bucket_of(c, s);
    if (owner && *owner != account) throw access_denied();
    const auto& v = find_version(in, s.key, s.version_id);
    check_copy_source(c.asked, v);
    return v;
}

bool directive_replaces(const request& r, std::string_view field) {
    const auto directive = r.head.headers.find(field);
    if (!directive || *directive == "COPY") return false;
    if (*directive == "REPLACE") return true;
    throw invalid_argument("Unknown directive.", std::string(field), std::string(*directive));
}

properties properties_of_copy(const request& r, const version& source) {
    auto asked = read_properties(r);
    auto made = directive_replaces(r, "x-amz-metadata-directive") ? asked : source.about;
    made.storage_class = asked.storage_class;
    made.tagging =
        directive_replaces(r, "x-amz-tagging-directive") ? asked.tagging : source.about.tagging;
    return made;
}

void check_change(const request& r, const source_name& s) {
    const bool onto_itself = s.bucket == r.bucket && s.key == r.key && !s.version_id;
    const bool changes = directive_replaces(r, "x-amz-metadata-directive") ||
                         r.head.headers.contains("x-amz-server-side-encryption") ||
                         r.head.headers.contains("x-amz-storage-class") ||
                         r.head.headers.contains("x-amz-checksum-algorithm");
    if (onto_itself && !changes)
        throw invalid_request(
            "This copy request is illegal because it is trying to copy an object to itself without "
            "changing the object's metadata, storage class, website redirect location or "
            "encryption attributes.");
}

checksum sum_of_copy(const request& r, const version& source) {
    const auto wanted = r.header("x-amz-checksum-algorithm");
    if (!wanted.empty()) return full_checksum(algorithm_named(wanted), *source.data);
    const bool keeps = source.sum && source.sum->type == checksum_type::full_object;
    return keeps ? *source.sum : full_checksum(checksum_algorithm::crc64nvme, *source.data);
}

reply described(document_writer xml, const std::string& etag, clock::utc_time modified,
                const std::optional<checksum>& sum) {
    xml.text("ETag", etag);
    xml.time("LastModified", modified);
    if (sum) xml.text(element_of(sum->algorithm), sum->value);
    return std::move(xml).as_reply();
}

void write_source_version(const call& c, const source_name& s, const version& source, reply& to) {
    if (bucket_of(c, s).versions != versioning::never)
        to.headers.set("x-amz-copy-source-version-id", source.id);
}

}  // namespace

reply copy_object(call& c) {
    auto& in = c.in();
    const auto name = parse_source(c.asked.header("x-amz-copy-source"));
    const auto source = find_source(c, name);
    check_change(c.asked, name);
    check_write(c.asked, in, c.asked.key);

    version made;
    made.about = properties_of_copy(c.asked, source);
    made.data = source.data;
    made.etag = etag_of(*source.data);
    made.sum = sum_of_copy(c.asked, source);
    const auto& stored = add_version(c, in, c.asked.key, std::move(made));
    auto r =
        described(document_writer("CopyObjectResult"), stored.etag, stored.modified, stored.sum);
    write_version_id(in, stored, r);
    write_source_version(c, name, source, r);
    r.headers.set("x-amz-server-side-encryption", "AES256");
    return r;
}

reply upload_part_copy(call& c) {
    check_upload_part(c);
    const auto name = parse_source(c.asked.header("x-amz-copy-source"));
    const auto& source = find_source(c, name);
    const auto range = c.asked.head.headers.find("x-amz-copy-source-range");
    auto data = *source.data;
    if (range) {
        const auto wanted = parse_copy_range(std::string(*range), data.size());
        data = data.substr(wanted.begin, wanted.size);
    }
    const auto& stored = add_part(c, std::move(data), std::nullopt);
    auto r = described(document_writer("CopyPartResult"), stored.etag, stored.modified, stored.sum);
    write_source_version(c, name, source, r);
    return r;
}

}  // namespace cairn::testing::simulated
