#pragma once

#include <cairn/core/clock.hpp>

#include <cstddef>

namespace cairn {

/// The decisions of an adaptive rate: a token bucket whose rate follows what the service takes, by
/// the CUBIC of congestion control.
///
/// Source: AWS's retry behaviour, adaptive mode, with its numbers; RFC 9438 for the curve.
class adaptive_machine {
  public:
    using time_point = clock::time_point;

    explicit adaptive_machine(time_point now);

    /// The time until a call may begin, when so many begin before it.
    clock::duration wait(time_point now, std::size_t ahead);
    /// A call begins.
    void begin(time_point at);
    /// A call's end.
    void ended(bool throttled, time_point now);

    /// Calls a second; zero until a call is throttled.
    double rate() const noexcept { return limits_ ? fill_rate_ : 0; }
    /// Calls a second that have ended of late.
    double measured_rate() const noexcept { return measured_rate_; }
    /// What the rate is to be, bounds aside, `now`.
    double wanted_rate(time_point now) const;

  private:
    void measure(time_point now);
    void fill(time_point now);
    void set_rate(double wanted, time_point now);

    const time_point start_;
    bool limits_ = false;

    double fill_rate_ = 0;
    double capacity_ = 0;
    double tokens_ = 0;
    time_point filled_at_;

    double measured_rate_ = 0;
    long counted_in_ = 0;  ///< The half second that counting began with.
    unsigned count_ = 0;

    double last_max_rate_ = 0;  ///< When a call was last throttled.
    time_point throttled_at_;
};

}  // namespace cairn
