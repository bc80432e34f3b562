#pragma once

#include "../common/content.hpp"

#include <optional>
#include <span>

namespace cairn::bench {

/// The bytes behind a reply's head. Throws `std::runtime_error` unless the head is all there, and
/// that of a success with a body of `expected_bytes`.
std::span<const char> behind_head(std::span<const char> bytes, std::uint64_t expected_bytes);

/// The least that must be understood of a reply to know where it ends and that it is right.
class reply {
  public:
    explicit reply(const slice& expected_body) : body_(expected_body) {}

    /// Takes the next bytes; true at the reply's end. Throws `std::runtime_error` on a wrong one.
    bool feed(std::span<const char> bytes);

  private:
    bool in_body_ = false;
    content_check body_;
};

}  // namespace cairn::bench
