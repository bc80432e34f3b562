#include <cairn/core/workers.hpp>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <gtest/gtest.h>

#include <atomic>
#include <functional>
#include <future>
#include <optional>
#include <thread>

namespace cairn {
namespace {

awaitable<void> run_on(workers& some, std::function<void()> work) {
    co_await some.run(std::move(work));
}

TEST(workers_test, hold_an_execution_context_until_their_work_has_ended) {
    workers some(1);
    std::promise<void> started;
    std::promise<void> go;
    std::atomic<bool> done = false;
    std::optional<asio::io_context> context(std::in_place);
    asio::co_spawn(*context,
                   run_on(some,
                          [&] {
                              started.set_value();
                              go.get_future().wait();
                              for (int i = 0; i < 1000; ++i) std::this_thread::yield();
                              done = true;
                          }),
                   asio::detached);
    context->poll();
    started.get_future().wait();
    std::thread other([&] { go.set_value(); });
    context.reset();
    EXPECT_TRUE(done);
    other.join();
}

}  // namespace
}  // namespace cairn
