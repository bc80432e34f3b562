#include "support/checksum.hpp"
#include "support/unreliable_world.hpp"

#include <gtest/gtest.h>

#include <array>
#include <string>

namespace cairn::testing {
namespace {

using test::checksum;
using test::unreliable_link;

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
    net.add_host("host", echo, unreliable_link());
    for (const auto* name : {"a", "b", "c"}) {
        const auto machine = net.add_machine(name, unreliable_link());
        for (int i = 0; i < 20; ++i) world.spawn(one_talk(machine.transport()));
    }
    world.settle();
    return world.trace()->text();
}

std::string clients(std::uint64_t seed) {
    return test::trace_of_unreliable_world(seed);
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

// Every build, with every compiler, has the same ones. A change of the simulation may change them.
TEST(determinism, TheTraceIsTheSameEverywhere) {
    EXPECT_EQ(checksum(talks(1)), 17430185220234096464U);
    EXPECT_EQ(checksum(clients(1)), test::checksum_of_unreliable_world);
}

}  // namespace
}  // namespace cairn::testing
