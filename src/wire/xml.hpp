#pragma once

#include <cairn/core/result.hpp>

#include <cstddef>
#include <iterator>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace pugi {
class xml_document;
struct xml_node_struct;
}  // namespace pugi

/// XML as S3 uses it: elements and text, read from servers that are not trusted, and written.
namespace cairn::wire::xml {

/// Bounds of a document.
struct limits {
    limits() = default;
    std::size_t max_bytes = 64 * 1024 * 1024;
    std::size_t max_depth = 64;
    /// Elements and attributes, about; each costs some 100 bytes of memory.
    std::size_t max_nodes = 1'000'000;
};

/// An element of a document, or none. Valid as long as its document.
class element {
  public:
    class iterator;

    element() = default;
    explicit element(pugi::xml_node_struct* node) : node_(node) {}

    explicit operator bool() const noexcept { return node_ != nullptr; }
    bool operator==(const element&) const = default;

    /// The name without its namespace prefix.
    std::string_view name() const noexcept;
    /// All text directly in it.
    std::string text() const;
    /// The first child element of this name; none if there isn't one, or this is none.
    element child(std::string_view wanted) const noexcept;

    /// Child elements, in order.
    iterator begin() const noexcept;
    iterator end() const noexcept;

  private:
    pugi::xml_node_struct* node_ = nullptr;
};

class element::iterator {
  public:
    using iterator_category = std::forward_iterator_tag;
    using value_type = element;
    using difference_type = std::ptrdiff_t;
    using pointer = const element*;
    using reference = element;

    iterator() = default;
    explicit iterator(pugi::xml_node_struct* node) : node_(node) {}
    element operator*() const noexcept { return element(node_); }
    iterator& operator++() noexcept;
    iterator operator++(int) noexcept;
    bool operator==(const iterator&) const = default;

  private:
    pugi::xml_node_struct* node_ = nullptr;
};

/// A document that has been read.
class document {
  public:
    /// Fails with `malformed_reply` when `text` is not one well-formed element or has a document
    /// type definition, and with `limit_exceeded` beyond a limit.
    static result<document> parse(std::string_view text, const limits& bounds = {});
    ~document();
    document(document&&) noexcept;
    document& operator=(document&&) noexcept;

    element root() const noexcept;

  private:
    explicit document(std::unique_ptr<pugi::xml_document> tree);
    std::unique_ptr<pugi::xml_document> tree_;
};

/// Whether XML 1.0 has every character of `text`, which is UTF-8: it lacks controls but tab and
/// line ends, and U+FFFE and U+FFFF. S3 reads and writes them all the same; other servers refuse
/// them.
bool can_hold(std::string_view text) noexcept;

/// Writes a document, element by element.
class writer {
  public:
    writer();
    /// Starts an element; `xmlns`, if not empty, is its namespace.
    void open(std::string_view name, std::string_view xmlns = {});
    void text(std::string_view text);
    /// Ends the innermost open element.
    void close();

    /// The document; every element must have been closed.
    std::string take() && { return std::move(out_); }

  private:
    std::string out_;
    std::vector<std::string> open_;
};

}  // namespace cairn::wire::xml
