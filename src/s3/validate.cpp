#include "s3/validate.hpp"

#include <cairn/core/ascii.hpp>
#include <cairn/s3/operations/complete_multipart_upload.hpp>
#include <cairn/s3/operations/copy_source.hpp>
#include <cairn/s3/operations/delete_objects.hpp>
#include <cairn/s3/operations/tag.hpp>

#include <algorithm>
#include <array>
#include <vector>

namespace cairn::s3 {
namespace {

constexpr std::size_t max_key_bytes = 1024;
constexpr std::size_t max_bucket_bytes = 255;  // Of the oldest buckets in us-east-1.
constexpr std::size_t max_objects_deleted = 1000;
constexpr std::int64_t max_part_number = 10'000;

bool is_control(char c) {
    const auto byte = static_cast<unsigned char>(c);
    return byte < 0x20 || byte == 0x7f;
}

bool has_control(std::string_view text) {
    return std::any_of(text.begin(), text.end(), is_control);
}

bool is_lower_or_digit(char c) {
    return (c >= 'a' && c <= 'z') || ascii::is_digit(c);
}

// Like 192.168.5.4.
bool looks_like_ip(std::string_view name) {
    return std::count(name.begin(), name.end(), '.') == 3 &&
           std::all_of(name.begin(), name.end(),
                       [](char c) { return c == '.' || ascii::is_digit(c); });
}

std::string quoted(std::string_view name) {
    return "'" + std::string(name) + "'";
}

/// Bytes of the UTF-8 sequence that starts with `lead`, and the least code point that needs as
/// many.
struct sequence {
    std::size_t size;
    unsigned lead_bits;
    unsigned least;
};

sequence sequence_of(unsigned char lead) {
    if (lead < 0x80) return {1, lead, 0};
    if ((lead & 0xe0) == 0xc0) return {2, lead & 0x1fu, 0x80};
    if ((lead & 0xf0) == 0xe0) return {3, lead & 0x0fu, 0x800};
    if ((lead & 0xf8) == 0xf0) return {4, lead & 0x07u, 0x10000};
    return {0, 0, 0};
}

/// Bytes of the well-formed sequence that `text` starts with; 0 if it starts with none.
std::size_t leading_sequence(std::string_view text) {
    const auto s = sequence_of(static_cast<unsigned char>(text.front()));
    if (s.size == 0 || s.size > text.size()) return 0;
    unsigned code = s.lead_bits;
    for (std::size_t i = 1; i < s.size; ++i) {
        const auto next = static_cast<unsigned char>(text[i]);
        if ((next & 0xc0) != 0x80) return 0;
        code = code << 6 | (next & 0x3fu);
    }
    const bool surrogate = code >= 0xd800 && code <= 0xdfff;
    return code < s.least || code > 0x10ffff || surrogate ? 0 : s.size;
}

}  // namespace

bool is_utf8(std::string_view text) noexcept {
    while (!text.empty()) {
        const auto size = leading_sequence(text);
        if (size == 0) return false;
        text.remove_prefix(size);
    }
    return true;
}

std::string bucket_problem(std::string_view name) {
    if (name.empty()) return "the bucket name is empty";
    if (name.size() > max_bucket_bytes) return "the bucket name is longer than 255 bytes";
    if (has_control(name) || !is_utf8(name))
        return "the bucket name has a control character or isn't UTF-8";
    if (name.find('/') != std::string_view::npos)
        return "the bucket name " + quoted(name) + " has a '/'";
    if (name == "." || name == "..") return "a bucket can't be named " + quoted(name);
    return {};
}

std::string new_bucket_problem(std::string_view name) {
    if (auto problem = bucket_problem(name); !problem.empty()) return problem;
    const auto subject = "the bucket name " + quoted(name);
    if (name.size() < 3 || name.size() > 63) return subject + " has not 3 to 63 characters";
    if (!std::all_of(name.begin(), name.end(),
                     [](char c) { return is_lower_or_digit(c) || c == '.' || c == '-'; }))
        return subject + " has something else than lower-case letters, digits, '.' and '-'";
    if (!is_lower_or_digit(name.front()) || !is_lower_or_digit(name.back()))
        return subject + " doesn't begin and end with a letter or digit";
    if (name.find("..") != std::string_view::npos) return subject + " has two dots in a row";
    if (looks_like_ip(name)) return subject + " looks like an IP address";
    for (const std::string_view prefix : {"xn--", "sthree-"})
        if (name.starts_with(prefix))
            return subject + " begins with the reserved " + quoted(prefix);
    for (const std::string_view suffix : {"-s3alias", "--ol-s3", ".mrap", "--table-s3"})
        if (name.ends_with(suffix)) return subject + " ends with the reserved " + quoted(suffix);
    return {};
}

std::string key_problem(std::string_view key) {
    if (key.empty()) return "the key is empty";
    if (key.size() > max_key_bytes)
        return "the key has " + std::to_string(key.size()) + " bytes, and S3 allows 1024";
    if (key.find('\0') != std::string_view::npos) return "the key has a NUL";
    if (!is_utf8(key)) return "the key isn't UTF-8";
    return {};
}

std::string header_problem(std::string_view value) {
    const auto bad =
        std::find_if(value.begin(), value.end(), [](char c) { return c != '\t' && is_control(c); });
    return bad == value.end() ? std::string() : "has a line break or another control character";
}

std::string metadata_problem(std::string_view name, std::string_view value) {
    const auto is_token = [](char c) {
        return ascii::is_alpha(c) || ascii::is_digit(c) ||
               std::string_view("!#$%&'*+-.^_`|~").find(c) != std::string_view::npos;
    };
    if (name.empty()) return "a metadata name is empty";
    if (!std::all_of(name.begin(), name.end(), is_token))
        return "the metadata name " + quoted(name) +
               " can't be a header's: it must be an HTTP token";
    const auto subject = "the value of metadata " + quoted(name);
    if (!header_problem(value).empty()) return subject + " " + header_problem(value);
    if (ascii::trim(value).size() != value.size())
        return subject + " begins or ends with a blank, which HTTP drops";
    if (std::any_of(value.begin(), value.end(),
                    [](char c) { return static_cast<signed char>(c) < 0; }))
        return subject + " isn't ASCII; S3 would give it back in another form";
    return {};
}

std::string check_bucket(const void* text) {
    return bucket_problem(*static_cast<const std::string*>(text));
}

std::string check_new_bucket(const void* text) {
    return new_bucket_problem(*static_cast<const std::string*>(text));
}

std::string check_key(const void* text) {
    return key_problem(*static_cast<const std::string*>(text));
}

std::string check_copy_source(const void* source) {
    const auto& from = *static_cast<const copy_source*>(source);
    auto problem = bucket_problem(from.bucket);
    if (problem.empty()) problem = key_problem(from.key);
    return problem.empty() ? problem : "of the source to copy, " + problem;
}

std::string check_deleted_objects(const void* objects) {
    const auto count = static_cast<const std::vector<object_identifier>*>(objects)->size();
    if (count == 0) return "there are no objects to delete";
    if (count > max_objects_deleted)
        return std::to_string(count) + " objects to delete are more than the 1000 of one request";
    return {};
}

// Without one, a request for a part would be taken for one for the object.
std::string check_upload_id(const void* text) {
    return static_cast<const std::string*>(text)->empty() ? "the upload id is empty" : "";
}

std::string check_part_number(const void* number) {
    const auto n = *static_cast<const std::int64_t*>(number);
    if (n >= 1 && n <= max_part_number) return {};
    return "the part number " + std::to_string(n) + " isn't one of 1 to 10,000";
}

// Some servers join parts in whatever order they are named.
std::string check_completed_parts(const void* parts) {
    const auto& all = *static_cast<const std::vector<completed_part>*>(parts);
    if (all.empty()) return "there are no parts to make the object of";
    const auto wrong = std::adjacent_find(all.begin(), all.end(),
                                          [](const completed_part& a, const completed_part& b) {
                                              return a.part_number >= b.part_number;
                                          });
    if (wrong == all.end()) return {};
    return "part " + std::to_string(std::next(wrong)->part_number) + " is named after part " +
           std::to_string(wrong->part_number) + ": parts must be named in ascending order";
}

std::string check_tags(const void* tags) {
    const bool none = static_cast<const std::vector<tag>*>(tags)->empty();
    return none ? "there are no tags; to remove them all, use DeleteObjectTagging" : "";
}

}  // namespace cairn::s3
