// A service that takes only so much: its callers find out how much, and keep to it.

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

// Complains once, about its fiftieth call.
class service {
  public:
    asio::awaitable<cairn::result<void>> ask() {
        co_await wait(20ms);
        if (++calls_ == 50) co_return cairn::error(cairn::errc::throttled, "not so fast");
        co_return cairn::result<void>();
    }

  private:
    int calls_ = 0;
};

asio::awaitable<void> run() {
    service busy;
    const cairn::adaptive_rate rate;
    const auto guarded = cairn::retry() | rate;
    const auto ask = [&] { return busy.ask(); };
    for (int i = 1; i <= 80; ++i) {
        const auto done = co_await guarded(ask);
        if (i % 20 > 0) continue;
        std::cout << i << (done ? " calls: " : " calls, the last of which failed: ");
        if (rate.current() > 0)
            std::cout << rate.current() << " a second\n";
        else
            std::cout << "as fast as they come\n";
    }
}

}  // namespace

int main() {
    asio::io_context context;
    asio::co_spawn(context, run(), asio::detached);
    context.run();
}
