#pragma once

#include <cairn/core/clock.hpp>

#include <memory>
#include <string>
#include <string_view>

namespace cairn::testing {

/// What has happened in a simulation, in order: a line an event, with the seconds since its begin.
///
/// Thread safety: none.
class trace {
  public:
    explicit trace(std::shared_ptr<const clock> time);

    /// Adds a line, `event` without its end.
    void add(std::string_view event);
    /// All lines. A simulation of the same program with the same seed gives the same ones.
    const std::string& text() const noexcept { return text_; }

  private:
    std::shared_ptr<const clock> clock_;
    clock::time_point begin_;
    std::string text_;
};

}  // namespace cairn::testing
