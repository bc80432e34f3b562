// A service that is mostly quick and sometimes slow: a second call overtakes a slow one.

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
        const int call = ++calls_;
        co_await wait(call == 3 ? 10'000ms : 5ms);
        co_return call;
    }

  private:
    int calls_ = 0;
};

asio::awaitable<void> run() {
    service oracle;
    const cairn::hedge both;  // the second call starts after 50 ms, or later if most take longer
    const auto ask = [&] { return oracle.ask(); };
    for (int i = 1; i <= 4; ++i) {
        const auto from = std::chrono::steady_clock::now();
        const auto answered = co_await both(ask);
        const auto passed = std::chrono::steady_clock::now() - from;
        std::cout << "question " << i << ": call " << answered.value() << " answered after "
                  << std::chrono::floor<std::chrono::milliseconds>(passed).count() << " ms\n";
    }
}

}  // namespace

int main() {
    asio::io_context context;
    asio::co_spawn(context, run(), asio::detached);
    context.run();
}
