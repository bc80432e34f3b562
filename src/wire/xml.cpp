#include "wire/xml.hpp"

#include <pugixml.hpp>

#include <algorithm>
#include <utility>

namespace cairn::wire::xml {
namespace {

constexpr unsigned parse_flags = pugi::parse_escapes | pugi::parse_cdata | pugi::parse_eol |
                                 pugi::parse_ws_pcdata_single | pugi::parse_doctype;

error malformed(std::string detail) {
    return error(errc::malformed_reply, "the XML document " + std::move(detail));
}

error too_large(std::string_view what, std::size_t limit) {
    return error(errc::limit_exceeded, "the XML document has more than " + std::to_string(limit) +
                                           " " + std::string(what));
}

// Before parsing, because a tree takes many times the memory of its text.
result<void> check_text(std::string_view text, const limits& bounds) {
    if (text.size() > bounds.max_bytes) return too_large("bytes", bounds.max_bytes);
    const auto nodes = static_cast<std::size_t>(
        std::count_if(text.begin(), text.end(), [](char c) { return c == '<' || c == '='; }));
    if (nodes > bounds.max_nodes) return too_large("nodes", bounds.max_nodes);
    if (text.find('\0') != std::string_view::npos) return malformed("contains a NUL");
    return {};
}

pugi::xml_node first_element(pugi::xml_node node) {
    while (node && node.type() != pugi::node_element) node = node.next_sibling();
    return node;
}

bool has_doctype(const pugi::xml_document& tree) {
    const auto children = tree.children();
    return std::any_of(children.begin(), children.end(),
                       [](const pugi::xml_node& n) { return n.type() == pugi::node_doctype; });
}

// Down the first children, across siblings, and up again: no recursion that a deep document could
// exhaust the stack with.
bool is_deeper_than(pugi::xml_node node, std::size_t limit) {
    std::size_t depth = 1;
    while (node && depth > 0) {
        if (depth > limit) return true;
        if (node.first_child()) {
            node = node.first_child();
            ++depth;
            continue;
        }
        while (node && !node.next_sibling()) {
            node = node.parent();
            --depth;
        }
        if (node) node = node.next_sibling();
    }
    return false;
}

result<void> check_tree(const pugi::xml_document& tree, const limits& bounds) {
    if (has_doctype(tree)) return malformed("has a document type definition");
    const auto root = first_element(tree.first_child());
    if (!root) return malformed("has no element");
    if (first_element(root.next_sibling())) return malformed("has more than one root element");
    if (is_deeper_than(root, bounds.max_depth)) return too_large("levels", bounds.max_depth);
    return {};
}

std::string_view without_prefix(std::string_view name) noexcept {
    const auto colon = name.find(':');
    return colon == std::string_view::npos ? name : name.substr(colon + 1);
}

/// `c` as it must be written in text, or nothing if as it is. Line ends would be normalized away by
/// the reader; other controls are not XML 1.0, but what S3's own documents do with them.
std::string escaped(char c) {
    switch (c) {
        case '&':
            return "&amp;";
        case '<':
            return "&lt;";
        case '>':
            return "&gt;";
        case '"':
            return "&quot;";
        default:
            break;
    }
    constexpr std::string_view hex = "0123456789ABCDEF";
    const auto byte = static_cast<unsigned char>(c);
    if (byte >= 0x20) return {};
    std::string reference = "&#x";
    if (byte >= 0x10) reference += hex[byte >> 4];
    reference += hex[byte & 0x0f];
    return reference + ';';
}

void append_escaped(std::string& out, std::string_view text) {
    for (const char c : text) {
        const auto reference = escaped(c);
        if (reference.empty())
            out += c;
        else
            out += reference;
    }
}

}  // namespace

std::string_view element::name() const noexcept {
    return without_prefix(pugi::xml_node(node_).name());
}

std::string element::text() const {
    std::string text;
    for (const auto& child : pugi::xml_node(node_).children())
        if (child.type() == pugi::node_pcdata || child.type() == pugi::node_cdata)
            text += child.value();
    return text;
}

element element::child(std::string_view wanted) const noexcept {
    const auto found =
        std::find_if(begin(), end(), [&](const element& e) { return e.name() == wanted; });
    return found == end() ? element() : *found;
}

element::iterator element::begin() const noexcept {
    return iterator(first_element(pugi::xml_node(node_).first_child()).internal_object());
}
element::iterator element::end() const noexcept {
    return {};
}

element::iterator& element::iterator::operator++() noexcept {
    node_ = first_element(pugi::xml_node(node_).next_sibling()).internal_object();
    return *this;
}
element::iterator element::iterator::operator++(int) noexcept {
    return std::exchange(*this, ++iterator(*this));
}

document::document(std::unique_ptr<pugi::xml_document> tree) : tree_(std::move(tree)) {}
document::~document() = default;
document::document(document&&) noexcept = default;
document& document::operator=(document&&) noexcept = default;

result<document> document::parse(std::string_view text, const limits& bounds) {
    const auto acceptable = check_text(text, bounds);
    if (!acceptable) return acceptable.error();
    auto tree = std::make_unique<pugi::xml_document>();
    const auto parsed =
        tree->load_buffer(text.data(), text.size(), parse_flags, pugi::encoding_utf8);
    if (!parsed)
        return malformed("is not well-formed at byte " + std::to_string(parsed.offset) + ": " +
                         parsed.description());
    const auto sound = check_tree(*tree, bounds);
    if (!sound) return sound.error();
    return document(std::move(tree));
}

element document::root() const noexcept {
    return element(first_element(tree_->first_child()).internal_object());
}

// Source: XML 1.0, section 2.2.
bool can_hold(std::string_view text) noexcept {
    const auto is_missing = [](char c) {
        return static_cast<unsigned char>(c) < 0x20 && c != '\t' && c != '\n' && c != '\r';
    };
    return std::none_of(text.begin(), text.end(), is_missing) &&
           text.find("\uFFFE") == std::string_view::npos &&
           text.find("\uFFFF") == std::string_view::npos;
}

writer::writer() : out_("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n") {}

void writer::open(std::string_view name, std::string_view xmlns) {
    out_.append("<").append(name);
    if (!xmlns.empty()) {
        out_ += " xmlns=\"";
        append_escaped(out_, xmlns);
        out_ += '"';
    }
    out_ += '>';
    open_.emplace_back(name);
}

void writer::text(std::string_view text) {
    append_escaped(out_, text);
}

void writer::close() {
    out_.append("</").append(open_.back()).append(">");
    open_.pop_back();
}

}  // namespace cairn::wire::xml
