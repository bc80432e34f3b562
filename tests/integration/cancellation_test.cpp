#include "integration/server.hpp"

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace cairn::test {
namespace {

constexpr std::size_t piece_size = 256 * 1024;
constexpr std::size_t pieces = 256;

class cancellation : public server_test {
  protected:
    cancellation() {
        auto config = server_config();
        config.pool.max_connections_per_host = 1;
        network = std::make_shared<local_transport>(config.tls);
        config.transport = network;
        s3 = connect(std::move(config));
    }

    /// From the context, once all that can run has had this many turns.
    void cancel_soon(int turns = 1) {
        asio::post(context, [this, turns] {
            if (turns > 1)
                cancel_soon(turns - 1);
            else
                cancel.emit(asio::cancellation_type::terminal);
        });
    }

    /// What `work` gives when `cancel` may end it.
    template <class T>
    result<T> run_cancellable(awaitable<result<T>> work) {
        std::optional<result<T>> end;
        asio::co_spawn(
            context, std::move(work),
            asio::bind_cancellation_slot(cancel.slot(), [&](std::exception_ptr e, result<T> given) {
                if (e) std::rethrow_exception(e);
                end.emplace(std::move(given));
            }));
        finish();
        return std::move(end.value());
    }

    /// One connection is all that there may be: a cancelled call that kept it would block the next.
    void expect_client_goes_on() {
        put("after", "the client goes on");
        EXPECT_EQ(get("after"), "the client goes on");
        EXPECT_EQ(network->open(), 1);
    }

    /// Uploads what `next` gives until `cancel` ends it.
    void expect_upload_cancelled(body::generate next) {
        const auto ended = run_cancellable(
            s3.put_object(bucket, "k", body::generator(pieces * piece_size, std::move(next))));
        ASSERT_FALSE(ended);
        EXPECT_TRUE(is_error(ended.error(), errc::canceled, effect::not_applied,
                             {"PutObject " + path_of(bucket, "k")}));
        EXPECT_EQ(network->open(), 0);
    }
    /// Cancels an upload in its second piece.
    void cancel_an_upload() {
        const std::string piece(piece_size, 'x');
        int given = 0;
        expect_upload_cancelled([&]() -> awaitable<result<asio::const_buffer>> {
            if (++given == 2) cancel_soon();
            co_return asio::buffer(piece);
        });
        EXPECT_LT(given, static_cast<int>(pieces));
    }

    std::shared_ptr<local_transport> network;
    asio::cancellation_signal cancel;
};

TEST_F(cancellation, ends_an_upload_that_is_being_sent) {
    cancel_an_upload();
    expect_client_goes_on();
}

TEST_F(cancellation, of_an_upload_stores_nothing) {
    cancel_an_upload();
    EXPECT_EQ(bad(s3.get_object(bucket, "k")).code(), errc::not_found);
}

TEST_F(cancellation, ends_an_upload_that_waits_for_its_caller) {
    const std::string piece(piece_size, 'x');
    bool given = false;
    expect_upload_cancelled([&]() -> awaitable<result<asio::const_buffer>> {
        if (std::exchange(given, true)) {
            cancel_soon();
            asio::steady_timer never(context, asio::steady_timer::time_point::max());
            co_await never.async_wait(asio::use_awaitable);
        }
        co_return asio::buffer(piece);
    });
    expect_client_goes_on();
}

TEST_F(cancellation, ends_a_download_that_is_being_read) {
    const auto content = pattern(pieces * piece_size);
    good(s3.put_object(bucket, "k", body::view(content)));
    std::size_t read = 0;
    const auto read_all = [&]() -> awaitable<result<std::size_t>> {
        auto got = co_await s3.get_object(bucket, "k");
        if (!got) co_return got.error();
        std::string piece(piece_size, '\0');
        for (;;) {
            const auto n = co_await got->body.read(asio::buffer(piece));
            if (!n || *n == 0) co_return n;
            if (read == 0) cancel_soon();
            read += *n;
        }
    };
    try {
        const auto ended = run_cancellable(read_all());
        ASSERT_FALSE(ended);
        EXPECT_EQ(ended.error().code(), errc::canceled) << ended.error();
    } catch (const boost::system::system_error& e) {
        EXPECT_EQ(e.code(), asio::error::operation_aborted);
    }
    EXPECT_GT(read, 0u);
    EXPECT_LT(read, content.size());
    EXPECT_EQ(network->open(), 0);
    expect_client_goes_on();
    EXPECT_TRUE(get("k") == content);
}

TEST_F(cancellation, ends_a_call_that_waits_for_a_connection) {
    put("k", "hello");
    auto holding = good(s3.get_object(bucket, "k"));
    cancel_soon(100);
    const auto ended = run_cancellable(s3.put_object(bucket, "k2", "v"));
    ASSERT_FALSE(ended);
    EXPECT_TRUE(is_error(ended.error(), errc::canceled, effect::not_applied,
                         {"PutObject " + path_of(bucket, "k2")}));
    EXPECT_EQ(good(holding.body.read_all(100)), "hello");
    expect_client_goes_on();
}

}  // namespace
}  // namespace cairn::test
