// Calls that begin at most twenty times a second.

#include <cairn/resilience.hpp>

#include <boost/asio.hpp>

#include <iostream>

namespace asio = boost::asio;
using namespace std::chrono_literals;

namespace {

asio::awaitable<cairn::result<void>> tick() {
    co_return cairn::result<void>();
}

asio::awaitable<void> run() {
    const cairn::rate_limit limit(20);
    const auto from = std::chrono::steady_clock::now();
    for (int i = 0; i < 5; ++i) {
        const auto done = co_await limit(tick);
        const auto passed = std::chrono::steady_clock::now() - from;
        std::cout << "call " << i << (done ? " after " : " failed after ")
                  << std::chrono::floor<std::chrono::milliseconds>(passed).count() << " ms\n";
    }
    const bool held = std::chrono::steady_clock::now() - from >= 200ms;
    std::cout << (held ? "the limit held" : "too fast") << '\n';
}

}  // namespace

int main() {
    asio::io_context context;
    asio::co_spawn(context, run(), asio::detached);
    context.run();
}
