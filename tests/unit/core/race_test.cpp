#include "core/race.hpp"

#include "core/completion.hpp"
#include "support/io.hpp"

#include <boost/asio/detached.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/strand.hpp>
#include <boost/asio/thread_pool.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/use_future.hpp>

#include <future>
#include <vector>

namespace cairn {
namespace {

using namespace std::chrono_literals;

class race_test : public test::io {
  protected:
    static awaitable<int> at_once(int value) { co_return value; }
    static awaitable<int> after(clock& k, clock::duration d, int value) {
        co_await k.sleep_until(k.now() + d);
        co_return value;
    }
    template <class A, class B, class Settles = always>
    auto race_of(A a, B b, Settles settles = {}) {
        return run(race(asio::make_strand(context), std::move(a), std::move(b), settles));
    }
};

TEST_F(race_test, TheFirstEndCancelsTheOther) {
    const auto started = time->now();
    const auto ends = race_of(after(*time, 1s, 1), after(*time, 2s, 2));
    EXPECT_EQ(ends.first, 1);
    EXPECT_FALSE(ends.second);
    EXPECT_EQ(time->now() - started, 1s);
    EXPECT_EQ(race_of(after(*time, 2s, 1), after(*time, 1s, 2)).second, 2);
}

TEST_F(race_test, AnEndThatDoesNotSettleLetsTheOtherGoOn) {
    const auto ends = race_of(after(*time, 2s, 1), after(*time, 1s, 2), [](int) { return false; });
    EXPECT_EQ(ends.first, 1);
    EXPECT_EQ(ends.second, 2);
}

TEST_F(race_test, WorkThatNeedsNoWaitingCancelsTheOtherBeforeItHasStarted) {
    const auto ends = race_of(at_once(1), time->sleep_until(time->now() + 1h));
    EXPECT_EQ(ends.first, 1);
}

TEST_F(race_test, ExceptionsComeThrough) {
    const auto fails = []() -> awaitable<int> {
        throw std::runtime_error("no");
        co_return 0;
    };
    EXPECT_THROW(race_of(fails(), after(*time, 1s, 1)), std::runtime_error);
}

TEST_F(race_test, CancelledAnywhereItCancelsBoth) {
    const auto both = [&]() -> awaitable<void> {
        const auto ends = co_await race(asio::make_strand(context), after(*time, 1s, 1),
                                        after(*time, 2s, 2), [](int) { return false; });
        EXPECT_EQ(ends.first, 1);
    };
    EXPECT_GT(cancel_everywhere(both, [](int) {}), 2);
}

TEST(race_teardown, AContextThatGoesTakesARaceAlong) {
    const auto held = std::make_shared<int>(0);
    const auto sleeps = [](std::shared_ptr<int> guard) -> awaitable<void> {
        const auto k = system_clock();
        co_await k->sleep_until(k->now() + 1h);
        ++*guard;
    };
    const auto both = [&](asio::any_io_executor executor) -> awaitable<void> {
        co_await race(executor, sleeps(held), sleeps(held));
    };
    {
        asio::io_context context;
        asio::co_spawn(context, both(context.get_executor()), asio::detached);
        context.poll();
        EXPECT_GT(held.use_count(), 1);
    }
    EXPECT_EQ(held.use_count(), 1) << "what the coroutines held was not released";
}

TEST(race_on_threads, EndsOnceForEachRacer) {
    asio::thread_pool pool(4);
    const auto hop = [](int value) -> awaitable<int> {
        co_await asio::post(asio::use_awaitable);
        co_return value;
    };
    const auto many = [&](asio::any_io_executor executor) -> awaitable<int> {
        int ends = 0;
        for (int i = 0; i < 500; ++i) {
            const auto came = co_await race(asio::make_strand(executor), hop(1), hop(2));
            ends += came.first || came.second;
        }
        co_return ends;
    };
    std::vector<std::future<int>> racers;
    for (int i = 0; i < 4; ++i)
        racers.push_back(asio::co_spawn(pool, many(pool.get_executor()), asio::use_future));
    for (auto& each : racers) EXPECT_EQ(each.get(), 500);
    pool.join();
}

class completion_test : public test::io {};

TEST_F(completion_test, MayComeBeforeOrAfterTheWait) {
    const auto early = std::make_shared<completion>();
    EXPECT_TRUE(early->complete());
    EXPECT_TRUE(run(early->wait()));
    EXPECT_FALSE(early->complete()) << "it ends once";

    const auto late = std::make_shared<completion>();
    asio::post(context, [late] { late->complete(); });
    EXPECT_TRUE(run(late->wait()));
}

TEST_F(completion_test, CancellationAndCompletionHaveOneWinner) {
    std::shared_ptr<completion> event;
    const auto wait = [&]() -> awaitable<void> {
        event = std::make_shared<completion>();
        asio::post(context, [e = event] { e->complete(); });
        co_await event->wait();
    };
    EXPECT_GT(cancel_everywhere(wait, [&](int) { EXPECT_FALSE(event && event->complete()); }), 0);
}

}  // namespace
}  // namespace cairn
