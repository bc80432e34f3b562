// A service that is down is left alone for a while, then tried again.

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
        if (++calls_ <= 5) co_return cairn::error(cairn::errc::connect_failed, "nobody is there");
        co_return 42;
    }

  private:
    int calls_ = 0;
};

asio::awaitable<void> run() {
    cairn::circuit_breaker_options options;
    options.name = "the oracle";
    options.minimum_calls = 5;
    options.open_for = 200ms;
    const cairn::circuit_breaker breaker(options);

    service oracle;
    const auto ask = [&] { return oracle.ask(); };
    for (int i = 1; i <= 10; ++i) {
        const auto answer = co_await breaker(ask);
        std::cout << i << ": " << (answer ? "42" : answer.error().what()) << '\n';
        const bool open = breaker.current() == cairn::circuit_breaker::state::open;
        if (i > 5 && open) co_await wait(answer.error().retry_after());
    }
    const bool closed = breaker.current() == cairn::circuit_breaker::state::closed;
    std::cout << "the breaker is " << (closed ? "closed" : "open") << '\n';
}

}  // namespace

int main() {
    asio::io_context context;
    asio::co_spawn(context, run(), asio::detached);
    context.run();
}
