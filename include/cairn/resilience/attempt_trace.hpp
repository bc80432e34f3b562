#pragma once

#include <cairn/observe/sink.hpp>
#include <cairn/resilience/retry_policy.hpp>

namespace cairn {

/// Counts the attempts of one call, and tells of each. Without a sink it costs a branch an event.
class attempt_trace {
  public:
    explicit attempt_trace(observe::trace told) : told_(told) {}

    void began() {
        ++number_;
        if (told_) tell_began();
    }
    /// @param failed null: it succeeded.
    void ended(const error* failed) const {
        if (told_) tell_ended(failed);
    }
    /// What comes after an attempt that failed.
    void decided(const retry_machine::decision& next) const {
        if (told_) tell_decided(next);
    }
    unsigned count() const noexcept { return number_; }
    /// When the present attempt began; known if there is a sink.
    clock::time_point began_at() const noexcept { return from_; }

  private:
    void tell_began();
    void tell_ended(const error* failed) const;
    void tell_decided(const retry_machine::decision& next) const;

    observe::trace told_;
    clock::time_point from_{};  ///< Of the present attempt.
    unsigned number_ = 0;
};

}  // namespace cairn
