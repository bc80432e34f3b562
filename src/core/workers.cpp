#include "core/cancellation.hpp"
#include "core/completion.hpp"

#include <cairn/core/workers.hpp>

#include <boost/asio/post.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/thread_pool.hpp>

#include <atomic>
#include <exception>
#include <utility>

namespace cairn {
namespace {

struct piece_of_work : completion {
    explicit piece_of_work(std::function<void()> w) : work(std::move(w)) {}

    void run() noexcept {
        try {
            work();
        } catch (...) {
            failed = std::current_exception();
        }
        complete();
        ended = true;
        ended.notify_all();
    }

    std::function<void()> work;
    std::exception_ptr failed;
    std::atomic<bool> ended = false;
};

// What work refers to lies in its coroutine's frame and those of its callers, which an execution
// context destroys with itself.
class until_ended {
  public:
    explicit until_ended(std::shared_ptr<piece_of_work> of) : of_(std::move(of)) {}
    until_ended(const until_ended&) = delete;
    until_ended& operator=(const until_ended&) = delete;
    ~until_ended() { of_->ended.wait(false); }

  private:
    std::shared_ptr<piece_of_work> of_;
};

void do_nothing() {}

}  // namespace

class workers::pool {
  public:
    explicit pool(std::size_t threads) : threads_(threads) {}
    ~pool() { threads_.join(); }

    void run(const std::shared_ptr<piece_of_work>& piece) {
        asio::post(threads_, [piece] { piece->run(); });
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
    const auto piece = std::make_shared<piece_of_work>(std::move(work));
    pool_->run(piece);
    const until_ended held(piece);
    std::function<void()> when_canceled = do_nothing;
    co_await piece->wait(std::move(when_canceled));
    if (piece->failed) std::rethrow_exception(piece->failed);
    throw_if_cancelled(co_await asio::this_coro::cancellation_state);
}

}  // namespace cairn
