#pragma once

#include <cairn/core/asio.hpp>

#include <functional>
#include <memory>
#include <mutex>

namespace cairn {

/// One coroutine's wait for something that happens elsewhere, once.
///
/// Thread safety: `complete` may come from any thread.
class completion : public std::enable_shared_from_this<completion> {
  public:
    virtual ~completion() = default;
    /// Ends the wait, or the one to come. False when it has ended before: the waiter has gone.
    bool complete();
    /// Waits. True: completed; false: canceled. To be called once, on an object held by
    /// `shared_ptr`.
    awaitable<bool> wait();
    /// Waits until completed, come what may; cancellation only calls `when_canceled`.
    awaitable<void> wait(std::function<void()> when_canceled);

  private:
    enum class state { pending, completed, canceled };
    class alarm;

    bool end(state how);

    std::mutex mutex_;
    state state_ = state::pending;
    alarm* alarm_ = nullptr;
};

}  // namespace cairn
