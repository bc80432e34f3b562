#include "testing/s3_conditions.hpp"
#include "testing/s3_document.hpp"
#include "testing/s3_operations.hpp"
#include "testing/s3_parameters.hpp"
#include "testing/s3_properties.hpp"
#include "testing/s3_ranges.hpp"
#include "testing/s3_refusal.hpp"
#include "testing/s3_versions.hpp"

#include <cairn/core/ascii.hpp>

namespace cairn::testing::simulated {
namespace {

// What a read may have instead of the object's own, and the parameter that says so.
constexpr std::pair<std::string_view, std::string_view> overrides[] = {
    {"Cache-Control", "response-cache-control"},
    {"Content-Disposition", "response-content-disposition"},
    {"Content-Encoding", "response-content-encoding"},
    {"Content-Language", "response-content-language"},
    {"Content-Type", "response-content-type"},
    {"Expires", "response-expires"},
};

void write_validators(const bucket& in, const version& v, reply& to) {
    to.headers.set("ETag", v.etag);
    to.headers.set("Last-Modified", http_time(v.modified));
    write_version_id(in, v, to);
}

// Fields that would break the head are none.
std::string one_line(std::string text) {
    std::erase_if(text, [](char c) { return static_cast<unsigned char>(c) < 0x20 && c != '\t'; });
    return text;
}

void write_overrides(const request& r, reply& to) {
    for (const auto& [field, parameter] : overrides)
        if (auto value = r.parameter(parameter)) to.headers.set(field, one_line(std::move(*value)));
}

void write_sum(const request& r, const version& v, reply& to) {
    if (!v.sum || !ascii::iequals(r.header("x-amz-checksum-mode"), "ENABLED")) return;
    to.headers.set(header_of(v.sum->algorithm), v.sum->value);
    to.headers.set("x-amz-checksum-type", name_of(v.sum->type));
}

reply not_modified(const bucket& in, const version& v) {
    reply r(304);
    write_validators(in, v, r);
    return r;
}

// The bytes that are asked for, by range or by part; nothing when all are.
std::optional<byte_range> wanted_range(const request& r, const version& v) {
    const auto range = r.header("Range");
    const auto number = read_number(r, "partNumber");
    if (number && !range.empty())
        throw invalid_request("Cannot specify both Range header and partNumber query parameter");
    if (number) return range_of_part(v, *number);
    return parse_range(range, v.data->size());
}

void write_body(const std::optional<byte_range>& range, const version& v, reply& to) {
    if (!range) {
        to.body = *v.data;
        return;
    }
    to.status = 206;
    to.body = v.data->substr(range->begin, range->size);
    to.headers.set("Content-Range", range->described(v.data->size()));
}

}  // namespace

void check_put_object(call& c) {
    read_properties(c.asked);
    check_write(c.asked, c.in(), c.asked.key);
}

reply put_object(call& c) {
    auto& in = c.in();
    version made;
    made.about = read_properties(c.asked);
    made.sum = verify_checksums(c.asked);
    if (!made.sum) made.sum = full_checksum(checksum_algorithm::crc64nvme, c.asked.body);
    made.data = std::make_shared<bytes>(c.asked.body);
    made.etag = etag_of(c.asked.body);
    const auto& stored = add_version(c, in, c.asked.key, std::move(made));

    reply r;
    r.headers.set("ETag", stored.etag);
    r.headers.set(header_of(stored.sum->algorithm), stored.sum->value);
    r.headers.set("x-amz-checksum-type", name_of(stored.sum->type));
    r.headers.set("x-amz-server-side-encryption", "AES256");
    write_version_id(in, stored, r);
    return r;
}

reply get_object(call& c) {
    const auto& in = c.in();
    if (c.asked.head.headers.contains("If-Range")) throw not_implemented("If-Range");
    const auto& v = find_version(in, c.asked.key, c.asked.parameter("versionId"));
    if (!is_modified(c.asked, v)) return not_modified(in, v);
    const auto range = wanted_range(c.asked, v);
    reply r;
    write_validators(in, v, r);
    write_properties(v.about, r);
    write_overrides(c.asked, r);
    if (!range) write_sum(c.asked, v, r);
    if (c.asked.has("partNumber") && !v.part_sizes.empty())
        r.headers.set("x-amz-mp-parts-count", std::to_string(v.part_sizes.size()));
    r.headers.set("Accept-Ranges", "bytes");
    r.headers.set("x-amz-server-side-encryption", "AES256");
    write_body(range, v, r);
    return r;
}

}  // namespace cairn::testing::simulated
