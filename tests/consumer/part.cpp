#include <cairn/resilience.hpp>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>

#include <exception>
#include <iostream>

#if defined(CAIRN_VERSION) || defined(BOOST_ASIO_NO_DEPRECATED)
#error "cairn's own definitions have reached its user"
#endif

namespace {

int calls = 0;

cairn::awaitable<cairn::result<int>> ask() {
    if (++calls < 3) co_return cairn::error(cairn::errc::connection_lost, "the line is dead");
    co_return 42;
}

cairn::awaitable<int> ask_again() {
    const cairn::retry again;
    co_return (co_await again(ask)).value();
}

}  // namespace

int main() {
    int answer = 0;
    boost::asio::io_context context;
    boost::asio::co_spawn(context, ask_again(), [&](std::exception_ptr failed, int told) {
        if (failed) std::rethrow_exception(failed);
        answer = told;
    });
    context.run();
    std::cout << "call " << calls << ": " << answer << '\n';
    return answer == 42 && calls == 3 ? 0 : 1;
}
