#pragma once

#include <cairn/core/asio.hpp>

#include <memory>
#include <mutex>

namespace cairn {

/// One coroutine's wait for something that happens elsewhere: ended once, by `complete()` from any
/// thread or by the waiting coroutine's cancellation, whichever is first.
class completion : public std::enable_shared_from_this<completion> {
  public:
    completion();
    virtual ~completion();
    /// Ends the wait, or the one to come. False when cancellation was faster: the waiter has gone.
    bool complete();
    /// Waits. True: completed; false: canceled. To be called once, on an object held by
    /// `shared_ptr`.
    awaitable<bool> wait();

  private:
    struct resumption;
    template <class Handler>
    struct resumption_of;

    enum class state { pending, completed, canceled };

    bool end(state how);

    std::mutex mutex_;
    state state_ = state::pending;
    std::unique_ptr<resumption> waiter_;
};

}  // namespace cairn
