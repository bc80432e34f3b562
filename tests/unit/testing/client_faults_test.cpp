#include "support/io.hpp"

#include <cairn/auth/providers.hpp>
#include <cairn/s3/client.hpp>
#include <cairn/testing/scripted_host.hpp>

#include <string>
#include <vector>

// Each fault of the network, as a client of S3 sees it.
namespace cairn::testing {
namespace {

using namespace std::chrono_literals;

class client_faults_test : public test::io {
  protected:
    client_faults_test() {
        config.endpoint = "http://s3.example";
        config.transport = machine.transport();
        config.clock = time;
        config.random = world.random();
        config.resilience = s3::resilience::none();
        link_options& link = machine.link();
        link.latency_out = link.latency_in = 5ms;
    }
    s3::client client() { return s3::client::create(config).value(); }
    s3::client over_tls() {
        config.endpoint = "https://s3.example";
        return client();
    }
    // What becomes of a write whose connection has this fate.
    error put(const connection_fate& fate) {
        host.set_fate(host.connections(), fate);
        const auto done = run(client().put_object("bucket", "key", "hello"));
        EXPECT_FALSE(done);
        return done ? error() : done.error();
    }
    // What becomes of a large write to a host that answers so before it has had it all.
    error answered_early(const std::string& text) {
        const auto hasty = [text](peer& at, int) -> awaitable<void> {
            co_await at.read_head();
            co_await at.send(text);
            co_await at.read(200'000);
        };
        net.add_host("hasty.example", scripted(hasty));
        config.endpoint = "http://hasty.example";
        config.expect_continue_bytes = 100'000'000;
        const auto done = run(client().put_object("bucket", "key", std::string(5'000'000, 'x')));
        EXPECT_FALSE(done);
        return done ? error() : done.error();
    }
    static awaitable<void> answer_names_in(client_faults_test& t, clock::duration wait) {
        co_await t.time->sleep_until(t.time->now() + wait);
        t.machine.link().faults.resolve_failed = 0;
    }

    std::vector<std::string> requests;
    std::string answer = reply(200, "", "ETag: \"e\"\r\n");
    std::string object = reply(200, "0123456789");
    simulated_network net{world};
    simulated_host host =
        net.add_host("s3.example", scripted([this](peer& at, int) { return serve(*this, at); }));
    simulated_machine machine = net.add_machine("machine");
    s3::client_config config{auth::anonymous_credentials()};

  private:
    static awaitable<void> serve(client_faults_test& t, peer& at) {
        for (;;) {
            auto request = co_await at.read_request();
            if (request.empty()) co_return;
            const bool reads = request.starts_with("GET");
            t.requests.push_back(std::move(request));
            co_await at.send(reads ? t.object : t.answer);
        }
    }
};

TEST_F(client_faults_test, NothingIsWrong) {
    const auto begin = time->now();
    const auto done = run(client().put_object("bucket", "key", "hello"));
    ASSERT_TRUE(done) << done.error();
    EXPECT_EQ(time->now() - begin, 30ms) << "looked up, connected, answered";
}

TEST_F(client_faults_test, ARefusedConnection) {
    connection_fate fate;
    fate.refused = true;
    const auto e = put(fate);
    EXPECT_EQ(e.code(), errc::connect_failed);
    EXPECT_EQ(e.cause(), asio::error::connection_refused);
    EXPECT_EQ(e.effect(), effect::not_applied);
}

TEST_F(client_faults_test, ANameThatFails) {
    machine.link().faults.resolve_failed = 1;
    const auto e = put(connection_fate());
    EXPECT_EQ(e.code(), errc::resolve_failed);
    EXPECT_EQ(e.effect(), effect::not_applied);
}

TEST_F(client_faults_test, ANameThatHasMoved) {
    auto s3 = client();
    EXPECT_TRUE(run(s3.put_object("bucket", "key", "hello")));
    host.move_to({asio::ip::make_address("10.9.9.9")});
    EXPECT_TRUE(run(s3.put_object("bucket", "key", "hello"))) << "a connection goes on";
    time->advance(1min);
    EXPECT_TRUE(run(s3.put_object("bucket", "key", "hello"))) << "the name is asked again";
    EXPECT_NE(world.trace()->text().find("machine>s3.example#1 connecting to 10.9.9.9:80"),
              std::string::npos);
}

TEST_F(client_faults_test, ANameWithoutAnAddress) {
    host.move_to({});
    const auto e = put(connection_fate());
    EXPECT_EQ(e.code(), errc::resolve_failed);
    EXPECT_EQ(e.cause(), asio::error::host_not_found);
    EXPECT_EQ(e.effect(), effect::not_applied);
    EXPECT_EQ(host.connections(), 0);
}

TEST_F(client_faults_test, ANameThatComesBack) {
    config.resilience = s3::resilience();
    config.resilience.retry->max_attempts = 20;
    machine.link().faults.resolve_failed = 1;
    world.spawn(answer_names_in(*this, 100ms));
    EXPECT_TRUE(run(client().put_object("bucket", "key", "hello")));
    EXPECT_EQ(requests.size(), 1U);
}

TEST_F(client_faults_test, ANameThatHasMovedIsAskedAgainWhenItsOldAddressFails) {
    config.resilience = s3::resilience();
    connection_fate fate;
    fate.lost_reply = 1;
    host.set_fate(1, fate);
    auto s3 = client();
    const auto held = run(s3.get_object("bucket", "key"));
    EXPECT_TRUE(held) << "what is connected keeps the address in mind";
    EXPECT_TRUE(run(s3.put_object("bucket", "key", "hello")));
    host.move_to({asio::ip::make_address("10.9.9.9")});
    EXPECT_TRUE(run(s3.put_object("bucket", "key", "hello")));
    const auto trace = world.trace()->text();
    EXPECT_NE(trace.find("finds no route to"), std::string::npos);
    EXPECT_NE(trace.find("connecting to 10.9.9.9:80"), std::string::npos);
}

TEST_F(client_faults_test, TlsThatFails) {
    connection_fate fate;
    fate.tls = tls_fault::certificate_expired;
    host.set_fate(0, fate);
    const auto done = run(over_tls().put_object("bucket", "key", "hello"));
    EXPECT_EQ(done.error().code(), errc::tls_failed);
    EXPECT_EQ(done.error().effect(), effect::not_applied);
    EXPECT_NE(done.error().what().find("certificate has expired"), std::string::npos);
}

TEST_F(client_faults_test, TlsThatFailsIsNotTriedAgain) {
    config.resilience = s3::resilience();
    for (const auto fault : {tls_fault::unknown_authority, tls_fault::wrong_host,
                             tls_fault::certificate_expired, tls_fault::handshake_cut}) {
        connection_fate fate;
        fate.tls = fault;
        const int before = host.connections();
        host.set_fate(before, fate);
        const auto done = run(over_tls().put_object("bucket", "key", "hello"));
        EXPECT_EQ(done.error().code(), errc::tls_failed);
        EXPECT_EQ(done.error().effect(), effect::not_applied);
        EXPECT_FALSE(done.error().hint().empty());
        EXPECT_EQ(host.connections(), before + 1);
    }
    EXPECT_TRUE(requests.empty()) << "nothing may be said to whom nobody trusts";
    EXPECT_EQ(machine.open(), 0);
}

TEST_F(client_faults_test, ALostReply) {
    connection_fate fate;
    fate.lost_reply = 0;
    const auto e = put(fate);
    EXPECT_EQ(e.code(), errc::connection_lost);
    EXPECT_EQ(e.cause(), asio::error::connection_reset);
    EXPECT_EQ(e.effect(), effect::unknown);
    EXPECT_EQ(requests.size(), 1U) << "the host has seen it";
}

TEST_F(client_faults_test, AResetBeforeTheRequestIsThere) {
    connection_fate fate;
    fate.reset_after_received = 10;
    const auto e = put(fate);
    EXPECT_EQ(e.code(), errc::connection_lost);
    EXPECT_EQ(e.effect(), effect::unknown) << "nobody can tell";
    EXPECT_TRUE(requests.empty());
}

TEST_F(client_faults_test, AResetInsideABody) {
    connection_fate fate;
    fate.reset_after_sent = object.size() - 4;
    host.set_fate(0, fate);
    auto got = run(client().get_object("bucket", "key"));
    ASSERT_TRUE(got) << got.error();
    const auto body = run(got->body.read_all(100));
    EXPECT_EQ(body.error().code(), errc::connection_lost);
    EXPECT_NE(body.error().what().find("after 6 of 10 bytes"), std::string::npos) << body.error();
}

TEST_F(client_faults_test, NoAnswerToAConnection) {
    connection_fate fate;
    fate.unanswered = true;
    const auto begin = time->now();
    const auto e = put(fate);
    EXPECT_EQ(time->now() - begin, 10ms + 3100ms) << "the name, and then the connection";
    EXPECT_EQ(e.code(), errc::timed_out);
    EXPECT_EQ(e.effect(), effect::not_applied);
}

TEST_F(client_faults_test, AHostThatVanishes) {
    connection_fate fate;
    fate.vanished_after_received = 1;
    const auto e = put(fate);
    EXPECT_EQ(e.code(), errc::timed_out);
    EXPECT_NE(e.detail().find("no byte for 30 s, before a reply came"), std::string::npos) << e;
    EXPECT_EQ(e.effect(), effect::unknown);
    EXPECT_EQ(machine.open(), 0);
}

TEST_F(client_faults_test, APartition) {
    config.resilience.attempt_timeout = 5s;
    auto s3 = client();
    EXPECT_TRUE(run(s3.put_object("bucket", "key", "hello")));
    machine.partition();
    EXPECT_EQ(run(s3.put_object("bucket", "key", "hello")).error().code(), errc::timed_out);
    machine.heal();
    EXPECT_TRUE(run(s3.put_object("bucket", "key", "hello")));
}

TEST_F(client_faults_test, ADelayedReply) {
    connection_fate fate;
    fate.delayed_reply = 0;
    fate.reply_delay = 4s;
    host.set_fate(0, fate);
    const auto begin = time->now();
    EXPECT_TRUE(run(client().put_object("bucket", "key", "hello")));
    EXPECT_EQ(time->now() - begin, 30ms + 4s);
}

TEST_F(client_faults_test, AReplyThatComesTooLateAnswersNoOtherRequest) {
    connection_fate fate;
    fate.delayed_reply = 0;
    fate.reply_delay = 40s;
    host.set_fate(0, fate);
    auto s3 = client();
    const auto e = run(s3.put_object("bucket", "key", "hello")).error();
    EXPECT_EQ(e.code(), errc::timed_out);
    EXPECT_EQ(e.effect(), effect::unknown);
    answer = reply(404);
    settle();
    EXPECT_EQ(run(s3.put_object("bucket", "key", "hello")).error().code(), errc::not_found);
    EXPECT_EQ(host.connections(), 2);
}

TEST_F(client_faults_test, AnEarlyRefusalEndsALargeUpload) {
    const auto refused = answered_early(reply(403));
    EXPECT_EQ(refused.code(), errc::access_denied);
    EXPECT_EQ(refused.effect(), effect::not_applied);
    EXPECT_EQ(machine.open(), 0) << "a connection with half a request was kept";
}

TEST_F(client_faults_test, AnEarlySuccessIsNone) {
    const auto praised = answered_early(reply(200, "", "ETag: \"e\"\r\n"));
    EXPECT_EQ(praised.code(), errc::protocol_error);
    EXPECT_EQ(praised.effect(), effect::unknown);
    EXPECT_EQ(machine.open(), 0);
}

TEST_F(client_faults_test, ARepeatedBodyIsReadOnce) {
    connection_fate fate;
    fate.repeated_reply = 0;
    host.set_fate(0, fate);
    auto s3 = client();
    for (const auto* const content : {"0123456789", "another"}) {
        object = reply(200, content);
        auto got = run(s3.get_object("bucket", "key"));
        ASSERT_TRUE(got) << got.error();
        EXPECT_EQ(run(got->body.read_all(100)).value(), content);
        settle();
    }
}

TEST_F(client_faults_test, ARepeatedReplyAnswersNoOtherRequest) {
    connection_fate fate;
    fate.repeated_reply = 0;
    host.set_fate(0, fate);
    auto s3 = client();
    EXPECT_TRUE(run(s3.put_object("bucket", "key", "hello")));
    settle();
    answer = reply(404);
    EXPECT_EQ(run(s3.put_object("bucket", "key", "hello")).error().code(), errc::not_found);
    EXPECT_EQ(host.connections(), 2) << "the first connection had bytes that nobody asked for";
}

TEST_F(client_faults_test, PartialCallsChangeNothing) {
    machine.link().faults.partial = host.link().faults.partial = 1;
    EXPECT_TRUE(run(client().put_object("bucket", "key", std::string(1000, 'x'))));
    EXPECT_TRUE(requests.at(0).ends_with(std::string(1000, 'x')));
}

TEST_F(client_faults_test, ACrash) {
    auto s3 = client();
    EXPECT_TRUE(run(s3.put_object("bucket", "key", "hello")));
    machine.crash();
    EXPECT_EQ(run(s3.put_object("bucket", "key", "hello")).error().code(), errc::canceled);
    settle();
    EXPECT_EQ(machine.open(), 0) << "what the pool held is gone, too";
    config.transport = machine.transport();
    EXPECT_TRUE(run(client().put_object("bucket", "key", "hello")));
}

TEST_F(client_faults_test, RetriesOvercomeThem) {
    config.resilience = s3::resilience();
    config.resilience.attempt_timeout = 2s;
    for (const auto set : std::vector<void (*)(connection_fate&)>{
             [](connection_fate& f) { f.refused = true; },
             [](connection_fate& f) { f.unanswered = true; },
             [](connection_fate& f) { f.lost_reply = 0; },
             [](connection_fate& f) { f.vanished_after_received = 0; }}) {
        connection_fate fate;
        set(fate);
        host.set_fate(host.connections(), fate);
        EXPECT_TRUE(run(client().put_object("bucket", "key", "hello")));
    }
}

}  // namespace
}  // namespace cairn::testing
