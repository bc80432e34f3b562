#pragma once

#include <cairn/core/asio.hpp>

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>

#include <exception>
#include <functional>
#include <memory>
#include <utility>

namespace cairn {

/// A coroutine beside another one, which may be cancelled at any point of its life.
///
/// Lifetime: held by `shared_ptr`; what the work refers to outlives it.
class task : public std::enable_shared_from_this<task> {
  public:
    /// @param executor a strand wherever several threads run the context.
    task(asio::any_io_executor executor, awaitable<void> work);

    /// To be called once. `ended` is called with what the work threw.
    template <class Handler>
    void start(Handler ended) {
        asio::co_spawn(executor_, body(shared_from_this()),
                       asio::bind_cancellation_slot(signal_.slot(), std::move(ended)));
    }
    /// Starts it, waits until it has ended, and rethrows what it threw. To be called once.
    ///
    /// Cancellation: cancels it, and waits for its end.
    awaitable<void> run();
    /// The same, but that cancellation only calls `when_cancelled`.
    awaitable<void> run(std::function<void()> when_cancelled);
    /// Cancels it unless it has ended, started or not. From any thread.
    void cancel();

  private:
    enum class stage { waiting, running, cancelled, over };
    class running;

    static awaitable<void> body(std::shared_ptr<task> self);
    void cancel_now();

    asio::any_io_executor executor_;
    awaitable<void> work_;
    // Touched on the executor only, once it has been started.
    asio::cancellation_signal signal_;
    stage now_ = stage::waiting;
};

}  // namespace cairn
