#pragma once

#include <cairn/resilience/circuit_breaker.hpp>

#include <array>
#include <variant>

namespace cairn {

/// A circuit breaker's decisions: told the time, it has no clock and no lock of its own.
///
/// Every admission belongs to a generation, which ends when the state changes: what a call of an
/// earlier one comes to says nothing of the present.
class breaker_machine {
  public:
    using state = circuit_breaker::state;
    using time_point = clock::time_point;

    struct admitted {
        std::uint64_t generation;
    };
    struct rejected {
        clock::duration retry_after;  ///< Zero when nobody knows.
        bool by_hand = false;
    };

    /// @param options outlive the machine.
    explicit breaker_machine(const circuit_breaker_options& options) : options_(options) {}

    std::variant<admitted, rejected> admit(time_point now);
    /// The end of an admitted call. Each admission ends once.
    /// @param jitter from 0 to 1.
    void ended(std::uint64_t generation, health how, time_point now, double jitter);
    void isolate();
    void reset();
    state current(time_point now);
    /// The same, as it was when the machine was last told the time.
    state last() const noexcept { return state_; }

  private:
    struct bucket {
        std::int64_t number = -1;  ///< Which part of time it counts.
        unsigned good = 0;
        unsigned bad = 0;
    };
    static constexpr std::size_t buckets = 10;

    void advance(time_point now);
    void count(health how);
    bool must_open() const;
    void open(double jitter);
    void enter(state next);
    std::int64_t bucket_number() const;

    const circuit_breaker_options& options_;
    state state_ = state::closed;
    std::uint64_t generation_ = 0;
    time_point now_{};  ///< The latest that it was told; time never goes back.
    std::array<bucket, buckets> window_{};
    time_point open_until_{};
    unsigned openings_ = 0;  ///< In a row.
    unsigned probing_ = 0;
    unsigned probed_ = 0;
    time_point probed_at_{};  ///< When the latest probe was let through.
};

}  // namespace cairn
