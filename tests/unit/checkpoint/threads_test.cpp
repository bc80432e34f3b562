#include "support/scratch.hpp"

#include <cairn/checkpoint.hpp>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/thread_pool.hpp>
#include <boost/asio/use_future.hpp>
#include <gtest/gtest.h>

#include <future>

namespace cairn::checkpoint {
namespace {

draft large_state(const std::string& name) {
    draft d;
    for (const char c : {'a', 'b', 'c', 'd'}) d.channels[std::string(1, c)] = name + bytes(5000, c);
    return d;
}

// Saves until it has won `wins` races.
awaitable<int> write(store s, std::string name, int wins) {
    auto t = s.thread("job");
    int conflicts = 0;
    while (wins > 0) {
        const auto saved = co_await t.save(large_state(name));
        if (saved) {
            --wins;
            continue;
        }
        if (saved.error().code() != errc::checkpoint_conflict) throw error_exception(saved.error());
        ++conflicts;
        const auto loaded = co_await t.load();
        if (!loaded) throw error_exception(loaded.error());
    }
    co_return conflicts;
}

awaitable<std::size_t> count(store s) {
    auto listing = s.thread("job").list();
    for (std::size_t n = 0;; ++n) {
        const auto one = co_await listing.next();
        if (!one) throw error_exception(one.error());
        if (!*one) co_return n;
    }
}

void race(std::shared_ptr<backing> on) {
    constexpr int writers = 8;
    constexpr int wins = 5;
    store_options o;
    o.inline_limit_bytes = 6000;
    o.page_size = 7;
    o.max_parallel = 3;
    asio::thread_pool pool(4);
    const auto s =
        asio::co_spawn(pool, store::open(std::move(on), o), asio::use_future).get().value();
    std::vector<std::future<int>> ends;
    for (int i = 0; i < writers; ++i)
        ends.push_back(asio::co_spawn(pool, write(s, std::to_string(i), wins), asio::use_future));
    for (auto& end : ends) EXPECT_GE(end.get(), 0);
    EXPECT_EQ(asio::co_spawn(pool, count(s), asio::use_future).get(),
              static_cast<std::size_t>(writers * wins));
    EXPECT_TRUE(asio::co_spawn(pool, s.delete_thread("job"), asio::use_future).get());
    pool.join();
}

TEST(threads, share_a_store_in_memory) {
    race(memory_backing());
}

TEST(threads, share_a_store_in_files) {
    const test::scratch_directory root;
    race(file_backing(root.path()).value());
}

TEST(threads, share_a_store_in_files_written_by_others) {
    const test::scratch_directory root;
    asio::thread_pool workers(2);
    race(file_backing(root.path(), workers.get_executor()).value());
    workers.join();
}

}  // namespace
}  // namespace cairn::checkpoint
