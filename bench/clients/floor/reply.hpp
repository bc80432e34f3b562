#pragma once

#include "../common/content.hpp"

#include <optional>
#include <span>

namespace cairn::bench {

/// The least that must be understood of a reply to know where it ends and that it is right.
class reply {
  public:
    explicit reply(const slice& expected_body) : body_(expected_body) {}

    /// Takes the next bytes; true at the reply's end. Throws `std::runtime_error` on a wrong one.
    bool feed(std::span<const char> bytes);

  private:
    std::span<const char> read_head(std::span<const char> bytes);

    bool in_body_ = false;
    content_check body_;
};

}  // namespace cairn::bench
