#pragma once

#include <cairn/core/asio.hpp>

#include <exception>
#include <memory>
#include <mutex>
#include <vector>

namespace cairn {

class completion;
class task;

/// Coroutines that run at once, beside another one that waits for all of them.
///
/// Lifetime: held by `shared_ptr`; what the tasks refer to outlives `run`. Thread safety: `cancel`
/// may come from any thread.
class task_group : public std::enable_shared_from_this<task_group> {
  public:
    task_group();
    ~task_group();

    /// Adds a task, before `run`. Its executor is a strand wherever several threads run the
    /// context.
    void add(asio::any_io_executor executor, awaitable<void> work);
    /// Starts all tasks and waits until each has ended. When one throws, the others are cancelled
    /// and the exception is thrown here; the end of a cancelled one is no exception.
    ///
    /// Cancellation: cancels all, waits for them, and throws `operation_aborted`.
    awaitable<void> run();
    /// Cancels every task that has not ended, started or not.
    void cancel();

  private:
    void start();
    void ended(const std::exception_ptr& failed);
    void release();

    std::vector<std::shared_ptr<task>> tasks_;
    std::shared_ptr<completion> all_ended_;
    std::mutex mutex_;
    std::size_t running_ = 0;
    std::exception_ptr failed_;
};

}  // namespace cairn
