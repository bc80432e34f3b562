// A test of a program of somebody else's, in a simulation.
#include "support/unreliable_world.hpp"

#include <cairn/s3.hpp>
#include <cairn/testing.hpp>

#include <chrono>
#include <cstdlib>
#include <iostream>

#if defined(CAIRN_VERSION) || defined(BOOST_ASIO_NO_DEPRECATED)
#error "cairn's own definitions have reached its user"
#endif

namespace {

using namespace std::chrono_literals;

void require(bool held, const char* what, const cairn::testing::simulation& in) {
    if (held) return;
    std::cerr << "failed: " << what << '\n' << in.trace()->text();
    std::exit(1);
}

cairn::awaitable<cairn::result<std::string>> fetch(cairn::s3::client s3) {
    auto got = co_await s3.get_object("bucket", "key");
    if (!got) co_return got.error();
    co_return co_await got->body.read_all(100);
}

}  // namespace

int main() {
    namespace sim = cairn::testing;
    sim::simulation world(1);
    sim::simulated_network net(world);
    const auto answers = sim::replies({sim::reply(503), sim::reply(200, "hello")});
    const auto host = net.add_host("s3.example", sim::scripted(answers));
    const auto machine = net.add_machine("here");
    machine.link().latency_out = 50ms;

    cairn::s3::client_config config(cairn::auth::anonymous_credentials());
    config.endpoint = "http://s3.example";
    config.transport = machine.transport();
    config.clock = world.clock();
    config.random = world.random();
    const auto s3 = cairn::s3::client::create(config).value();

    const auto begin = world.clock()->now();
    const auto fetched = world.run(fetch(s3));
    require(fetched && *fetched == "hello", "what the second attempt brings is there", world);
    require(world.clock()->now() - begin >= 200ms, "it took its time", world);
    require(host.connections() == 1, "on one connection", world);

    sim::connection_fate refused;
    refused.refused = true;
    for (int n = 1; n < 4; ++n) host.set_fate(n, refused);
    world.clock()->advance(1min);  // the connection is too old to be used again
    const auto failed = world.run(fetch(s3));
    require(!failed && failed.error().code() == cairn::errc::connect_failed, "refused", world);
    world.settle();
    std::cout << failed.error() << '\n' << world.trace()->text();

    // Optimized, the library does what it does when it is tested.
    const auto sum = cairn::test::checksum(cairn::test::trace_of_unreliable_world(1));
    if (sum == cairn::test::checksum_of_unreliable_world) return 0;
    std::cerr << "failed: a world has another trace in this build, of checksum " << sum << '\n';
    return 1;
}
