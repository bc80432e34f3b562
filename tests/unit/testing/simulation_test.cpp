#include <cairn/testing/simulation.hpp>

#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/system/system_error.hpp>
#include <gtest/gtest.h>

#include <stdexcept>
#include <string>
#include <vector>

namespace cairn::testing {
namespace {

using namespace std::chrono_literals;

awaitable<std::string> say_after(std::shared_ptr<virtual_clock> time, clock::duration d) {
    co_await time->sleep_until(time->now() + d);
    co_return std::to_string(d / 1s);
}
awaitable<void> note_after(simulation& world, clock::duration d) {
    const auto said = co_await say_after(world.clock(), d);
    world.trace()->add(said);
}
awaitable<void> fail_after(std::shared_ptr<virtual_clock> time, clock::duration d) {
    co_await time->sleep_until(time->now() + d);
    throw std::runtime_error("failed");
}
awaitable<void> wait_on_the_machine(std::shared_ptr<asio::steady_timer> timer) {
    co_await timer->async_wait(asio::use_awaitable);
}

TEST(simulation, GivesTheValueAfterVirtualTime) {
    simulation world;
    const auto from = world.clock()->now();
    EXPECT_EQ(world.run(say_after(world.clock(), 24h)), "86400");
    EXPECT_EQ(world.clock()->now() - from, 24h);
}

TEST(simulation, RethrowsWhatTheCoroutineThrows) {
    simulation world;
    EXPECT_THROW(world.run(fail_after(world.clock(), 1s)), std::runtime_error);
}

TEST(simulation, RunsAllElseInTheOrderOfItsTimes) {
    simulation world;
    for (const auto d : {3s, 1s, 2s, 1s}) world.spawn(note_after(world, d));
    world.run(say_after(world.clock(), 2500ms));
    EXPECT_EQ(world.trace()->text(), "1.000000000 1\n1.000000000 1\n2.000000000 2\n");
    EXPECT_FALSE(world.is_over());
    world.settle();
    EXPECT_TRUE(world.trace()->text().ends_with("\n3.000000000 3\n"));
    EXPECT_TRUE(world.is_over());
}

TEST(simulation, SaysWhenNothingCanHappenAnyMore) {
    simulation world;
    const auto never = std::make_shared<asio::steady_timer>(world.context(),
                                                            asio::steady_timer::time_point::max());
    try {
        world.run(wait_on_the_machine(never));
        FAIL() << "it has ended";
    } catch (const std::logic_error& e) {
        EXPECT_NE(std::string(e.what()).find("never happens"), std::string::npos) << e.what();
    }
    EXPECT_FALSE(world.is_over());
    never->cancel();
    world.settle();  // the coroutine's end finds whom it was run for gone
    EXPECT_TRUE(world.is_over());
}

TEST(simulation, WaitsForOthersOnlyWhenTold) {
    simulation world;
    world.patience = 20s;
    world.run(wait_on_the_machine(std::make_shared<asio::steady_timer>(world.context(), 1ms)));
}

TEST(simulation, AFailureBesideComesOut) {
    simulation world;
    world.spawn(fail_after(world.clock(), 1s));
    EXPECT_THROW(world.run(say_after(world.clock(), 2s)), std::runtime_error);
    world.settle();
}

TEST(simulation, DestroysWhatHasNotEnded) {
    const auto held = std::make_shared<int>();
    {
        simulation world;
        const auto sleep = [](std::shared_ptr<int>, auto time) -> awaitable<void> {
            co_await time->sleep_until(time->now() + 1s);
        };
        world.spawn(sleep(held, world.clock()));
        world.context().poll();
        EXPECT_EQ(held.use_count(), 2);
    }
    EXPECT_EQ(held.use_count(), 1);
}

TEST(simulation, CancelsEverywhere) {
    simulation world;
    std::vector<std::string> ends;
    const auto three_steps = [&]() -> awaitable<void> {
        ends.emplace_back("cancelled");
        for (int i = 0; i < 2; ++i) co_await asio::post(asio::use_awaitable);
        co_await world.clock()->sleep_until(world.clock()->now() + 1s);
        ends.back() = "ended";
    };
    const int cancelled = world.cancel_everywhere([&] { return three_steps(); },
                                                  [&](int n) {
                                                      EXPECT_EQ(ends.size(), n + 1U);
                                                      EXPECT_TRUE(world.is_over()) << n;
                                                      return true;
                                                  });
    EXPECT_GE(cancelled, 3);
    EXPECT_EQ(ends.size(), cancelled + 1U);
    EXPECT_EQ(ends.front(), "cancelled");
    EXPECT_EQ(ends.back(), "ended");
}

// What `cancel_everywhere` throws when its check holds for the first `good` runs only.
std::string failed_check_after(int good) {
    simulation world;
    try {
        world.cancel_everywhere([&] { return note_after(world, 1s); },
                                [good](int n) { return n < good; });
    } catch (const std::runtime_error& e) {
        return e.what();
    }
    return "";
}

TEST(simulation, CancellingSaysAfterWhichRunTheCheckFailed) {
    EXPECT_EQ(failed_check_after(0), "the check failed after the run that was cancelled (n = 0)");
    EXPECT_EQ(failed_check_after(1), "the check failed after the run that was cancelled (n = 1)");
    simulation world;
    const int runs =
        world.cancel_everywhere([&] { return note_after(world, 1s); }, [](int) { return true; });
    EXPECT_EQ(
        failed_check_after(runs),
        "the check failed after the run that ended by itself (n = " + std::to_string(runs) + ")");
    EXPECT_EQ(failed_check_after(runs + 1), "");
}

TEST(simulation, CancellingRethrowsOtherFailures) {
    simulation world;
    EXPECT_THROW(world.cancel_everywhere([&] { return fail_after(world.clock(), 1s); },
                                         [](int) { return true; }),
                 std::runtime_error);
}

TEST(simulation, CancellingGivesUpOnWhatNeverEnds) {
    simulation world;
    const auto forever = [&]() -> awaitable<void> {
        for (;;) co_await asio::post(asio::use_awaitable);
    };
    EXPECT_THROW(world.cancel_everywhere([&] { return forever(); }, [](int) { return true; }),
                 std::logic_error);
}

TEST(trace, TellsSecondsSinceItsBegin) {
    const auto time = std::make_shared<virtual_clock>();
    trace t(time);
    t.add("begin");
    time->advance(1ns);
    t.add("soon");
    time->advance(100s);
    t.add("late");
    EXPECT_EQ(t.text(), "0.000000000 begin\n0.000000001 soon\n100.000000001 late\n");
}

}  // namespace
}  // namespace cairn::testing
