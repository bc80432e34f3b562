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

TEST_F(client_faults_test, TlsThatFails) {
    connection_fate fate;
    fate.tls = tls_fault::certificate_expired;
    host.set_fate(0, fate);
    const auto done = run(over_tls().put_object("bucket", "key", "hello"));
    EXPECT_EQ(done.error().code(), errc::tls_failed);
    EXPECT_EQ(done.error().effect(), effect::not_applied);
    EXPECT_NE(done.error().what().find("certificate has expired"), std::string::npos);
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
