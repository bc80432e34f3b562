#include "conversation.hpp"

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>

#include <stdexcept>

namespace cairn::testing {
namespace {

using namespace std::chrono_literals;
using wire::stream;

// Keeps what each connection brought, and answers with `answer` once it has `wants` bytes.
class network_host_test : public network_test {
  protected:
    serve_function answers() {
        return [this](stream_ptr s) { return serve(*this, std::move(s)); };
    }
    static awaitable<void> serve(network_host_test& t, stream_ptr s) {
        auto got = co_await read(*s, t.wants, t.time);
        t.got = std::move(got);
        if (t.got.end) co_return;
        co_await write_all(*s, t.answer);
        if (t.hangs_up) co_return;
        auto rest = co_await read(*s, static_cast<std::size_t>(-1), t.time);
        t.rest = std::move(rest);
    }

    std::size_t wants = 5;
    std::string answer = "world";
    bool hangs_up = true;
    seen got, rest;
    simulated_host host = net.add_host("host", answers());
};

TEST_F(network_host_test, CarriesBytesBothWays) {
    const auto s = connect(client);
    run(write_all(*s, "hello"));
    const auto reply = drain(*s);
    EXPECT_EQ(got.bytes, "hello");
    EXPECT_EQ(reply.bytes, "world");
    EXPECT_EQ(reply.end, asio::error::eof);
    EXPECT_EQ(world.trace()->text(),
              "0.000000000 client>host#0 connecting to 10.0.0.1:443\n"
              "0.000000000 client>host#0 connected\n"
              "0.000000000 client>host#0 5 bytes to host\n"
              "0.000000000 client>host#0 5 bytes to client\n"
              "0.000000000 client>host#0 end to client\n");
}

TEST_F(network_host_test, LatencyAndBandwidthAddUp) {
    client.link().latency_out = 10ms;
    client.link().latency_in = 20ms;
    client.link().out_bytes_per_second = 1'000'000;
    client.link().in_bytes_per_second = 2'000'000;
    host.link().latency_out = 3ms;
    host.link().latency_in = 4ms;
    host.link().in_bytes_per_second = 8'000'000;
    host.link().out_bytes_per_second = 500'000;
    wants = 250'000;
    answer.assign(100'000, 'x');
    const auto begin = time->now();
    const auto s = connect(client);
    EXPECT_EQ(took(begin), 14ms + 23ms);
    run(write_all(*s, std::string(wants, 'y')));
    const auto reply = drain(*s);
    EXPECT_EQ(got.last - begin, 37ms + 250ms + 14ms);
    EXPECT_EQ(reply.bytes.size(), answer.size());
    EXPECT_EQ(reply.last - begin, 37ms + 250ms + 14ms + 200ms + 23ms);
}

TEST_F(network_host_test, AWindowHoldsTheWriterBack) {
    client.link().latency_out = 1s;
    client.link().window_bytes = 100;
    wants = 250;
    const auto s = connect(client);
    const auto begin = time->now();
    run(write_all(*s, std::string(wants, 'y')));
    EXPECT_EQ(took(begin), 2s) << "it takes what has been read from the window";
    settle();
    EXPECT_EQ(got.last - begin, 3s);
}

TEST_F(network_host_test, TlsCostsOneMoreRoundTrip) {
    client.link().latency_out = 10ms;
    const auto begin = time->now();
    ASSERT_TRUE(try_connect(client, "host"));
    EXPECT_EQ(took(begin), 20ms);
}

TEST_F(network_host_test, LookingANameUpTakesARoundTrip) {
    client.link().latency_out = 10ms;
    client.link().latency_in = 15ms;
    const auto begin = time->now();
    const auto found = run(client.transport()->resolve("host", 80)).value();
    EXPECT_EQ(took(begin), 25ms);
    ASSERT_EQ(found.size(), 1U);
    EXPECT_EQ(found[0], asio::ip::tcp::endpoint(asio::ip::make_address("10.0.0.1"), 80));
    EXPECT_EQ(run(client.transport()->resolve("::1", 80)).value().front().address().to_string(),
              "::1");
    EXPECT_EQ(took(begin), 25ms) << "an address is its own answer";
}

TEST_F(network_host_test, BytesKeepTheirOrderWhateverTheJitter) {
    client.link().jitter = 1s;
    client.link().max_transfer_bytes = 3;
    std::string text;
    for (int i = 0; i < 200; ++i) text += std::to_string(i);
    wants = text.size();
    const auto s = connect(client);
    run(write_all(*s, text));
    settle();
    EXPECT_EQ(got.bytes, text);
    EXPECT_GT(took(got.last - 1s), 0s);
}

TEST_F(network_host_test, PartialCallsLoseNothing) {
    client.link().faults.partial = 1;
    host.link().faults.partial = 0.5;
    wants = 10'000;
    std::string text;
    while (text.size() < wants) text += std::to_string(text.size());
    text.resize(wants);
    answer = text;
    const auto s = connect(client);
    world.spawn(write_all(*s, text));
    const auto reply = drain(*s);
    EXPECT_EQ(got.bytes, text);
    EXPECT_EQ(reply.bytes, text);
}

TEST_F(network_host_test, TellsAnIdleStreamFromOneThatIsNot) {
    hangs_up = false;
    const auto s = connect(client);
    settle();
    EXPECT_TRUE(s->is_quiet());
    run(write_all(*s, "hello"));
    settle();
    EXPECT_FALSE(s->is_quiet()) << "the answer is there";
    EXPECT_EQ(run(read(*s, 5, time)).bytes, "world");
    EXPECT_TRUE(s->is_quiet());
    s->shutdown();
    EXPECT_FALSE(s->is_quiet());
    settle();
    EXPECT_EQ(rest.end, asio::error::eof);
}

/// --- Ends ---

TEST_F(network_host_test, CallsOnAClosedStreamFail) {
    hangs_up = false;
    const auto s = connect(client);
    const auto reading = std::make_shared<seen>();
    const auto note = [](stream& from, std::shared_ptr<seen> into, auto at) -> awaitable<void> {
        auto came = co_await read(from, 1, at);
        *into = std::move(came);
    };
    world.spawn(note(*s, reading, time));
    settle();
    s->shutdown();
    settle();
    EXPECT_EQ(reading->end, asio::error::eof) << "a pending call";
    EXPECT_EQ(drain(*s).end, asio::error::eof);
    EXPECT_EQ(run(write_once(*s, "x")), asio::error::broken_pipe);
}

TEST_F(network_host_test, WritingToAPeerThatHasGoneFailsInTheEnd) {
    client.link().latency_out = 1ms;
    wants = 0;
    answer = "";
    const auto s = connect(client);
    settle();
    EXPECT_EQ(run(write_once(*s, "x")), error_code()) << "the kernel takes it";
    settle();
    EXPECT_EQ(run(write_once(*s, "x")), asio::error::broken_pipe);
    EXPECT_EQ(drain(*s).end, asio::error::eof);
}

TEST_F(network_host_test, ClosingOnUnreadBytesResets) {
    wants = 1;
    answer = "no";
    const auto s = connect(client);
    run(write_all(*s, "hello"));
    const auto reply = drain(*s);
    EXPECT_EQ(reply.bytes, "no");
    EXPECT_EQ(reply.end, asio::error::connection_reset);
    EXPECT_EQ(drain(*s).end, asio::error::eof) << "it is told once";
    EXPECT_EQ(run(write_once(*s, "x")), asio::error::broken_pipe);
}

TEST_F(network_host_test, WhatAHostThrowsComesOut) {
    const auto fail = [](stream_ptr) -> awaitable<void> {
        throw std::runtime_error("a mistake in the test");
        co_return;
    };
    net.add_host("broken", fail);
    const auto s = run(client.transport()->connect({asio::ip::make_address("10.0.0.2"), 1}));
    EXPECT_THROW(settle(), std::runtime_error);
}

/// --- Faults ---

TEST_F(network_host_test, ResetsAfterSoManyBytesReceived) {
    connection_fate fate;
    fate.reset_after_received = 3;
    host.set_fate(0, fate);
    const auto s = connect(client);
    run(write_all(*s, "hello"));
    EXPECT_EQ(drain(*s).end, asio::error::connection_reset);
    EXPECT_EQ(got.bytes, "hel");
    EXPECT_EQ(got.end, asio::error::connection_reset);
    EXPECT_TRUE(traced("client>host#0 reset by host"));
}

TEST_F(network_host_test, ResetsAfterSoManyBytesSent) {
    client.link().max_transfer_bytes = host.link().max_transfer_bytes = 2;
    connection_fate fate;
    fate.reset_after_sent = 3;
    host.set_fate(0, fate);
    const auto s = connect(client);
    run(write_all(*s, "hello"));
    const auto reply = drain(*s);
    EXPECT_EQ(reply.bytes, "wor");
    EXPECT_EQ(reply.end, asio::error::connection_reset);
    EXPECT_EQ(got.bytes, "hello");
}

TEST_F(network_host_test, LosesAReplyAfterTheHostHasActed) {
    connection_fate fate;
    fate.lost_reply = 0;
    host.set_fate(0, fate);
    const auto s = connect(client);
    run(write_all(*s, "hello"));
    const auto reply = drain(*s);
    EXPECT_EQ(reply.bytes, "");
    EXPECT_EQ(reply.end, asio::error::connection_reset);
    EXPECT_EQ(got.bytes, "hello");
    EXPECT_TRUE(traced("client>host#0 reply 0 lost"));
}

TEST_F(network_host_test, DelaysAndRepeatsReplies) {
    connection_fate fate;
    fate.delayed_reply = 0;
    fate.reply_delay = 7s;
    fate.repeated_reply = 0;
    host.set_fate(0, fate);
    const auto s = connect(client);
    const auto begin = time->now();
    run(write_all(*s, "hello"));
    EXPECT_EQ(drain(*s).bytes, "worldworld");
    EXPECT_EQ(took(begin), 7s);
}

TEST_F(network_host_test, AHostThatHasVanishedIsSilent) {
    connection_fate fate;
    fate.vanished_after_received = 5;
    host.set_fate(0, fate);
    client.link().window_bytes = 10;
    const auto s = connect(client);
    run(write_all(*s, "hello"));
    settle();
    EXPECT_EQ(got.bytes, "hello");
    EXPECT_TRUE(s->is_quiet());
    EXPECT_THROW(run(write_all(*s, std::string(11, 'x'))), std::logic_error) << "nobody takes it";
    EXPECT_TRUE(s->is_quiet());
    s->shutdown();
    settle();
    EXPECT_FALSE(traced("end to host"));
}

TEST_F(network_host_test, RefusesConnections) {
    connection_fate fate;
    fate.refused = true;
    host.set_fate(0, fate);
    client.link().latency_out = 1s;
    const auto begin = time->now();
    const auto refused = try_connect(client);
    EXPECT_EQ(took(begin), 1s);
    EXPECT_EQ(refused.error().code(), errc::connect_failed);
    EXPECT_EQ(refused.error().cause(), asio::error::connection_refused);
    EXPECT_EQ(refused.error().detail(), "connect to 10.0.0.1:443");
    EXPECT_TRUE(try_connect(client)) << "only the first";
    EXPECT_EQ(host.connections(), 2);
}

TEST_F(network_host_test, AnUnansweredConnectionWaitsForEver) {
    connection_fate fate;
    fate.unanswered = true;
    host.set_fate(0, fate);
    EXPECT_THROW(try_connect(client), std::logic_error);
    client.crash();  // or the test would be left with it
    EXPECT_TRUE(traced("client>host#0 unanswered"));
}

TEST_F(network_host_test, NamesFailAndMove) {
    EXPECT_EQ(run(client.transport()->resolve("nobody", 80)).error().cause(),
              asio::error::host_not_found);
    host.move_to({});
    const auto lost = run(client.transport()->resolve("host", 80));
    EXPECT_EQ(lost.error().code(), errc::resolve_failed);
    EXPECT_EQ(lost.error().cause(), asio::error::host_not_found);
    EXPECT_EQ(lost.error().detail(), "host \"host\"");
    const auto address = asio::ip::make_address("2001:db8::7");
    host.move_to({address});
    EXPECT_EQ(run(client.transport()->resolve("host", 80)).value().front().address(), address);
    EXPECT_TRUE(run(client.transport()->connect({address, 80})));
    EXPECT_EQ(try_connect(client).error().cause(), asio::error::host_unreachable);
    client.link().faults.resolve_failed = 1;
    EXPECT_EQ(run(client.transport()->resolve("host", 80)).error().cause(),
              asio::error::host_not_found_try_again);
}

TEST_F(network_host_test, EachChanceIsTaken) {
    const auto failure = [&](auto set) {
        host.link() = link_options();
        client.link() = link_options();
        set();
        return try_connect(client, "host");
    };
    const auto refused = failure([&] { host.link().faults.refused = 1; });
    EXPECT_EQ(refused.error().cause(), asio::error::connection_refused);
    EXPECT_EQ(failure([&] { client.link().faults.tls_failed = 1; }).error().code(),
              errc::tls_failed);
    EXPECT_TRUE(failure([] {}));

    for (const auto fault : {&fault_chances::reset, &fault_chances::reply_lost}) {
        const auto s = failure([&] {
            host.link().faults.*fault = 1;
            host.link().faults.within_bytes = 5;
        });
        run(write_all(**s, "hello"));
        EXPECT_EQ(drain(**s).end, asio::error::connection_reset);
    }
    const auto vanished = failure([&] { host.link().faults.vanished = 1; });
    settle();
    run(write_all(**vanished, std::string(70'000, 'x')));
    settle();
    EXPECT_TRUE((*vanished)->is_quiet());
    const auto repeated = failure([&] {
        host.link().faults.reply_repeated = 1;
        host.link().faults.reply_delayed = 1;
    });
    const auto begin = time->now();
    run(write_all(**repeated, "hello"));
    EXPECT_EQ(drain(**repeated).bytes, "worldworld");
    EXPECT_EQ(took(begin), 1s);
}

/// --- Machines ---

TEST_F(network_host_test, APartitionHoldsBackWhatIsOnItsWay) {
    for (const bool of_host : {false, true}) {
        got = seen();
        const auto s = connect(client);
        of_host ? host.partition() : client.partition();
        run(write_all(*s, "hello"));
        settle();
        EXPECT_EQ(got.bytes, "");
        EXPECT_TRUE(s->is_quiet());
        time->advance(1h);
        of_host ? host.heal() : client.heal();
        EXPECT_EQ(drain(*s).bytes, "world");
        EXPECT_EQ(got.bytes, "hello");
    }
}

TEST_F(network_host_test, ConnectingWaitsForAPartitionToEnd) {
    client.partition();
    const auto heal = [](auto at, simulated_machine m) -> awaitable<void> {
        co_await at->sleep_until(at->now() + 1min);
        m.heal();
    };
    const auto begin = time->now();
    world.spawn(heal(time, client));
    EXPECT_TRUE(try_connect(client));
    EXPECT_EQ(took(begin), 1min);
}

TEST_F(network_host_test, ACrashEndsTheMachinesStreamsAndNothingElse) {
    hangs_up = false;
    client.link().latency_out = 1ms;
    const auto other = net.add_machine("other");
    const auto theirs = connect(other);
    run(write_all(*theirs, "hello"));
    EXPECT_EQ(run(read(*theirs, 5, time)).bytes, "world");

    const auto before = client.transport();
    const auto first = connect(client);
    const auto second = connect(client);
    EXPECT_EQ(client.open(), 2);
    run(write_all(*first, "hello"));
    client.crash();
    EXPECT_EQ(drain(*first).end, asio::error::eof);
    EXPECT_EQ(run(write_once(*second, "x")), asio::error::broken_pipe);
    EXPECT_THROW(run(before->resolve("host", 80)), boost::system::system_error);
    EXPECT_THROW(run(before->connect({asio::ip::make_address("10.0.0.1"), 1})),
                 boost::system::system_error);
    settle();
    EXPECT_TRUE(traced("client>host#1 5 bytes to host")) << "what was on its way has come";
    EXPECT_TRUE(traced("client>host#1 end to host"));
    EXPECT_TRUE(traced("client>host#2 end to host"));
    EXPECT_FALSE(traced("other>host#0 end to host"));

    EXPECT_TRUE(theirs->is_quiet());
    const auto again = connect(client);
    run(write_all(*again, "hello"));
    EXPECT_EQ(run(read(*again, 5, time)).bytes, "world") << "restarted";
}

TEST_F(network_host_test, ACrashEndsPendingCalls) {
    hangs_up = false;
    const auto s = connect(client);
    connection_fate fate;
    fate.unanswered = true;
    host.set_fate(1, fate);
    const auto ends = std::make_shared<std::vector<error_code>>();
    const auto reading = [](stream& from, auto at, auto into) -> awaitable<void> {
        const auto came = co_await read(from, 1, at);
        into->push_back(came.end);
    };
    const auto connecting = [](std::shared_ptr<wire::transport> by, auto into) -> awaitable<void> {
        const asio::ip::tcp::endpoint address(asio::ip::make_address("10.0.0.1"), 1);
        try {
            const auto never = co_await by->connect(address);
            EXPECT_FALSE(never);
        } catch (const boost::system::system_error& e) {
            into->push_back(e.code());
        }
    };
    world.spawn(reading(*s, time, ends));
    world.spawn(connecting(client.transport(), ends));
    settle();
    EXPECT_TRUE(ends->empty());
    client.crash();
    settle();
    EXPECT_EQ(*ends, (std::vector<error_code>{asio::error::eof, asio::error::operation_aborted}));
}

/// --- Cancellation ---

class cancelled_network_test : public network_host_test {
  protected:
    static awaitable<void> converse(cancelled_network_test& t, std::string tls) {
        const auto transport = t.client.transport();
        const auto found = co_await transport->resolve("host", 443);
        auto s = co_await test::open_stream(transport, found.value().front(), tls);
        co_await write_all(**s, "hello");
        const auto reply = co_await read(**s, 10, t.time);
        t.whole = reply.bytes == "worldworld";
    }
    // Gives the number of points at which it was cancelled.
    int cancel_it_everywhere() {
        whole = false;
        return cancel_everywhere([&] { return converse(*this, "host"); },
                                 [&](int n) {
                                     EXPECT_EQ(client.open(), 0) << n;
                                     EXPECT_TRUE(world.is_over()) << n;
                                 });
    }
    // Cancels it when nothing else can happen.
    void cancel_what_waits_for_ever() {
        asio::cancellation_signal cancel;
        bool ended = false;
        asio::co_spawn(
            context, converse(*this, ""),
            asio::bind_cancellation_slot(cancel.slot(), [&](std::exception_ptr) { ended = true; }));
        settle();
        EXPECT_FALSE(ended);
        cancel.emit(asio::cancellation_type::terminal);
        settle();
        EXPECT_TRUE(ended);
        EXPECT_EQ(client.open(), 0);
        EXPECT_TRUE(world.is_over());
    }

    bool whole = false;
};

TEST_F(cancelled_network_test, EndsPromptlyWithoutLeavingAnything) {
    answer = "worldworld";
    EXPECT_GE(cancel_it_everywhere(), 8);
    EXPECT_TRUE(whole);
    client.link().latency_out = host.link().latency_out = 1ms;
    client.link().max_transfer_bytes = 2;
    client.link().window_bytes = 4;
    client.link().out_bytes_per_second = host.link().out_bytes_per_second = 1000;
    EXPECT_GE(cancel_it_everywhere(), 30);
    EXPECT_TRUE(whole);
}

TEST_F(cancelled_network_test, EvenWhatWouldWaitForEver) {
    connection_fate fate;
    fate.unanswered = true;
    host.set_fate(0, fate);
    cancel_what_waits_for_ever();
    fate.unanswered = false;
    fate.vanished_after_received = 5;
    host.set_fate(1, fate);
    cancel_what_waits_for_ever();
    client.partition();
    cancel_what_waits_for_ever();
    client.heal();
}

// Whatever runs when the world ends is destroyed with it, streams with bytes on their way included.
TEST(simulated_network, EndsWithItsWorldAtAnyPoint) {
    const auto held = std::make_shared<int>();
    for (int handlers = 0; handlers < 60; ++handlers) {
        simulation world;
        simulated_network net(world);
        link_options slow;
        slow.latency_out = 1ms;
        const auto serve = [](std::unique_ptr<stream> s) -> awaitable<void> {
            std::array<char, 1> piece;
            for (;;) {
                const auto moved = co_await s->read_some(asio::buffer(piece));
                if (std::get<0>(moved)) co_return;
                const std::array<asio::const_buffer, 1> back{asio::buffer(piece)};
                co_await s->write_some(back);
            }
        };
        net.add_host("host", serve, slow);
        const auto machine = net.add_machine("machine", slow);
        const auto talk = [](std::shared_ptr<wire::transport> by,
                             std::shared_ptr<int>) -> awaitable<void> {
            const auto address = co_await by->resolve("host", 80);
            auto s = co_await by->connect(address.value().front());
            for (;;) {
                std::array<char, 1> piece{'x'};
                const std::array<asio::const_buffer, 1> there{asio::buffer(piece)};
                co_await (*s)->write_some(there);
                co_await (*s)->read_some(asio::buffer(piece));
            }
        };
        world.spawn(talk(machine.transport(), held));
        const auto end = world.clock()->now() + handlers * 250us;
        world.run(world.clock()->sleep_until(end));
    }
    EXPECT_EQ(held.use_count(), 1);
}

TEST(simulated_network, RefusesTwoHostsOfOneName) {
    simulation world;
    simulated_network net(world);
    const auto nothing = [](std::unique_ptr<stream>) -> awaitable<void> { co_return; };
    net.add_host("host", nothing);
    EXPECT_THROW(net.add_host("host", nothing), std::invalid_argument);
}

}  // namespace
}  // namespace cairn::testing
