#pragma once

#include <cairn/core/result.hpp>

#include <cstdint>
#include <optional>
#include <string>

namespace cairn::s3 {

/// Where a listing goes on, decided from page to page.
class page_cursor {
  public:
    explicit page_cursor(std::optional<std::string> start) : token_(std::move(start)) {}

    bool done() const noexcept { return done_; }
    /// What to ask the next page with; nothing for the first.
    const std::optional<std::string>& token() const noexcept { return token_; }

    /// Takes what a page says of the next one. Fails with `malformed_reply`, and stays where it is,
    /// when the page gives no way on, or one that has been gone before.
    result<void> advance(bool more, const std::optional<std::string>& next);

  private:
    std::optional<std::string> token_;
    bool done_ = false;
    // Brent's cycle detection: every token is compared with one that is kept ever longer, so that a
    // loop of any length is found without keeping all tokens.
    std::string landmark_;
    std::uint64_t since_landmark_ = 0;
    std::uint64_t landmark_age_ = 1;
};

}  // namespace cairn::s3
