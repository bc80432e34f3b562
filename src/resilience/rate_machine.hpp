#pragma once

#include <cairn/core/clock.hpp>

#include <cstddef>

namespace cairn {

/// The decisions of a rate limit, without its waits: the generic cell rate algorithm (ITU-T I.371),
/// which is a token bucket that needs to remember no more than one point in time.
class rate_machine {
  public:
    using time_point = clock::time_point;

    rate_machine(double per_second, double burst);

    /// The time until a call may begin, when so many begin before it.
    clock::duration wait(time_point now, std::size_t ahead) const;
    /// A call begins.
    void begin(time_point at);

  private:
    clock::duration interval_;
    clock::duration tolerance_;
    time_point next_{};  ///< When the next call comes if all come at the rate.
};

}  // namespace cairn
