#pragma once

#include <cairn/core/clock.hpp>
#include <cairn/wire/time_limits.hpp>
#include <cairn/wire/transport.hpp>

#include <memory>
#include <mutex>
#include <optional>

namespace cairn::wire {

/// Shuts a stream down whose peer keeps its client waiting for too long.
///
/// Cheap enough for every request: what moves is only counted, and its alarm is set once an
/// exchange and looks, when it rings, at what has become of it meanwhile. Thread safety: its alarm
/// may ring on another thread than its user's.
class watch : public std::enable_shared_from_this<watch> {
  public:
    enum class stage { sending, first_byte, receiving };

    /// @param on outlives every time between `begin` and `end`.
    watch(stream& on, std::shared_ptr<clock> time) : stream_(on), clock_(std::move(time)) {}

    /// The peer is waited for from now on.
    /// @param ring_on where the alarm rings, from the first call on.
    void begin(const asio::any_io_executor& ring_on, const time_limits& limits, stage now);
    /// The same, of the next stage.
    void enter(stage next);
    void sent(std::size_t bytes);
    /// Also ends the stage `first_byte`.
    void received(std::size_t bytes);
    /// The peer is not waited for, until `resume`: its client has to do.
    void pause();
    void resume();
    /// Pauses, and leaves no alarm set.
    void end();

    /// A limit that has been passed.
    struct expiry {
        const char* name = "";
        clock::duration limit{};
        std::size_t moved = 0;  ///< Bytes, within it.
    };
    std::optional<expiry> expired() const;

  private:
    void ring();
    void count(std::size_t bytes);
    void stop_waiting();
    void restart();
    void arm();
    clock::duration limit() const;

    stream& stream_;
    const std::shared_ptr<clock> clock_;
    mutable std::mutex mutex_;  // guards what follows
    std::unique_ptr<clock::alarm> alarm_;
    time_limits limits_;
    stage stage_ = stage::sending;
    clock::time_point since_{};  ///< When the stage began, or enough bytes had moved.
    std::size_t moved_ = 0;      ///< Since then.
    bool waiting_ = false;
    clock::time_point paused_{};
    bool armed_ = false;
    std::optional<expiry> expired_;
};

}  // namespace cairn::wire
