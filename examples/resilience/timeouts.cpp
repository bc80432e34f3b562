// A call that hangs is given up after a while, and tried again in the time that is left.

#include <cairn/resilience.hpp>

#include <boost/asio.hpp>

#include <iostream>

namespace asio = boost::asio;
using namespace std::chrono_literals;

namespace {

asio::awaitable<void> wait(std::chrono::nanoseconds for_so_long) {
    asio::steady_timer timer(co_await asio::this_coro::executor, for_so_long);
    co_await timer.async_wait(asio::use_awaitable);
}

class service {
  public:
    asio::awaitable<cairn::result<int>> ask() {
        std::cout << "call " << ++calls_ << '\n';
        if (calls_ == 1) co_await wait(1h);
        co_return 42;
    }
    asio::awaitable<cairn::result<int>> hang() {
        co_await wait(1h);
        co_return 0;
    }

  private:
    int calls_ = 0;
};

asio::awaitable<void> run() {
    service oracle;
    cairn::retry_policy policy;
    policy.idempotent = true;  // who gives up doesn't know what has been done
    const auto guarded =
        cairn::total_deadline(2s) | cairn::retry(policy) | cairn::attempt_timeout(100ms);
    const auto ask = [&] { return oracle.ask(); };
    const auto answer = co_await guarded(ask);
    std::cout << "the answer is " << answer.value() << '\n';

    const auto hasty = cairn::total_deadline(100ms);
    const auto hang = [&] { return oracle.hang(); };
    const auto late = co_await hasty(hang);
    std::cout << late.error().what() << '\n';
}

}  // namespace

int main() {
    asio::io_context context;
    asio::co_spawn(context, run(), asio::detached);
    context.run();
}
