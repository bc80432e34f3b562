#include "core/cancellation.hpp"
#include "core/completion.hpp"

#include <cairn/core/workers.hpp>

#include <boost/asio/execution/context.hpp>
#include <boost/asio/execution_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/query.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/thread_pool.hpp>

#include <condition_variable>
#include <exception>
#include <mutex>
#include <utility>

namespace cairn {
namespace {

class counter {
  public:
    void begin() {
        const std::lock_guard lock(mutex_);
        ++count_;
    }
    void end() {
        const std::lock_guard lock(mutex_);
        if (--count_ == 0) none_.notify_all();
    }
    void wait_for_none() {
        std::unique_lock lock(mutex_);
        none_.wait(lock, [this] { return count_ == 0; });
    }

  private:
    std::mutex mutex_;
    std::condition_variable none_;
    std::size_t count_ = 0;
};

// What is worked on for the coroutines of one execution context. A context that ends waits for it:
// work refers to their frames, which go with the context, and its end wakes them by a timer.
class work_in_hand final : public asio::execution_context::service {
  public:
    // NOLINTNEXTLINE(bugprone-throwing-static-initialization): Asio's, which throws nothing.
    inline static asio::execution_context::id id;
    explicit work_in_hand(asio::execution_context& of) : service(of) {}

    static std::shared_ptr<counter> of(const asio::any_io_executor& executor) {
        // Services end in the reverse of the order in which they were made: timers' is made first.
        const asio::steady_timer timers(executor);
        auto& context = asio::query(executor, asio::execution::context);
        return asio::use_service<work_in_hand>(context).count_;
    }

  private:
    void shutdown() override { count_->wait_for_none(); }

    std::shared_ptr<counter> count_ = std::make_shared<counter>();
};

struct piece_of_work : completion {
    piece_of_work(std::function<void()> w, std::shared_ptr<counter> in)
        : work(std::move(w)), in_hand(std::move(in)) {}

    void run() noexcept {
        try {
            work();
        } catch (...) {
            failed = std::current_exception();
        }
        complete();
        in_hand->end();
    }

    std::function<void()> work;
    std::shared_ptr<counter> in_hand;
    std::exception_ptr failed;
};

void do_nothing() {}

}  // namespace

class workers::pool {
  public:
    explicit pool(std::size_t threads) : threads_(threads) {}
    ~pool() { threads_.join(); }

    void run(const std::shared_ptr<piece_of_work>& piece) {
        piece->in_hand->begin();
        try {
            asio::post(threads_, [piece] { piece->run(); });
        } catch (...) {
            piece->in_hand->end();
            throw;
        }
    }

  private:
    asio::thread_pool threads_;
};

workers::workers(std::size_t threads)
    : pool_(threads > 0 ? std::make_unique<pool>(threads) : nullptr) {}

workers::~workers() = default;

awaitable<void> workers::run(std::function<void()> work) {
    if (!pool_) {
        work();
        co_return;
    }
    auto in_hand = work_in_hand::of(co_await asio::this_coro::executor);
    const auto piece = std::make_shared<piece_of_work>(std::move(work), std::move(in_hand));
    pool_->run(piece);
    std::function<void()> when_canceled = do_nothing;
    co_await piece->wait(std::move(when_canceled));
    if (piece->failed) std::rethrow_exception(piece->failed);
    throw_if_cancelled(co_await asio::this_coro::cancellation_state);
}

}  // namespace cairn
