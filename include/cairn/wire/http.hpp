#pragma once

#include <cairn/core/result.hpp>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace cairn::wire {

/// Header fields in order, names compared without case (RFC 9110, section 5.1). One allocation for
/// the text of all of them; views stay valid until the next change.
class fields {
  public:
    struct field {
        std::string_view name;
        std::string_view value;
    };

    /// Throws `std::length_error` when the text of all fields would exceed 4 GiB.
    void add(std::string_view name, std::string_view value);
    /// Replaces every field of this name by one.
    void set(std::string_view name, std::string_view value);
    void erase(std::string_view name);
    void clear() noexcept;

    /// The first field of this name.
    std::optional<std::string_view> find(std::string_view name) const noexcept;
    /// The first field of this name, or an empty view.
    std::string_view operator[](std::string_view name) const noexcept;
    bool contains(std::string_view name) const noexcept { return find(name).has_value(); }

    std::size_t size() const noexcept { return slots_.size(); }
    field at(std::size_t index) const noexcept {
        const auto& s = slots_[index];
        const char* name = text_.data() + s.offset;
        return {{name, s.name_size}, {name + s.name_size, s.value_size}};
    }

    class iterator {
      public:
        iterator(const fields& owner, std::size_t index) : owner_(&owner), index_(index) {}
        field operator*() const noexcept { return owner_->at(index_); }
        iterator& operator++() noexcept { return ++index_, *this; }
        bool operator==(const iterator& other) const noexcept { return index_ == other.index_; }

      private:
        const fields* owner_;
        std::size_t index_;
    };
    iterator begin() const noexcept { return {*this, 0}; }
    iterator end() const noexcept { return {*this, size()}; }

  private:
    struct slot {
        std::uint32_t offset, name_size, value_size;
    };
    void append_text(std::string_view name, std::string_view value);
    void replace_value(std::size_t index, std::string_view value);
    void erase_slot(std::size_t index);
    void erase_repeats(std::size_t first);
    /// `size()` when there is none.
    std::size_t index_of(std::string_view name) const noexcept;
    static std::uint64_t bit_of_length(std::size_t length) noexcept {
        return std::uint64_t{1} << (length % 64);
    }

    std::string text_;
    std::vector<slot> slots_;
    std::uint64_t name_lengths_ = 0;  ///< A bit for each length of a name, gone ones included.
};

/// A request's start line and header fields.
struct request_head {
    std::string method;
    /// As sent: the percent-encoded path, and `?` and the query if there is one.
    std::string target;
    /// `Host` included; framing fields (`Content-Length`) too.
    fields headers;
};

/// Whether `request` can be sent without its parts running into each other: method and header names
/// are tokens, the target is visible ASCII, header values have no control characters but tab (so no
/// CR, LF or NUL). Fails with `invalid_argument`, which names the part and never shows a value.
/// Source: RFC 9110, sections 5.1, 5.5 and 9.1; RFC 9112, section 3.2.
result<void> validate(const request_head& request);

/// A final reply's status line and header fields.
struct response_head {
    unsigned status = 0;
    bool keep_alive = false;  ///< The peer lets the connection be used again.
    fields headers;
};

/// Percent-encoding as SigV4 and S3 have it: everything but `A-Z a-z 0-9 - . _ ~`, and `/` if it is
/// kept.
std::string percent_encode(std::string_view text, bool keep_slash = false);
/// Appends what `percent_encode` gives to `out`.
void append_percent_encoded(std::string& out, std::string_view text, bool keep_slash = false);
/// The inverse; a `%` that starts no escape stands for itself.
std::string percent_decode(std::string_view text);

}  // namespace cairn::wire
