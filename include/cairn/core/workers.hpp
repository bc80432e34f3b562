#pragma once

#include <cairn/core/asio.hpp>

#include <cstddef>
#include <functional>
#include <memory>

namespace cairn {

/// A few threads for what would hold up an event loop: files, compression, long hashes.
///
/// Thread safety: safe to use from many coroutines and threads at once. Lifetime: held by
/// `shared_ptr` by whoever runs work on it; its end waits for work under way.
class workers {
  public:
    /// @param threads 0: work runs at once, on the thread that asks for it, as simulations need it.
    explicit workers(std::size_t threads);
    workers(const workers&) = delete;
    workers& operator=(const workers&) = delete;
    ~workers();

    /// Runs `work` on one of the threads, and resumes the caller on its own executor. Rethrows what
    /// it throws.
    ///
    /// Cancellation: work can't be interrupted; waits for its end, so that what it refers to may go
    /// then, and throws `operation_aborted`. An execution context that is destroyed waits, too.
    awaitable<void> run(std::function<void()> work);

  private:
    class pool;
    std::unique_ptr<pool> pool_;
};

}  // namespace cairn
