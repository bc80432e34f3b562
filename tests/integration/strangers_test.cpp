#include "integration/server.hpp"
#include "support/peer.hpp"
#include "support/scratch.hpp"

#include <boost/asio/post.hpp>

namespace cairn::test {
namespace {

/// Clients that reach something else than the server that they mean.
class strangers : public server_test {
  protected:
    /// Has all clients talk to `server`, until the first of them has finished.
    void meet(script server) {
        stranger_ = std::make_unique<scripted_server>(context, std::move(server));
        endpoint = stranger_->endpoint();
    }

    static s3::client_config config_for(const std::string& endpoint) {
        auto config = server_config();
        config.endpoint = endpoint;
        return config;
    }
    error upload_error() {
        return error_of([](s3::client c) { return c.put_object("b", "k", "v"); });
    }
    error download_error() {
        return error_of([](s3::client c) { return c.get_object("b", "k"); });
    }
    error list_error() {
        return error_of([](s3::client c) { return c.list_buckets(); });
    }

    /// What a client makes of the stranger in `call`. It goes when the call has ended, and its
    /// connections with it: a stranger that waits for more is work that is left.
    template <class Call>
    error error_of(Call call) {
        auto work = call(connect(config_for(endpoint)));
        return bad(then_stop(std::move(work)));
    }
    template <class T>
    awaitable<T> then_stop(awaitable<T> work) {
        auto ended = co_await std::move(work);
        stranger_->stop();
        co_return ended;
    }

    void stop() { stranger_->stop(); }
    int connections() const { return stranger_->connections(); }

    std::string endpoint;

  private:
    std::unique_ptr<scripted_server> stranger_;
};

TEST_F(strangers, on_a_closed_port_are_named) {
    meet(replies({reply(200)}));
    stop();
    finish();
    const auto client = connect(config_for(endpoint));
    const auto address = endpoint.substr(std::string("http://").size());
    EXPECT_TRUE(is_error(bad(client.put_object("b", "k", "v")), errc::connect_failed,
                         effect::not_applied,
                         {"PutObject s3://b/k", address, "Connection refused", "running"}));
    EXPECT_TRUE(is_error(bad(client.get_object("b", "k")), errc::connect_failed, effect::none,
                         {"GetObject s3://b/k", address}));
}

TEST_F(strangers, with_a_name_that_nobody_has_are_named) {
    const auto client = connect(config_for("http://nobody.invalid"));
    EXPECT_TRUE(is_error(bad(client.put_object("b", "k", "v")), errc::resolve_failed,
                         effect::not_applied, {"s3://b/k", "nobody.invalid"}));
}

TEST_F(strangers, that_speak_another_protocol_are_no_s3) {
    meet([](peer& at, int) -> awaitable<void> {
        co_await at.send("SSH-2.0-OpenSSH_9.2p1 Debian-2\r\n");
        co_await at.read_to_end();
    });
    EXPECT_TRUE(is_error(upload_error(), errc::not_s3, effect::unknown,
                         {"s3://b/k", "does not speak HTTP", "SSH-2.0", endpoint}));
}

TEST_F(strangers, that_answer_html_are_no_s3) {
    meet(replies({reply(200, "<!DOCTYPE html><html><body>It works!</body></html>",
                        "Content-Type: text/html\r\n")}));
    EXPECT_TRUE(is_error(list_error(), errc::not_s3, effect::none, {"ListBuckets", endpoint}));
}

TEST_F(strangers, that_refuse_in_html_are_no_s3) {
    meet(replies(
        {reply(404, "<html><body>404 Not Found</body></html>", "Content-Type: text/html\r\n")}));
    EXPECT_TRUE(is_error(upload_error(), errc::not_s3, effect::not_applied,
                         {"s3://b/k", endpoint, "HTTP 404"}));
}

TEST_F(strangers, that_are_gateways_without_a_server_failed) {
    meet(replies(
        {reply(502, "<html><body>502 Bad Gateway</body></html>", "Content-Type: text/html\r\n")}));
    EXPECT_TRUE(is_error(upload_error(), errc::service_failed, effect::unknown,
                         {"s3://b/k", "proxy", "HTTP 502"}));
}

TEST_F(strangers, that_hang_up_at_once_lose_the_connection) {
    meet([](peer& at, int) -> awaitable<void> {
        at.close();
        co_return;
    });
    EXPECT_TRUE(is_error(download_error(), errc::connection_lost, effect::none,
                         {"GetObject s3://b/k", "connection"}));
}

TEST_F(strangers, that_hang_up_after_the_request_leave_its_effect_unknown) {
    meet([](peer& at, int) -> awaitable<void> {
        co_await at.read_request();
        at.close();
    });
    EXPECT_TRUE(is_error(upload_error(), errc::connection_lost, effect::unknown,
                         {"PutObject s3://b/k", "before a reply", "may or may not"}));
}

TEST_F(strangers, that_hang_up_within_a_body_lose_the_rest) {
    meet([](peer& at, int) -> awaitable<void> {
        co_await at.read_request();
        co_await at.send("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nonly this");
        at.close();
    });
    const auto read = [](s3::client c) -> awaitable<result<std::string>> {
        auto got = co_await c.get_object("b", "k");
        if (!got) co_return got.error();
        co_return co_await got->body.read_all(1000);
    };
    EXPECT_TRUE(is_error(error_of(read), errc::connection_lost, effect::none,
                         {"GetObject s3://b/k", "9 of 100 bytes"}));
}

TEST_F(strangers, that_hang_up_within_a_body_leave_files_as_they_were) {
    meet([](peer& at, int) -> awaitable<void> {
        co_await at.read_request();
        co_await at.send("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nonly this");
        at.close();
    });
    const scratch_directory folder;
    const auto path = folder.path() / "down";
    const auto save = [&](s3::client c) -> awaitable<result<std::uint64_t>> {
        auto got = co_await c.get_object("b", "k");
        if (!got) co_return got.error();
        co_return co_await got->body.save(path);
    };
    EXPECT_EQ(error_of(save).code(), errc::connection_lost);
    EXPECT_TRUE(std::filesystem::is_empty(folder.path()));
}

TEST_F(strangers, that_hang_up_within_a_document_leave_it_unread) {
    meet([](peer& at, int) -> awaitable<void> {
        co_await at.read_request();
        co_await at.send("HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n<?xml version=\"1.0\"?>");
        at.close();
    });
    EXPECT_TRUE(is_error(list_error(), errc::connection_lost, effect::none,
                         {"ListBuckets", "of 1000 bytes"}));
}

TEST_F(strangers, that_hang_up_within_an_upload_store_nothing) {
    meet([](peer& at, int) -> awaitable<void> {
        co_await at.read_head();
        co_await at.read(1000);
        at.close();
    });
    const auto content = pattern(16 * 1024 * 1024);
    const auto e =
        error_of([&](s3::client c) { return c.put_object("b", "k", body::view(content)); });
    EXPECT_TRUE(is_error(e, errc::connection_lost, effect::not_applied, {"PutObject s3://b/k"}));
}

TEST_F(strangers, that_never_say_continue_get_the_body_all_the_same) {
    meet([](peer& at, int) -> awaitable<void> {
        const auto request = co_await at.read_request();
        co_await at.send(
            reply(200, {}, "ETag: \"" + std::to_string(request.size() > 3000) + "\"\r\n"));
    });
    auto config = config_for(endpoint);
    config.expect_continue_bytes = 1;
    config.expect_continue_wait = std::chrono::milliseconds(1);
    const auto client = connect(std::move(config));
    const auto stored = good(then_stop(client.put_object("b", "k", std::string(3000, 'x'))));
    EXPECT_EQ(stored.etag, "\"1\"");
}

TEST_F(strangers, that_point_elsewhere_are_not_followed) {
    meet(replies({reply(301,
                        "<Error><Code>PermanentRedirect</Code><Message>elsewhere</Message>"
                        "<Endpoint>evil.example</Endpoint></Error>",
                        "Location: http://evil.example/\r\n")}));
    EXPECT_TRUE(is_error(upload_error(), errc::redirected, effect::not_applied,
                         {"s3://b/k", "PermanentRedirect", "evil.example"}));
    EXPECT_EQ(connections(), 1);
}

TEST_F(strangers, that_send_a_head_without_end_are_stopped) {
    meet([](peer& at, int) -> awaitable<void> {
        co_await at.read_request();
        co_await at.send("HTTP/1.1 200 OK\r\nx: " + std::string(1024 * 1024, 'x'));
        co_await at.read_to_end();
    });
    EXPECT_TRUE(is_error(download_error(), errc::limit_exceeded, effect::none, {"s3://b/k"}));
}

// --- One scheme for the other -------------------------------------------------------------------

/// In the clear, to a port that wants TLS.
class https_ports : public strangers {};

TEST_F(https_ports, reached_by_http_are_told) {
    const auto client = connect(config_for(endpoint_at("http", "127.0.0.1")));
    const auto e = bad(client.put_object(bucket, "k", "v"));
    EXPECT_TRUE(e.code() == errc::not_s3 || e.code() == errc::connection_lost) << e;
    EXPECT_THAT(e.what(), ::testing::HasSubstr(path_of(bucket, "k")));
    EXPECT_EQ(bad(s3.get_object(bucket, "k")).code(), errc::not_found);
}

/// By TLS, to a port that speaks in the clear.
class http_ports : public strangers {};

TEST_F(http_ports, reached_by_https_are_told) {
    const auto client = connect(config_for(endpoint_at("https", "127.0.0.1")));
    const auto e = bad(client.put_object(bucket, "k", "v"));
    EXPECT_TRUE(is_error(e, errc::tls_failed, effect::not_applied, {path_of(bucket, "k")}));
    EXPECT_EQ(bad(s3.get_object(bucket, "k")).code(), errc::not_found);
}

}  // namespace
}  // namespace cairn::test
