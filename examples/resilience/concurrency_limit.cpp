// Five guests at a table for two: two eat, two wait, one is sent away.

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

asio::awaitable<cairn::result<void>> eat() {
    co_await wait(50ms);
    co_return cairn::result<void>();
}

asio::awaitable<void> guest(int number, cairn::concurrency_limit table) {
    const auto fed = co_await table(eat);
    std::cout << "guest " << number << ": " << (fed ? "fed" : fed.error().what()) << '\n';
}

}  // namespace

int main() {
    asio::io_context context;
    const cairn::concurrency_limit table(2, 2);
    for (int i = 1; i <= 5; ++i) asio::co_spawn(context, guest(i, table), asio::detached);
    context.run();
}
