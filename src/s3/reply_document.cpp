#include "s3/reply_document.hpp"

#include "s3/validate.hpp"

#include <cairn/core/ascii.hpp>

#include <algorithm>

namespace cairn::s3 {
namespace {

constexpr std::size_t excerpt_bytes = 80;

bool is_space(char c) {
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

std::string_view skip_space(std::string_view text) {
    while (!text.empty() && is_space(text.front())) text.remove_prefix(1);
    return text;
}

std::string_view skip_byte_order_mark(std::string_view text) {
    constexpr std::string_view mark = "\xef\xbb\xbf";
    return text.starts_with(mark) ? text.substr(mark.size()) : text;
}

/// Where `wanted`, in lower case, starts in `text`, in any case.
std::size_t find_in_any_case(std::string_view text, std::string_view wanted) {
    const auto found = std::search(text.begin(), text.end(), wanted.begin(), wanted.end(),
                                   [](char a, char b) { return ascii::to_lower(a) == b; });
    return found == text.end() ? std::string_view::npos
                               : static_cast<std::size_t>(found - text.begin());
}

bool is_html(const wire::response_head& head, std::string_view body) {
    if (ascii::lower(head.headers["content-type"]).starts_with("text/html")) return true;
    const auto start = ascii::lower(body.substr(0, 256));
    return start.find("<!doctype html") != std::string::npos ||
           start.find("<html") != std::string::npos;
}

/// The text of the page's `<title>`, if it has one.
std::string_view title_of(std::string_view page) {
    const auto tag = find_in_any_case(page, "<title");
    if (tag == std::string_view::npos) return {};
    const auto begin = page.find('>', tag);
    if (begin == std::string_view::npos) return {};
    const auto text = page.substr(begin + 1);
    return text.substr(0, text.find('<'));
}

std::string on_one_line(std::string_view text) {
    std::string line;
    for (const char c : skip_space(text)) {
        if (!is_space(c))
            line += c;
        else if (!line.empty() && line.back() != ' ')
            line += ' ';
    }
    while (line.ends_with(' ')) line.pop_back();
    return line;
}

void shorten(std::string& text) {
    if (text.size() <= excerpt_bytes) return;
    text.resize(excerpt_bytes);
    // Not in the middle of a character.
    while (!text.empty() && !is_utf8(text) && text.size() > excerpt_bytes - 4) text.pop_back();
    text += "...";
}

}  // namespace

std::string excerpt(std::string_view body) {
    auto text = on_one_line(title_of(body));
    if (text.empty()) text = on_one_line(body.substr(0, 16 * excerpt_bytes));
    shorten(text);
    return text;
}

result<wire::xml::document> parse_reply(const wire::response_head& head, std::string_view body) {
    const auto start = skip_space(skip_byte_order_mark(body));
    if (start.empty()) return error(errc::malformed_reply, "the reply has no document");
    if (is_html(head, start))
        return error(errc::not_s3, "the reply is a web page: '" + excerpt(start) + "'");
    if (!start.starts_with('<'))
        return error(errc::not_s3, "the reply is not XML: '" + excerpt(start) + "'");
    return wire::xml::document::parse(body);
}

}  // namespace cairn::s3
