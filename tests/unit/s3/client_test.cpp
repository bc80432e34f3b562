#include "recorded_server.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/post.hpp>

#include <limits>
#include <optional>

namespace cairn::s3 {
namespace {

using namespace std::chrono_literals;
using test::reply;

class client_test : public recorded_server {
  protected:
    // Each call is one attempt.
    client connect(test::script server) {
        auto config = config_for(std::move(server), test::constant_random::side::least);
        config.expect_continue_bytes = 100'000;
        config.resilience = resilience::none();
        return client::create(std::move(config)).value();
    }
    // Serves one request a connection, then closes without saying so.
    static test::script one_each(std::string answer) {
        return [answer = std::move(answer)](test::peer& at, int) -> awaitable<void> {
            co_await at.read_request();
            co_await at.send(answer);
            // The client sees the end only after it has sent its next request.
            co_await at.read_request();
        };
    }
};

TEST_F(client_test, SendsASignedFramedRequest) {
    auto s3 = connect(recording({reply(200, "", "ETag: \"e\"\r\n")}));
    const auto put = run(s3.put_object("bucket", "key", "hello"));
    ASSERT_TRUE(put) << put.error();
    EXPECT_EQ(put->etag, "\"e\"");
    const auto& sent = requests.at(0);
    EXPECT_EQ(sent.find("PUT /bucket/key HTTP/1.1\r\n"), 0u) << sent;
    for (const auto* part :
         {"\r\nHost: s3.example\r\n", "\r\nContent-Length: 5\r\n",
          "\r\nAuthorization: AWS4-HMAC-SHA256 "
          "Credential=AKIDEXAMPLE/20260101/us-east-1/s3/aws4_request",
          // SHA-256 of "hello": over plain HTTP the body is part of the signature.
          "2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824", "\r\n\r\nhello"})
        EXPECT_NE(sent.find(part), sent.npos) << part << "\nis not in\n" << sent;
    EXPECT_EQ(sent.find("s3cr3t"), sent.npos);
    EXPECT_EQ(sent.find("Expect"), sent.npos);
}

TEST_F(client_test, AnonymousRequestsAreNotSigned) {
    net = std::make_shared<test::simulated_transport>(recording({reply(200)}));
    client_config config(auth::anonymous_credentials());
    config.endpoint = "http://s3.example";
    config.transport = net;
    config.clock = time;
    auto s3 = client::create(std::move(config)).value();
    EXPECT_TRUE(run(s3.put_object("bucket", "key", "hello")));
    EXPECT_EQ(requests.at(0).find("Authorization"), std::string::npos);
}

TEST_F(client_test, ReadsABodyInPiecesAndKeepsItsConnection) {
    auto s3 = connect(test::replies({reply(200, std::string(100'000, 'x'), "ETag: \"e\"\r\n")}));
    for (int i = 0; i < 2; ++i) {
        auto got = run(s3.get_object("bucket", "key"));
        ASSERT_TRUE(got) << got.error();
        EXPECT_EQ(got->content_length, 100'000);
        std::string piece(999, '\0');
        const auto n = run(got->body.read(asio::buffer(piece)));
        EXPECT_EQ(n.value(), 999u);
        EXPECT_EQ(got->body.remaining(), 99'001u);
        const auto rest = run(got->body.read_all(200'000));
        EXPECT_EQ(rest.value().size(), 99'001u);
    }
    EXPECT_EQ(net->connections(), 1);
}

TEST_F(client_test, ABodyLeftUnreadClosesItsConnection) {
    auto s3 = connect(test::replies({reply(200, std::string(100'000, 'x'))}));
    {
        const auto got = run(s3.get_object("bucket", "key"));
        ASSERT_TRUE(got);
        EXPECT_EQ(net->open(), 1);
    }
    EXPECT_EQ(net->open(), 0);
}

TEST_F(client_test, ABodyLongerThanTheLimitIsAnError) {
    auto s3 = connect(test::replies(
        {reply(200, "123456"),
         "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n6\r\n123456\r\n0\r\n\r\n"}));
    for (int i = 0; i < 2; ++i) {
        auto got = run(s3.get_object("bucket", "key"));
        EXPECT_EQ(run(got->body.read_all(5)).error().code(), errc::limit_exceeded);
        auto again = run(s3.get_object("bucket", "key"));
        EXPECT_EQ(run(again->body.read_all(6)).value(), "123456");
    }
}

TEST_F(client_test, ATruncatedDownloadNamesWhatItWas) {
    const auto cuts = [](test::peer& at, int) -> awaitable<void> {
        co_await at.read_request();
        co_await at.send("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhello");
    };
    auto s3 = connect(cuts);
    auto got = run(s3.get_object("bucket", "key"));
    const auto all = run(got->body.read_all(100));
    ASSERT_FALSE(all);
    EXPECT_EQ(all.error().code(), errc::connection_lost);
    EXPECT_NE(all.error().what().find("GetObject s3://bucket/key"), std::string::npos)
        << all.error();
    EXPECT_NE(all.error().what().find("5 of 10"), std::string::npos) << all.error();
}

TEST_F(client_test, AStaleConnectionIsReplacedAtNoCost) {
    auto s3 = connect(one_each(reply(200)));
    for (int i = 0; i < 3; ++i) EXPECT_TRUE(run(s3.put_object("bucket", "key", "hello"))) << i;
    EXPECT_EQ(net->connections(), 3);
}

TEST_F(client_test, AConditionalWriteIsNotSentTwice) {
    auto s3 = connect(one_each(reply(200)));
    EXPECT_TRUE(run(s3.put_object("bucket", "key", "hello")));
    s3::put_object create("bucket", "key");
    create.if_none_match = "*";
    const auto created = run(s3.send(std::move(create)));
    ASSERT_FALSE(created);
    EXPECT_EQ(created.error().code(), errc::connection_lost);
    EXPECT_EQ(created.error().effect(), effect::unknown);
    EXPECT_NE(created.error().what().find("may or may not"), std::string::npos);
    EXPECT_EQ(net->connections(), 1);
}

TEST_F(client_test, ABodyThatCantBeRewoundSaysWhyItIsNotSentAgain) {
    auto s3 = connect(one_each(reply(200)));
    EXPECT_TRUE(run(s3.put_object("bucket", "key", "hello")));
    const auto next = [given = false]() mutable -> awaitable<result<asio::const_buffer>> {
        co_return std::exchange(given, true) ? asio::const_buffer() : asio::buffer("hello", 5);
    };
    const auto put = run(s3.put_object("bucket", "key", body::generator(5, next)));
    ASSERT_FALSE(put);
    EXPECT_NE(put.error().what().find("only once"), std::string::npos) << put.error();
}

TEST_F(client_test, EffectSaysWhatIsKnown) {
    const auto hangs_up = [](test::peer& at, int) -> awaitable<void> {
        co_await at.read_request();
    };
    auto s3 = connect(hangs_up);
    EXPECT_EQ(run(s3.put_object("bucket", "key", "x")).error().effect(), effect::unknown);
    EXPECT_EQ(run(s3.get_object("bucket", "key")).error().effect(), effect::none);
    EXPECT_EQ(run(s3.put_object("", "key", "x")).error().effect(), effect::not_applied);
    net->refuse = 1;
    const auto refused = run(s3.put_object("bucket", "key", "x"));
    EXPECT_EQ(refused.error().effect(), effect::not_applied);
    EXPECT_EQ(refused.error().code(), errc::connect_failed);
    EXPECT_NE(refused.error().what().find("http://s3.example"), std::string::npos)
        << refused.error();
}

TEST_F(client_test, DeletesAnyNumberOfKeysInOrder) {
    const auto server = [](test::peer& at, int) -> awaitable<void> {
        for (;;) {
            const auto request = co_await at.read_request();
            if (request.empty()) co_return;
            std::string answer = "<DeleteResult>";
            int keys = 0;
            for (std::size_t i = 0; (i = request.find("<Key>", i)) != request.npos; ++i, ++keys) {
                const auto key = request.substr(i + 5, request.find('<', i + 1) - i - 5);
                answer += key == "k1500"
                              ? "<Error><Key>" + key + "</Key><Code>AccessDenied</Code></Error>"
                              : "<Deleted><Key>" + key + "</Key></Deleted>";
            }
            EXPECT_LE(keys, 1000);
            co_await at.send(reply(200, answer + "</DeleteResult>"));
        }
    };
    auto s3 = connect(server);
    std::vector<std::string> keys;
    for (int i = 0; i < 2500; ++i) keys.push_back("k" + std::to_string(i));
    const auto gone = run(s3.delete_objects("bucket", keys));
    ASSERT_TRUE(gone);
    ASSERT_EQ(gone->size(), 2500u);
    for (std::size_t i = 0; i < gone->size(); ++i) {
        EXPECT_EQ((*gone)[i].key, keys[i]);
        EXPECT_EQ((*gone)[i].outcome.has_value(), i != 1500) << i;
    }
    EXPECT_EQ((*gone)[1500].outcome.error().code(), errc::access_denied);
    EXPECT_TRUE(run(s3.delete_objects("bucket", {})).value().empty());
}

TEST_F(client_test, AHandleMayGoBeforeItsCallStarts) {
    auto put = connect(test::replies({reply(200)})).put_object("bucket", "key", "x");
    EXPECT_TRUE(run(std::move(put)));
    auto location =
        connect(test::replies({reply(200, "<LocationConstraint>r</LocationConstraint>")}))
            .bucket_location("bucket");
    EXPECT_EQ(run(std::move(location)).value(), "r");
    auto erase = connect(test::replies({reply(200, "<DeleteResult></DeleteResult>")}))
                     .delete_objects("bucket", std::vector<std::string>(1, "key"));
    EXPECT_TRUE(run(std::move(erase)));
}

TEST_F(client_test, APaginatorMayGoBeforeItsCallStarts) {
    const auto empty = reply(200, "<ListBucketResult></ListBucketResult>");
    auto page = connect(test::replies({empty})).list_objects("bucket").next();
    EXPECT_TRUE(run(std::move(page)));
}

TEST_F(client_test, ErrorsOfABodyNameItsObject) {
    auto s3 = connect(test::replies({reply(200, "hello")}));
    auto got = run(s3.get_object("bucket", "key"));
    const auto all = run(got->body.read_all(4));
    EXPECT_EQ(all.error().code(), errc::limit_exceeded);
    EXPECT_EQ(all.error().operation(), "GetObject s3://bucket/key");
}

TEST_F(client_test, ALongBodysHashLeavesTheThreadToOthers) {
    auto s3 = connect(test::replies({reply(200)}));
    const std::string data(5'000'000, 'x');
    bool done = false;
    const auto send = [&]() -> awaitable<void> {
        const auto put = co_await s3.put_object("bucket", "key", body::view(data));
        EXPECT_TRUE(put);
        done = true;
    };
    asio::co_spawn(context, send(), asio::detached);
    context.poll_one();
    int turns = 0;
    while (net->connections() == 0 && context.poll_one() > 0) ++turns;
    EXPECT_GE(turns, 9) << "one for each half MiB";
    settle();
    EXPECT_TRUE(done);
}

TEST_F(client_test, SilenceInTheClearMayMeanThatTlsIsWanted) {
    const auto hangs_up = [](test::peer& at, int) -> awaitable<void> {
        co_await at.read_request();
    };
    const auto put = run(connect(hangs_up).put_object("bucket", "key", "x"));
    EXPECT_EQ(put.error().code(), errc::connection_lost);
    EXPECT_NE(put.error().hint().find("https"), std::string::npos) << put.error();
    const auto later = run(connect(one_each(reply(200))).put_object("bucket", "key", "x"));
    EXPECT_TRUE(later);
}

TEST_F(client_test, LimitsMayBeTheLargestThereAre) {
    auto s3 = connect(test::replies({reply(200, "hello")}));
    auto got = run(s3.get_object("bucket", "key"));
    EXPECT_EQ(run(got->body.read_all(std::string::npos)).value(), "hello");

    auto config = s3.config();
    config.max_document_bytes = std::numeric_limits<std::size_t>::max();
    config.transport = std::make_shared<test::simulated_transport>(
        test::replies({reply(200, "<LocationConstraint>r</LocationConstraint>")}));
    auto unlimited = client::create(std::move(config)).value();
    EXPECT_EQ(run(unlimited.bucket_location("bucket")).value(), "r");
}

TEST_F(client_test, APoolWithoutConnectionsIsRefused) {
    client_config config(auth::anonymous_credentials());
    config.endpoint = "http://s3.example";
    config.pool.max_connections_per_host = 0;
    EXPECT_EQ(client::create(std::move(config)).error().code(), errc::invalid_configuration);
}

TEST_F(client_test, CredentialsMayNotSplitARequest) {
    net = std::make_shared<test::simulated_transport>(recording({reply(200)}));
    client_config config(auth::static_credentials(
        auth::credentials("AKIDEXAMPLE", secret("s3cr3t"), secret("token\r\nX-Evil: 1"))));
    config.endpoint = "http://s3.example";
    config.transport = net;
    config.clock = time;
    auto s3 = client::create(std::move(config)).value();
    const auto put = run(s3.put_object("bucket", "key", "x"));
    ASSERT_FALSE(put);
    EXPECT_EQ(put.error().code(), errc::invalid_argument);
    EXPECT_EQ(put.error().effect(), effect::not_applied);
    EXPECT_EQ(put.error().what().find("Evil"), std::string::npos) << put.error();
    EXPECT_TRUE(requests.empty());
}

TEST_F(client_test, CredentialsAreMissedBeforeTheServerIs) {
    for (const auto& [id, key] : {std::pair("", "s3cr3t"), std::pair("AKIDEXAMPLE", "")}) {
        auto config = connect(test::replies({reply(200)})).config();
        config.credentials = auth::static_credentials(auth::credentials(id, secret(key)));
        auto s3 = client::create(std::move(config)).value();
        net->refuse = 1;
        const auto put = run(s3.put_object("bucket", "key", "x"));
        EXPECT_EQ(put.error().code(), errc::invalid_configuration);
        EXPECT_EQ(put.error().effect(), effect::not_applied);
        EXPECT_EQ(put.error().attempts(), 0u);
        EXPECT_EQ(net->refuse, 1) << "nothing is asked of the server";
    }
}

class counting_provider final : public auth::credentials_provider {
  public:
    awaitable<answer> get() override {
        ++asked;
        co_return answer(std::make_shared<const auth::credentials>("AKID", secret("s3cr3t")));
    }

    int asked = 0;
};

TEST_F(client_test, AsksForCredentialsOnceARequest) {
    auto provider = std::make_shared<counting_provider>();
    auto config = connect(recording({reply(200)})).config();
    config.credentials = provider;
    auto s3 = client::create(std::move(config)).value();
    EXPECT_TRUE(run(s3.put_object("bucket", "key", "x")));
    EXPECT_TRUE(run(s3.put_object("bucket", "key", "x")));
    EXPECT_EQ(provider->asked, 2);
}

TEST_F(client_test, SignsWhenItsTurnHasCome) {
    auto config = connect(recording({reply(200, "unread")})).config();
    config.pool.max_connections_per_host = 1;
    auto provider = std::make_shared<counting_provider>();
    config.credentials = provider;
    auto s3 = client::create(std::move(config)).value();
    const auto slow = [&](clock& k) -> awaitable<void> {
        auto got = co_await s3.get_object("bucket", "key");
        co_await k.sleep_until(k.now() + 1h);
    };
    const auto queued = [&]() -> awaitable<void> { co_await s3.put_object("bucket", "key", "x"); };
    asio::co_spawn(context, slow(*time), asio::detached);
    asio::co_spawn(context, queued(), asio::detached);
    settle();
    ASSERT_EQ(requests.size(), 2u);
    EXPECT_NE(requests[0].find("X-Amz-Date: 20260101T000000Z"), std::string::npos) << requests[0];
    EXPECT_NE(requests[1].find("X-Amz-Date: 20260101T010000Z"), std::string::npos) << requests[1];
    EXPECT_EQ(provider->asked, 3) << "they may have expired while the request waited";
}

TEST_F(client_test, WhatASecondCopyCameToSaysNothingOfTheFirst) {
    const auto server = [](test::peer& at, int n) -> awaitable<void> {
        co_await at.read_request();
        auto answer = reply(n == 0 ? 200 : 403);
        co_await at.send(std::move(answer));
        co_await at.read_request();
    };
    auto s3 = connect(server);
    EXPECT_TRUE(run(s3.put_object("bucket", "key", "x")));
    const auto again = run(s3.put_object("bucket", "key", "x"));
    EXPECT_EQ(again.error().code(), errc::access_denied);
    EXPECT_EQ(again.error().effect(), effect::unknown);
    const auto third = run(s3.delete_object("bucket", "key"));
    EXPECT_EQ(third.error().effect(), effect::unknown);
}

TEST_F(client_test, ASuccessBeforeTheBodyWasSentIsNone) {
    const auto hasty = [](test::peer& at, int) -> awaitable<void> {
        co_await at.read_head();
        co_await at.send(reply(200));
        co_await at.read(1);
    };
    auto s3 = connect(hasty);
    const auto put = run(s3.put_object("bucket", "key", std::string(1'000'000, 'x')));
    ASSERT_FALSE(put);
    EXPECT_EQ(put.error().code(), errc::protocol_error);
    EXPECT_EQ(put.error().effect(), effect::unknown);
}

TEST_F(client_test, APageInPlaceOfASuccessIsNotS3s) {
    auto s3 = connect(test::replies(
        {reply(200, "<html><title>Please log in</title></html>", "Content-Type: text/html\r\n")}));
    const auto put = run(s3.put_object("bucket", "key", "x"));
    ASSERT_FALSE(put);
    EXPECT_EQ(put.error().code(), errc::not_s3);
    EXPECT_EQ(put.error().effect(), effect::unknown);
}

// Every suspension of a small and a large upload, a download, a listing and a batch of deletions.
class cancel_test : public client_test {
  protected:
    template <class Make>
    void cancel_all(std::vector<std::string> answers, Make make, int at_least,
                    int connections = 1) {
        auto s3 = connect(test::replies(std::move(answers)));
        net->max_transfer = 50'000;
        net->window = 50'000;
        const auto check = [&](int n) {
            EXPECT_LE(net->open(), connections) << n;
            const auto alive = run(s3.head_bucket("bucket"));
            EXPECT_TRUE(alive || alive.error().http_status() != 0)
                << "poisoned after " << n << ": " << alive.error();
        };
        EXPECT_GT(cancel_everywhere([&] { return make(s3); }, check), at_least);
    }
};

TEST_F(cancel_test, SmallPut) {
    const auto put = [](client s3) -> awaitable<void> {
        co_await s3.put_object("bucket", "key", "hello");
    };
    cancel_all({reply(200)}, put, 1);
}

TEST_F(cancel_test, LargePutThatWaitsForContinue) {
    const auto put = [](client s3) -> awaitable<void> {
        const auto done = co_await s3.put_object("bucket", "key", std::string(300'000, 'x'));
        EXPECT_TRUE(done || done.error().code() == errc::canceled);
    };
    cancel_all({reply(200)}, put, 8);
}

TEST_F(cancel_test, Get) {
    const auto get = [](client s3) -> awaitable<void> {
        auto got = co_await s3.get_object("bucket", "key");
        if (got) co_await got->body.read_all(1'000'000);
    };
    cancel_all({reply(200, std::string(300'000, 'x'))}, get, 4);
}

TEST_F(cancel_test, ListingAndDeletion) {
    const auto list = [](client s3) -> awaitable<void> {
        auto pages = s3.list_objects("bucket");
        co_await pages.next();
    };
    cancel_all({reply(200,
                      "<ListBucketResult><Name>bucket</Name><IsTruncated>false</IsTruncated></"
                      "ListBucketResult>")},
               list, 2);
    const auto erase = [](client s3) -> awaitable<void> {
        std::vector<std::string> keys;
        for (int i = 0; i < 1500; ++i) keys.push_back("k" + std::to_string(i));
        co_await s3.delete_objects("bucket", std::move(keys));
    };
    cancel_all({reply(200, "<DeleteResult></DeleteResult>")}, erase, 5, 2);
}

TEST_F(cancel_test, ACancelledDeletionTellsOfItsFirstRequestsToo) {
    std::optional<result<std::vector<delete_outcome>>> ended;
    auto s3 = connect(recording({reply(200, "<DeleteResult></DeleteResult>")}));
    const auto erase = [&]() -> awaitable<void> {
        ended.reset();
        requests.clear();
        std::vector<std::string> keys;
        for (int i = 0; i < 1500; ++i) keys.push_back("k" + std::to_string(i));
        ended = co_await s3.delete_objects("bucket", std::move(keys));
    };
    int canceled_later = 0;
    cancel_everywhere(erase, [&](int n) {
        ASSERT_TRUE(ended) << n;
        if (*ended) return;
        EXPECT_EQ(ended->error().code(), errc::canceled);
        const auto expected = requests.empty() ? effect::not_applied : effect::unknown;
        EXPECT_EQ(ended->error().effect(), expected) << n;
        canceled_later += requests.size() > 1;
    });
    EXPECT_GT(canceled_later, 0);
}

// A cancelled call tells what it may have done.
TEST_F(cancel_test, ACancelledCallIsAValueWithItsEffect) {
    auto s3 = connect(test::replies({reply(200)}));
    std::vector<effect> effects;
    const auto put = [&]() -> awaitable<void> {
        const auto done = co_await s3.put_object("bucket", "key", "hello");
        if (done) co_return;
        effects.push_back(done.error().effect());
        EXPECT_EQ(done.error().code(), errc::canceled);
    };
    cancel_everywhere(put, [](int) {});
    ASSERT_FALSE(effects.empty());
    EXPECT_EQ(effects.front(), effect::not_applied);
    EXPECT_NE(std::find(effects.begin(), effects.end(), effect::unknown), effects.end());
}

}  // namespace
}  // namespace cairn::s3
