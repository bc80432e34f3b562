#include <cairn/auth/providers.hpp>
#include <cairn/s3/client.hpp>
#include <cairn/testing/scripted_host.hpp>

#include <gtest/gtest.h>

#include <array>
#include <string>

namespace cairn::testing {
namespace {

using namespace std::chrono_literals;

// FNV-1a: http://www.isthe.com/chongo/tech/comp/fnv
std::uint64_t checksum(std::string_view text) {
    std::uint64_t sum = 0xcbf29ce484222325;
    for (const char c : text) sum = (sum ^ static_cast<unsigned char>(c)) * 0x100000001b3;
    return sum;
}

link_options unreliable() {
    link_options link;
    link.latency_out = 3ms;
    link.latency_in = 5ms;
    link.jitter = 10ms;
    link.out_bytes_per_second = 1'000'000;
    link.faults.refused = link.faults.reset = link.faults.vanished = 0.05;
    link.faults.unanswered = link.faults.resolve_failed = 0.02;
    link.faults.reply_lost = link.faults.reply_delayed = link.faults.reply_repeated = 0.05;
    link.faults.partial = 0.3;
    link.faults.within_bytes = 4096;
    return link;
}

awaitable<void> echo(std::unique_ptr<wire::stream> s) {
    std::array<char, 512> piece;
    for (;;) {
        const auto read = co_await s->read_some(asio::buffer(piece));
        if (std::get<0>(read)) co_return;
        const std::array<asio::const_buffer, 1> back{asio::buffer(piece.data(), std::get<1>(read))};
        const auto written = co_await s->write_some(back);
        if (std::get<0>(written)) co_return;
    }
}

awaitable<void> one_talk(std::shared_ptr<wire::transport> by) {
    const auto found = co_await by->resolve("host", 80);
    if (!found) co_return;
    auto s = co_await by->connect(found->front());
    if (!s) co_return;
    std::array<char, 300> piece{};
    const std::array<asio::const_buffer, 1> said{asio::buffer(piece)};
    for (int i = 0; i < 5; ++i) {
        const auto written = co_await (*s)->write_some(said);
        if (std::get<0>(written)) co_return;
        const auto read = co_await (*s)->read_some(asio::buffer(piece));
        if (std::get<0>(read)) co_return;
    }
}

std::string talks(std::uint64_t seed) {
    simulation world(seed);
    simulated_network net(world);
    net.add_host("host", echo, unreliable());
    for (const auto* name : {"a", "b", "c"}) {
        const auto machine = net.add_machine(name, unreliable());
        for (int i = 0; i < 20; ++i) world.spawn(one_talk(machine.transport()));
    }
    world.settle();
    return world.trace()->text();
}

awaitable<void> answer(peer& at, int) {
    for (;;) {
        const auto request = co_await at.read_request();
        if (request.empty()) co_return;
        co_await at.send(reply(200, std::string(request.starts_with("GET") ? 3000 : 0, 'y')));
    }
}

awaitable<void> use(s3::client s3, std::string who, std::shared_ptr<trace> log) {
    for (int i = 0; i < 20; ++i) {
        const auto put = co_await s3.put_object("bucket", who, std::string(2000, 'x'));
        log->add(who + " put: " + (put ? "done" : put.error().what()));
        auto got = co_await s3.get_object("bucket", who);
        if (!got) continue;
        const auto body = co_await got->body.read_all(10'000);
        log->add(who + " got: " + (body ? "all" : body.error().what()));
    }
}

std::string clients(std::uint64_t seed) {
    simulation world(seed);
    simulated_network net(world);
    for (const auto* name : {"one.example", "two.example"})
        net.add_host(name, scripted(answer), unreliable());
    for (const auto* name : {"a", "b", "c"}) {
        const auto machine = net.add_machine(name, unreliable());
        s3::client_config config(auth::anonymous_credentials());
        config.endpoint = *name == 'a' ? "http://one.example" : "http://two.example";
        config.transport = machine.transport();
        config.clock = world.clock();
        config.random = world.random();
        config.resilience.attempt_timeout = 3s;
        config.pool.max_connections_per_host = 2;
        const auto s3 = s3::client::create(config).value();
        for (int i = 0; i < 3; ++i) world.spawn(use(s3, name + std::to_string(i), world.trace()));
    }
    world.settle();
    return world.trace()->text();
}

TEST(determinism, TheSameSeedGivesTheSameTrace) {
    for (const std::uint64_t seed : {1, 2, 3}) {
        EXPECT_EQ(talks(seed), talks(seed));
        EXPECT_EQ(clients(seed), clients(seed));
    }
}

TEST(determinism, AnotherSeedGivesAnother) {
    EXPECT_NE(talks(1), talks(2));
    EXPECT_NE(clients(1), clients(2));
}

TEST(determinism, TheScenariosAreBusy) {
    const auto trace = clients(1);
    for (const auto* event : {" refused\n", " reset by ", " has vanished\n", " lost\n",
                              " delayed\n", " repeated\n", " put: done\n", " got: all\n"})
        EXPECT_NE(trace.find(event), std::string::npos) << event;
}

// Every build, with every compiler, has the same one. A change of the simulation may change it.
TEST(determinism, TheTraceIsTheSameEverywhere) {
    EXPECT_EQ(checksum(talks(1)), 17430185220234096464U);
}

}  // namespace
}  // namespace cairn::testing
