#pragma once

#include <cairn/observe/event.hpp>

#include <atomic>
#include <functional>
#include <memory>
#include <string>

namespace cairn::observe {

/// Who hears of events: a log, metrics, a test.
///
/// Thread safety: `on` is called from whatever thread an event happens on, from several at once,
/// and holds the call up while it runs.
class sink {
  public:
    virtual ~sink() = default;
    virtual void on(const event& e) noexcept = 0;

    /// Names a call, from 1.
    std::uint64_t next_call() noexcept { return ++calls_; }

  private:
    std::atomic<std::uint64_t> calls_ = 0;
};

/// Every event as a line of text, for a log of any kind.
///
/// @param write is called from any thread, several at once; what it throws is dropped. Not null,
/// else throws `std::invalid_argument`.
std::shared_ptr<sink> line_sink(std::function<void(const std::string& line)> write);

/// Where the events of one call, or of one shared thing, are told. One that is made without a sink
/// tells nobody, and is false: ask before an event is put together.
///
/// Lifetime: sink and clock outlive it.
class trace {
  public:
    trace() = default;
    /// Of what calls share.
    trace(sink* to, const clock* time) noexcept : sink_(to), clock_(time) {}

    /// Of a new call.
    trace of_call() const noexcept {
        trace call = *this;
        if (sink_) call.call_ = sink_->next_call();
        return call;
    }

    explicit operator bool() const noexcept { return sink_ != nullptr; }
    /// Precondition, as for `tell`: there is a sink.
    clock::time_point now() const noexcept { return clock_->now(); }
    void tell(const event::type& what) const noexcept { sink_->on({call_, now(), what}); }

  private:
    sink* sink_ = nullptr;
    const clock* clock_ = nullptr;
    std::uint64_t call_ = 0;
};

}  // namespace cairn::observe
