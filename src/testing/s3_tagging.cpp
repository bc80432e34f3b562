#include "testing/s3_tagging.hpp"

#include "testing/s3_document.hpp"
#include "testing/s3_operations.hpp"
#include "testing/s3_refusal.hpp"
#include "testing/s3_versions.hpp"

#include <cairn/core/ascii.hpp>
#include <cairn/wire/http.hpp>

#include <algorithm>
#include <set>

namespace cairn::testing::simulated {
namespace {

constexpr std::size_t most_tags = 10;
constexpr std::size_t most_key_bytes = 128;
constexpr std::size_t most_value_bytes = 256;

refusal invalid_tag(std::string message) {
    return {400, "InvalidTag", std::move(message)};
}

// What S3 takes anywhere in a tag; letters and digits of other scripts are not told from the rest.
bool can_be_in_a_tag(char c) {
    return ascii::is_alpha(c) || ascii::is_digit(c) || static_cast<signed char>(c) < 0 ||
           std::string_view(" +-=._:/@").find(c) != std::string_view::npos;
}

bool is_text_of_tag(std::string_view text, std::size_t most_bytes) {
    return text.size() <= most_bytes && std::all_of(text.begin(), text.end(), can_be_in_a_tag);
}

void check(const tag_list& tags) {
    if (tags.size() > most_tags)
        throw refusal(400, "BadRequest", "Object tags cannot be greater than 10");
    std::set<std::string_view> keys;
    for (const auto& [key, value] : tags) {
        if (key.empty() || !is_text_of_tag(key, most_key_bytes))
            throw invalid_tag("The TagKey you have provided is invalid");
        if (!is_text_of_tag(value, most_value_bytes))
            throw invalid_tag("The TagValue you have provided is invalid");
        if (!keys.insert(key).second)
            throw invalid_tag("Cannot provide multiple Tags with the same key");
    }
}

std::string decoded(std::string text) {
    std::replace(text.begin(), text.end(), '+', ' ');
    return wire::percent_decode(text);
}

std::string query_of(const tag_list& tags) {
    std::string query;
    for (const auto& [key, value] : tags)
        query += (query.empty() ? "" : "&") + wire::percent_encode(key) + "=" +
                 wire::percent_encode(value);
    return query;
}

tag_list read_tags(const request& r) {
    const auto document = read_document(r.body, "Tagging");
    const auto set = document.root().child("TagSet");
    if (!set) throw malformed_xml();
    tag_list tags;
    for (const auto each : set) {
        if (each.name() != "Tag") throw malformed_xml();
        tags.emplace_back(required_text(each, "Key"), required_text(each, "Value"));
    }
    check(tags);
    return tags;
}

version& find_tagged(call& c) {
    auto& in = c.in();
    const auto& found = find_version(in, c.asked.key, c.asked.parameter("versionId"));
    auto& versions = in.objects.at(c.asked.key);
    return *std::find_if(versions.begin(), versions.end(),
                         [&](const version& v) { return &v == &found; });
}

reply about(call& c, const version& v, reply r) {
    write_version_id(c.in(), v, r);
    return r;
}

}  // namespace

tag_list parse_tagging(std::string_view query) {
    tag_list tags;
    while (!query.empty()) {
        const auto one = query.substr(0, query.find('&'));
        query.remove_prefix(std::min(one.size() + 1, query.size()));
        const auto equals = std::min(one.find('='), one.size());
        const auto value = one.substr(std::min(equals + 1, one.size()));
        tags.emplace_back(decoded(std::string(one.substr(0, equals))), decoded(std::string(value)));
    }
    check(tags);
    return tags;
}

reply get_object_tagging(call& c) {
    const auto& v = find_tagged(c);
    document_writer xml("Tagging");
    xml.open("TagSet");
    for (const auto& [key, value] : parse_tagging(v.about.tagging)) {
        xml.open("Tag");
        xml.text("Key", key);
        xml.text("Value", value);
        xml.close();
    }
    xml.close();
    return about(c, v, std::move(xml).as_reply());
}

reply put_object_tagging(call& c) {
    verify_wanted_checksums(c.asked);
    auto& v = find_tagged(c);
    v.about.tagging = query_of(read_tags(c.asked));
    return about(c, v, reply(200));
}

reply delete_object_tagging(call& c) {
    auto& v = find_tagged(c);
    v.about.tagging.clear();
    return about(c, v, reply(204));
}

}  // namespace cairn::testing::simulated
