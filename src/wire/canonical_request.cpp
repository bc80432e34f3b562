#include "wire/canonical_request.hpp"

#include "wire/percent.hpp"

#include <cairn/core/ascii.hpp>

#include <algorithm>
#include <compare>
#include <utility>
#include <vector>

namespace cairn::wire {
namespace {

constexpr bool is_space(char c) noexcept {
    return c == ' ' || (c >= '\t' && c <= '\r');
}

// The first word of `text`, which loses it and the spaces around it; empty when there is none.
std::string_view next_word(std::string_view& text) noexcept {
    const auto* begin = text.data();
    const auto* const end = begin + text.size();
    while (begin != end && is_space(*begin)) ++begin;
    const auto* stop = begin;
    while (stop != end && !is_space(*stop)) ++stop;
    text = {stop, static_cast<std::size_t>(end - stop)};
    return {begin, static_cast<std::size_t>(stop - begin)};
}

// Without spaces at the ends, and one for every run of them within, quoted or not.
void append_folded(std::string& out, std::string_view value) {
    out += next_word(value);
    for (auto word = next_word(value); !word.empty(); word = next_word(value)) {
        out += ' ';
        out += word;
    }
}

void append_lower(std::string& out, std::string_view text) {
    for (const char c : text) out += ascii::to_lower(c);
}

std::weak_ordering compare_names(std::string_view a, std::string_view b) noexcept {
    const auto common = std::min(a.size(), b.size());
    for (std::size_t i = 0; i < common; ++i) {
        const auto order = ascii::to_lower(a[i]) <=> ascii::to_lower(b[i]);
        if (order != 0) return order;
    }
    return a.size() <=> b.size();
}

// By name; fields of one name keep their order, which is that of their text.
bool precedes(const fields::field& a, const fields::field& b) noexcept {
    const auto order = compare_names(a.name, b.name);
    return order == 0 ? a.name.data() < b.name.data() : order < 0;
}

std::vector<fields::field> signed_fields(const fields& headers) {
    std::vector<fields::field> out;
    out.reserve(headers.size());
    for (const auto field : headers)
        if (!signer::is_unsigned(field.name)) out.push_back(field);
    std::ranges::sort(out, precedes);
    return out;
}

bool repeats_previous(const std::vector<fields::field>& sorted, std::size_t i) noexcept {
    return i != 0 && ascii::iequals(sorted[i - 1].name, sorted[i].name);
}

void append_headers(std::string& out, const std::vector<fields::field>& sorted) {
    for (std::size_t i = 0; i < sorted.size(); ++i) {
        if (repeats_previous(sorted, i)) {
            out.back() = ',';
        } else {
            append_lower(out, sorted[i].name);
            out += ':';
        }
        append_folded(out, sorted[i].value);
        out += '\n';
    }
}

void append_names(std::string& out, const std::vector<fields::field>& sorted) {
    for (std::size_t i = 0; i < sorted.size(); ++i) {
        if (repeats_previous(sorted, i)) continue;
        if (i != 0) out += ';';
        append_lower(out, sorted[i].name);
    }
}

// One segment of `path`, which loses it and the slash behind it.
std::string_view next_segment(std::string_view& path) noexcept {
    const auto segment = path.substr(0, path.find('/'));
    path.remove_prefix(std::min(segment.size() + 1, path.size()));
    return segment;
}

// RFC 3986, section 5.2.4, and no empty segments.
std::string without_dot_segments(std::string_view path) {
    std::string out;
    bool directory = true;
    while (!path.empty()) {
        directory = path.find('/') != std::string_view::npos;
        const auto segment = next_segment(path);
        if (segment == "..") {
            const auto parent = out.rfind('/');
            out.resize(parent == std::string::npos ? 0 : parent);
            directory = true;
        } else if (segment == ".") {
            directory = true;
        } else if (!segment.empty()) {
            out.append("/").append(segment);
        }
    }
    if (directory) out += '/';
    return out;
}

void append_uri(std::string& out, std::string_view path, canonical_path rule) {
    if (rule == canonical_path::normalized)
        append_percent_encoded(out, without_dot_segments(path), true);
    else
        out += path.empty() ? "/" : path;
}

// As `percent_encode(percent_decode(text))`.
std::string reencoded(std::string_view text) {
    std::string out;
    out.reserve(text.size());
    while (!text.empty()) {
        const auto escaped = leading_escape(text);
        const char c = escaped.value_or(text.front());
        if (is_unreserved(c))
            out += c;
        else
            append_escape(out, c);
        text.remove_prefix(escaped ? 3 : 1);
    }
    return out;
}

using parameter = std::pair<std::string, std::string>;

parameter parse_parameter(std::string_view text) {
    const auto name = text.substr(0, text.find('='));
    const auto value = text.substr(std::min(name.size() + 1, text.size()));
    return {reencoded(name), reencoded(value)};
}

std::vector<parameter> sorted_parameters(std::string_view query) {
    std::vector<parameter> out;
    while (!query.empty()) {
        const auto text = query.substr(0, query.find('&'));
        query.remove_prefix(std::min(text.size() + 1, query.size()));
        if (!text.empty()) out.push_back(parse_parameter(text));
    }
    std::ranges::sort(out);
    return out;
}

void append_query(std::string& out, std::string_view query) {
    bool first = true;
    for (const auto& [name, value] : sorted_parameters(query)) {
        if (!std::exchange(first, false)) out += '&';
        out.append(name).append("=").append(value);
    }
}

}  // namespace

canonical_form canonicalize(const request_head& request, std::string_view payload_hash,
                            canonical_path rule) {
    // What most requests need, in one allocation.
    constexpr std::size_t room_for_headers = 900;
    const std::string_view target = request.target;
    const auto path = target.substr(0, target.find('?'));
    const auto sorted = signed_fields(request.headers);

    canonical_form form;
    auto& text = form.text;
    text.reserve(target.size() + room_for_headers);
    text.append(request.method).append("\n");
    append_uri(text, path, rule);
    text += '\n';
    append_query(text, target.substr(std::min(path.size() + 1, target.size())));
    text += '\n';
    append_headers(text, sorted);
    text += '\n';
    form.names_offset = text.size();
    append_names(text, sorted);
    form.names_size = text.size() - form.names_offset;
    text.append("\n").append(payload_hash);
    return form;
}

}  // namespace cairn::wire
