#include "transfer/memory_budget.hpp"

#include "support/io.hpp"
#include "support/sanitizers.hpp"

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>

#include <limits>
#include <new>
#include <optional>
#include <vector>

namespace cairn::transfer {
namespace {

class memory_budgets : public test::io {
  protected:
    /// Takes a buffer, notes that it has it, and keeps it in `held`.
    awaitable<void> take(std::size_t bytes) {
        held.push_back(co_await budget.acquire(bytes));
        order.push_back(bytes);
    }

    awaitable<void> wait_for(std::size_t bytes) {
        const auto mine = co_await budget.acquire(bytes);
    }

    memory_budget budget{100};
    std::vector<memory_budget::buffer> held;
    std::vector<std::size_t> order;
};

TEST_F(memory_budgets, never_give_more_than_they_have) {
    for (const std::size_t bytes : {60, 40, 30}) world.spawn(take(bytes));
    settle();
    EXPECT_EQ(order, (std::vector<std::size_t>{60, 40}));
    EXPECT_EQ(budget.used(), 100U);
    held.erase(held.begin() + 1);
    settle();
    EXPECT_EQ(order.back(), 30U);
    EXPECT_EQ(budget.used(), 90U);
    EXPECT_EQ(budget.peak(), 100U);
    held.clear();
    EXPECT_EQ(budget.used(), 0U);
}

TEST_F(memory_budgets, serve_who_came_first_even_if_a_smaller_wish_would_fit) {
    for (const std::size_t bytes : {60, 50, 10}) world.spawn(take(bytes));
    settle();
    EXPECT_EQ(order, (std::vector<std::size_t>{60}));
    EXPECT_EQ(budget.try_acquire(10), std::nullopt);
    held.clear();
    settle();
    EXPECT_EQ(order, (std::vector<std::size_t>{60, 50, 10}));
}

TEST_F(memory_budgets, keep_nothing_of_what_there_is_no_memory_for) {
    if (test::has_its_own_allocator) GTEST_SKIP() << "where no memory ends the program";
    constexpr auto too_much = std::numeric_limits<std::size_t>::max();
    for (int i = 0; i < 2; ++i) {
        EXPECT_THROW(run(wait_for(too_much)), std::bad_alloc);
        EXPECT_EQ(budget.used(), 0U);
        EXPECT_EQ(budget.kept(), 0U);
    }
}

TEST_F(memory_budgets, give_what_is_larger_than_all_of_them_when_all_else_is_back) {
    for (const std::size_t bytes : {10, 1000, 20}) world.spawn(take(bytes));
    settle();
    EXPECT_EQ(order, (std::vector<std::size_t>{10}));
    held.clear();
    settle();
    EXPECT_EQ(order, (std::vector<std::size_t>{10, 1000}));
    EXPECT_EQ(held.back().memory().size(), 1000U);
    held.clear();
    settle();
    EXPECT_EQ(order.back(), 20U);
}

TEST_F(memory_budgets, use_memory_again) {
    const void* const first = budget.try_acquire(50)->memory().data();
    EXPECT_EQ(budget.try_acquire(50)->memory().data(), first);
}

TEST_F(memory_budgets, keep_no_more_than_is_in_the_budget) {
    for (const std::size_t bytes : {60, 50, 30, 20, 100, 70}) {
        held.push_back(budget.try_acquire(bytes).value());
        EXPECT_LE(budget.used() + budget.kept(), budget.total()) << bytes;
        held.clear();
        EXPECT_LE(budget.kept(), budget.total()) << bytes;
    }
    EXPECT_GT(budget.kept(), 0U);
}

TEST_F(memory_budgets, keep_nothing_that_is_larger_than_all_of_them) {
    world.spawn(take(1000));
    settle();
    held.clear();
    EXPECT_EQ(budget.kept(), 0U);
}

TEST_F(memory_budgets, lose_nothing_to_who_is_cancelled) {
    world.spawn(take(100));
    settle();
    const int runs = cancel_everywhere(
        [&] {
            asio::post(context, [&] { asio::post(context, [&] { held.clear(); }); });
            return wait_for(50);
        },
        [&](int n) {
            held.clear();
            settle();
            EXPECT_EQ(budget.used(), 0U) << n;
            world.spawn(take(100));
            settle();
        });
    EXPECT_GT(runs, 1);
}

TEST_F(memory_budgets, get_nothing_back_from_who_had_nothing) {
    const auto mine = budget.try_acquire(100);
    {
        asio::io_context ends;
        asio::cancellation_signal stop;
        asio::co_spawn(ends, wait_for(50),
                       asio::bind_cancellation_slot(stop.slot(), asio::detached));
        ends.poll();
        stop.emit(asio::cancellation_type::terminal);
    }
    EXPECT_EQ(budget.used(), 100U);
}

}  // namespace
}  // namespace cairn::transfer
