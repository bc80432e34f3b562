#pragma once

#include "support/checksum.hpp"

#include <cairn/auth/providers.hpp>
#include <cairn/s3.hpp>
#include <cairn/testing.hpp>

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <utility>

/// A world that runs alike in every build, whatever its compiler and its optimization: clients on
/// machines and hosts to which whatever can go wrong does. For cairn's own tests, and for a program
/// that uses cairn as it was installed.
namespace cairn::test {

inline testing::link_options unreliable_link() {
    using namespace std::chrono_literals;
    testing::link_options link;
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

inline awaitable<void> answer_all(testing::peer& at, int) {
    for (;;) {
        const auto request = co_await at.read_request();
        if (request.empty()) co_return;
        const std::string body(request.starts_with("GET") ? 3000 : 0, 'y');
        co_await at.send(testing::reply(200, body));
    }
}

inline awaitable<void> put_and_get(s3::client s3, std::string who,
                                   std::shared_ptr<testing::trace> log) {
    for (int i = 0; i < 20; ++i) {
        const auto put = co_await s3.put_object("bucket", who, std::string(2000, 'x'));
        log->add(who + " put: " + (put ? "done" : put.error().what()));
        auto got = co_await s3.get_object("bucket", who);
        if (!got) continue;
        const auto body = co_await got->body.read_all(10'000);
        log->add(who + " got: " + (body ? "all" : body.error().what()));
    }
}

/// All that happened.
inline std::string trace_of_unreliable_world(std::uint64_t seed) {
    using namespace std::chrono_literals;
    testing::simulation world(seed);
    testing::simulated_network net(world);
    for (const auto* name : {"one.example", "two.example"})
        net.add_host(name, testing::scripted(answer_all), unreliable_link());
    for (const auto* name : {"a", "b", "c"}) {
        const auto machine = net.add_machine(name, unreliable_link());
        s3::client_config config(auth::anonymous_credentials());
        config.endpoint = *name == 'a' ? "http://one.example" : "http://two.example";
        config.transport = machine.transport();
        config.clock = world.clock();
        config.random = world.random();
        config.resilience.attempt_timeout = 3s;
        config.pool.max_connections_per_host = 2;
        const auto s3 = s3::client::create(config).value();
        for (int i = 0; i < 3; ++i)
            world.spawn(put_and_get(s3, name + std::to_string(i), world.trace()));
    }
    world.settle();
    return world.trace()->text();
}

/// The checksum of seed 1's. A change of the simulation, or of what clients do, may change it.
constexpr std::uint64_t checksum_of_unreliable_world = 3306087330648235704U;

}  // namespace cairn::test
