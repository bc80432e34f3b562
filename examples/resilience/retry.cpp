// A service that fails now and then, asked again until it answers.

#include <cairn/resilience.hpp>

#include <boost/asio.hpp>

#include <iostream>

namespace asio = boost::asio;
using namespace std::chrono_literals;

namespace {

class flaky_service {
  public:
    asio::awaitable<cairn::result<int>> ask() {
        std::cout << "call " << ++calls_ << '\n';
        if (calls_ < 3) co_return cairn::error(cairn::errc::connection_lost, "the line is dead");
        co_return 42;
    }

  private:
    int calls_ = 0;
};

asio::awaitable<void> run() {
    flaky_service service;
    const cairn::retry again;  // 3 attempts, with a pause of up to 50 ms, then of up to 100
    const auto ask = [&] { return service.ask(); };
    const auto answer = co_await again(ask);
    std::cout << "the answer is " << answer.value() << '\n';
}

}  // namespace

int main() {
    asio::io_context context;
    asio::co_spawn(context, run(), asio::detached);
    context.run();
}
