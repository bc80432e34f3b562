#include "core/run_until.hpp"

#include "support/io.hpp"

#include <boost/asio/post.hpp>
#include <boost/asio/thread_pool.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/use_future.hpp>

#include <future>
#include <vector>

namespace cairn {
namespace {

using namespace std::chrono_literals;

class run_until_test : public test::io {
  protected:
    awaitable<void> sleep(clock::duration d) { return time->sleep_until(time->now() + d); }
    awaitable<bool> limited(clock::duration limit, awaitable<void> work) {
        return cairn::run_until(*time, time->now() + limit, std::move(work));
    }
};

TEST_F(run_until_test, WorkThatEndsInTime) {
    EXPECT_FALSE(run(limited(2s, sleep(1s))));
    EXPECT_FALSE(time->advance_to_next()) << "its alarm has gone";
}

TEST_F(run_until_test, WorkThatDoesNotIsCancelled) {
    const auto from = time->now();
    EXPECT_TRUE(run(limited(1s, sleep(2s))));
    EXPECT_EQ(time->now() - from, 1s);
}

TEST_F(run_until_test, ExceptionsComeThrough) {
    const auto fails = []() -> awaitable<void> {
        throw std::runtime_error("no");
        co_return;
    };
    EXPECT_THROW(run(limited(1s, fails())), std::runtime_error);
}

TEST_F(run_until_test, CancelledAnywhereItWaitsForItsWork) {
    bool under_way = false;
    const auto work = [&]() -> awaitable<void> {
        const std::shared_ptr<void> end(&under_way,
                                        [](void* flag) { *static_cast<bool*>(flag) = false; });
        under_way = true;
        co_await sleep(1s);
        co_await sleep(1s);
    };
    const auto whole = [&]() -> awaitable<void> { co_await limited(1h, work()); };
    EXPECT_GT(cancel_everywhere(whole, [&](int n) { EXPECT_FALSE(under_way) << "after " << n; }),
              3);
}

TEST_F(run_until_test, WorkThatIsLateFromTheStartEndsAtOnce) {
    const auto from = time->now();
    EXPECT_TRUE(run(limited(-1s, sleep(1h))));
    EXPECT_EQ(time->now(), from);
}

TEST(run_until_on_threads, EndsOnceForEachCall) {
    asio::thread_pool pool(4);
    const auto time = system_clock();
    const auto hop = []() -> awaitable<void> { co_await asio::post(asio::use_awaitable); };
    const auto many = [&]() -> awaitable<int> {
        int ends = 0;
        for (int i = 0; i < 500; ++i) {
            const bool late = co_await run_until(*time, time->now() + 1h, hop());
            ends += !late;
        }
        co_return ends;
    };
    std::vector<std::future<int>> callers;
    for (int i = 0; i < 4; ++i) callers.push_back(asio::co_spawn(pool, many(), asio::use_future));
    for (auto& each : callers) EXPECT_EQ(each.get(), 500);
    pool.join();
}

}  // namespace
}  // namespace cairn
