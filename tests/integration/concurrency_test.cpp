#include "integration/server.hpp"

#include <thread>

namespace cairn::test {
namespace {

constexpr int calls = 200;
constexpr std::size_t connections = 16;

/// Many calls at once over few connections.
class many_calls : public server_test {
  protected:
    many_calls() {
        auto config = server_config();
        config.pool.max_connections_per_host = connections;
        network = std::make_shared<local_transport>(config.tls);
        config.transport = network;
        pooled = connect(std::move(config));
    }

    static std::string key_of(int i) { return "key " + std::to_string(i); }
    // Some fit beside their head, some don't.
    static std::string content_of(int i) {
        return pattern(static_cast<std::size_t>(i) * 997 % 100000, static_cast<unsigned>(i));
    }

    /// Stores an object, reads it back, and says what went wrong.
    awaitable<result<void>> round_trip(int i) {
        const auto content = content_of(i);
        const auto stored = co_await pooled.put_object(bucket, key_of(i), body::view(content));
        if (!stored) co_return stored.error();
        auto got = co_await pooled.get_object(bucket, key_of(i));
        if (!got) co_return got.error();
        const auto read = co_await got->body.read_all(content.size());
        if (!read) co_return read.error();
        if (*read != content) co_return error(errc::malformed_reply, key_of(i) + " has changed");
        co_return result<void>();
    }

    std::shared_ptr<local_transport> network;
    s3::client pooled = s3;
};

TEST_F(many_calls, share_few_connections) {
    std::vector<awaitable<result<void>>> work;
    for (int i = 0; i < calls; ++i) work.push_back(round_trip(i));
    for (const auto& done : all(std::move(work))) EXPECT_TRUE(done) << done.error();
    EXPECT_LE(network->most_open(), static_cast<int>(connections));
    EXPECT_LE(network->open(), static_cast<int>(connections));
    EXPECT_EQ(keys_of(bucket).size(), static_cast<std::size_t>(calls));
}

TEST_F(many_calls, reuse_their_connections) {
    for (int i = 0; i < 20; ++i) run(round_trip(i)).value();
    EXPECT_EQ(network->connections(), 1);
}

TEST_F(many_calls, that_fail_share_connections_too) {
    std::vector<awaitable<result<s3::get_object_output>>> work;
    for (int i = 0; i < calls; ++i) work.push_back(pooled.get_object(bucket, key_of(i)));
    for (const auto& done : all(std::move(work))) {
        ASSERT_FALSE(done);
        EXPECT_EQ(done.error().code(), errc::not_found) << done.error();
    }
    EXPECT_LE(network->connections(), static_cast<int>(connections));
}

TEST_F(many_calls, for_one_connection_take_turns) {
    auto config = server_config();
    config.pool.max_connections_per_host = 1;
    pooled = connect(std::move(config));
    std::vector<awaitable<result<void>>> work;
    for (int i = 0; i < 20; ++i) work.push_back(round_trip(i));
    for (const auto& done : all(std::move(work))) EXPECT_TRUE(done) << done.error();
}

/// The same on an `io_context` that several threads run.
class threads : public many_calls {
  protected:
    /// Runs all that waits on the context, on four threads.
    void finish_on_threads() {
        context.restart();
        std::vector<std::jthread> runners;
        for (int i = 0; i < 4; ++i) runners.emplace_back([&] { context.run(); });
    }

    template <class T>
    std::vector<result<T>> all_on_threads(std::vector<awaitable<result<T>>> work) {
        std::vector<std::optional<result<T>>> ends(work.size());
        for (std::size_t i = 0; i < work.size(); ++i)
            asio::co_spawn(context, std::move(work[i]),
                           [&ends, i](std::exception_ptr e, result<T> end) {
                               if (e)
                                   ends[i].emplace(error(errc::canceled, "it threw"));
                               else
                                   ends[i].emplace(std::move(end));
                           });
        finish_on_threads();
        std::vector<result<T>> given;
        for (auto& end : ends) given.push_back(std::move(end.value()));
        return given;
    }
};

TEST_F(threads, share_a_client) {
    std::vector<awaitable<result<void>>> work;
    for (int i = 0; i < calls; ++i) work.push_back(round_trip(i));
    for (const auto& done : all_on_threads(std::move(work))) EXPECT_TRUE(done) << done.error();
    EXPECT_LE(network->most_open(), static_cast<int>(connections));
}

TEST_F(threads, share_large_transfers) {
    constexpr std::size_t size = 3 * 1024 * 1024;
    const auto content = pattern(size);
    std::vector<awaitable<result<s3::put_object_output>>> puts;
    for (int i = 0; i < 8; ++i)
        puts.push_back(pooled.put_object(bucket, key_of(i), body::view(content)));
    for (const auto& done : all_on_threads(std::move(puts))) EXPECT_TRUE(done) << done.error();

    const auto read = [](s3::client from, std::string in,
                         std::string key) -> awaitable<result<std::string>> {
        auto got = co_await from.get_object(std::move(in), std::move(key));
        if (!got) co_return got.error();
        co_return co_await got->body.read_all(size);
    };
    std::vector<awaitable<result<std::string>>> gets;
    for (int i = 0; i < 8; ++i) gets.push_back(read(pooled, bucket, key_of(i)));
    for (const auto& done : all_on_threads(std::move(gets))) {
        ASSERT_TRUE(done) << done.error();
        EXPECT_TRUE(*done == content);
    }
}

TEST_F(threads, share_a_race_that_one_wins) {
    std::vector<awaitable<result<s3::put_object_output>>> race;
    for (int i = 0; i < 50; ++i) {
        s3::put_object creation(bucket, "prize");
        creation.body = key_of(i);
        creation.if_none_match = "*";
        race.push_back(pooled.send(std::move(creation)));
    }
    std::vector<std::string> winners;
    const auto ends = all_on_threads(std::move(race));
    for (int i = 0; i < 50; ++i) {
        const auto& end = ends[static_cast<std::size_t>(i)];
        if (end)
            winners.push_back(key_of(i));
        else
            EXPECT_EQ(end.error().effect(), effect::not_applied) << end.error();
    }
    ASSERT_EQ(winners.size(), 1u);
    EXPECT_EQ(get("prize"), winners.front());
}

}  // namespace
}  // namespace cairn::test
