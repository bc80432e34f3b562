#include "wire/connection_pool.hpp"

#include "support/constant_random.hpp"
#include "support/io.hpp"
#include "support/peer.hpp"

#include <boost/asio/detached.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace cairn::wire {
namespace {

using namespace std::chrono_literals;

// Of several addresses.
std::shared_ptr<random> the_first() {
    return std::make_shared<test::constant_random>(test::constant_random::side::least);
}

class connection_pool_test : public test::io {
  protected:
    std::shared_ptr<connection_pool> make(pool_options options = {}) {
        return std::make_shared<connection_pool>(net, time, the_first(), options, time_limits());
    }
    static test::script silent() {
        return [](test::peer& at, int) -> awaitable<void> { co_await at.read_to_end(); };
    }
    // Takes a connection, keeps it or drops it.
    static awaitable<bool> use(std::shared_ptr<connection_pool> pool, bool keep) {
        auto got = co_await pool->acquire(peer(false, "a", 80));
        if (!got) co_return false;
        co_await asio::post(asio::use_awaitable);
        if (keep) got->keep();
        co_return true;
    }

    std::shared_ptr<test::simulated_transport> net =
        std::make_shared<test::simulated_transport>(silent());
    const peer a{false, "a", 80};
};

TEST_F(connection_pool_test, AKeptConnectionServesAgainAndADroppedOneIsClosed) {
    auto pool = make();
    EXPECT_TRUE(run(use(pool, true)));
    EXPECT_TRUE(run(use(pool, true)));
    EXPECT_EQ(net->connections(), 1);
    EXPECT_EQ(pool->count(a).idle, 1u);
    EXPECT_TRUE(run(use(pool, false)));
    EXPECT_EQ(net->open(), 0);
    EXPECT_EQ(pool->count(a).open, 0u);
}

TEST_F(connection_pool_test, HostsAreApart) {
    auto pool = make();
    EXPECT_TRUE(run(use(pool, true)));
    const auto other = [](std::shared_ptr<connection_pool> p) -> awaitable<bool> {
        const auto got = co_await p->acquire(peer(true, "a", 443));
        co_return got.has_value() && !got->reused();
    };
    EXPECT_TRUE(run(other(pool)));
}

TEST_F(connection_pool_test, IdleAndOldConnectionsAreNotUsed) {
    pool_options options;
    options.idle_expiry = 10s;
    options.max_age = 25s;
    auto pool = make(options);
    EXPECT_TRUE(run(use(pool, true)));
    time->advance(9s);
    EXPECT_TRUE(run(use(pool, true)));
    EXPECT_EQ(net->connections(), 1);
    time->advance(11s);
    EXPECT_TRUE(run(use(pool, true)));
    EXPECT_EQ(net->connections(), 2) << "an idle one was used";
    for (int i = 0; i < 3; ++i) {
        time->advance(9s);
        EXPECT_TRUE(run(use(pool, true)));
    }
    EXPECT_EQ(net->connections(), 3) << "one beyond its age was used";
    EXPECT_EQ(net->open(), 1);
}

TEST_F(connection_pool_test, AConnectionThatGrewTooOldInUseIsNotKept) {
    pool_options options;
    options.max_age = 25s;
    auto pool = make(options);
    const auto long_use = [&]() -> awaitable<bool> {
        auto got = co_await pool->acquire(a);
        co_await time->sleep_until(time->now() + 26s);
        got->keep();
        co_return true;
    };
    EXPECT_TRUE(run(long_use()));
    EXPECT_EQ(net->open(), 0);
    EXPECT_EQ(pool->count(a).open, 0u);
}

TEST_F(connection_pool_test, HostsAskedNoMoreKeepNoSockets) {
    auto pool = make();
    EXPECT_TRUE(run(use(pool, true)));
    time->advance(1min);
    const auto other = [](std::shared_ptr<connection_pool> p) -> awaitable<bool> {
        const auto got = co_await p->acquire(peer(false, "b", 80));
        co_return got.has_value();
    };
    EXPECT_TRUE(run(other(pool)));
    EXPECT_EQ(net->open(), 0);
}

TEST_F(connection_pool_test, AConnectionThePeerHasClosedIsReplaced) {
    const auto closes = [](test::peer& at, int) -> awaitable<void> {
        at.close();
        co_return;
    };
    net = std::make_shared<test::simulated_transport>(closes);
    auto pool = make();
    EXPECT_TRUE(run(use(pool, true)));
    EXPECT_TRUE(run(use(pool, true)));
    EXPECT_EQ(net->connections(), 2);
}

TEST_F(connection_pool_test, IsBoundedAndFair) {
    pool_options options;
    options.max_connections_per_host = 2;
    auto pool = make(options);
    std::vector<int> order;
    const auto take_turn = [&](int i) -> awaitable<void> {
        auto got = co_await pool->acquire(peer(false, "a", 80));
        EXPECT_TRUE(got.has_value());
        EXPECT_LE(net->open(), 2);
        order.push_back(i);
        co_await asio::post(asio::use_awaitable);
        got->keep();
    };
    for (int i = 0; i < 20; ++i) asio::co_spawn(context, take_turn(i), asio::detached);
    settle();
    ASSERT_EQ(order.size(), 20u);
    EXPECT_TRUE(std::is_sorted(order.begin(), order.end()));
    EXPECT_EQ(pool->count(a).waiting, 0u);
}

TEST_F(connection_pool_test, AClosedConnectionsRightGoesToAWaiter) {
    pool_options options;
    options.max_connections_per_host = 2;
    auto pool = make(options);
    int served = 0;
    const auto take_turn = [&](bool keep) -> awaitable<void> {
        const bool got = co_await use(pool, keep);
        served += got;
    };
    for (int i = 0; i < 20; ++i) asio::co_spawn(context, take_turn(i % 3 != 0), asio::detached);
    settle();
    EXPECT_EQ(served, 20);
    EXPECT_LE(net->open(), 2);
}

TEST_F(connection_pool_test, ConnectFailuresFreeTheirRight) {
    pool_options options;
    options.max_connections_per_host = 1;
    auto pool = make(options);
    net->refuse = 1;
    EXPECT_FALSE(run(use(pool, true)));
    EXPECT_TRUE(run(use(pool, true)));
}

TEST_F(connection_pool_test, AWaiterThatIsCancelledLeavesTheQueueAndLosesNothing) {
    pool_options options;
    options.max_connections_per_host = 1;
    auto pool = make(options);
    const auto contend = [&]() -> awaitable<void> {
        const bool got = co_await use(pool, true);
        EXPECT_TRUE(got);
    };
    const auto check = [&](int n) {
        EXPECT_EQ(pool->count(a).waiting, 0u) << n;
        EXPECT_TRUE(run(use(pool, true))) << "the right was lost, cancelled after " << n;
    };
    // One holds the connection for a while; the other waits and is cancelled somewhere on its way.
    const auto with_holder = [&]() -> awaitable<void> {
        asio::co_spawn(context, contend(), asio::detached);
        return contend();
    };
    EXPECT_GT(cancel_everywhere(with_holder, check), 2);
}

TEST_F(connection_pool_test, AHostThatCantBeReachedIsLookedUpAnew) {
    testing::simulated_network names(world);
    const auto host =
        names.add_host("a", testing::scripted([](test::peer& at, int) -> awaitable<void> {
                           co_await at.read_to_end();
                       }));
    const auto pool = std::make_shared<connection_pool>(names.add_machine("here").transport(), time,
                                                        the_first(), pool_options(), time_limits());
    // A connection that stays, so that the pool goes on to know the host.
    const auto held = run(pool->acquire(a));
    ASSERT_TRUE(held);
    host.move_to({asio::ip::make_address("10.0.0.99")});
    EXPECT_FALSE(run(pool->acquire(a))) << "it didn't move";
    EXPECT_TRUE(run(pool->acquire(a))) << "the old address is asked again";
}

TEST(connection_pool_teardown, AContextThatGoesTakesWaitersAlong) {
    const auto held = std::make_shared<int>(0);
    const auto net = std::make_shared<test::simulated_transport>(
        [](test::peer& at, int) -> awaitable<void> { co_await at.read_to_end(); });
    pool_options options;
    options.max_connections_per_host = 1;
    const auto pool =
        std::make_shared<connection_pool>(net, system_clock(), the_first(), options, time_limits());
    const auto wait = [&](std::shared_ptr<int>) -> awaitable<void> {
        const auto got = co_await pool->acquire(peer(false, "a", 80));
        const auto k = system_clock();
        co_await k->sleep_until(k->now() + 1h);
    };
    {
        asio::io_context context;
        for (int i = 0; i < 3; ++i) asio::co_spawn(context, wait(held), asio::detached);
        context.poll();
        EXPECT_EQ(pool->count(peer(false, "a", 80)).waiting, 2u);
        EXPECT_EQ(held.use_count(), 4);
    }
    EXPECT_EQ(held.use_count(), 1) << "what the coroutines held was not released";
}

}  // namespace
}  // namespace cairn::wire
