// How a program that uses cairn is tested without a network, without waiting, and with all that can
// go wrong on one: in a simulation. It runs with cairn's own tests; yours would use your test
// framework in place of `expect`.
//
//     simulated_test

#include <cairn/cairn.hpp>
#include <cairn/testing.hpp>

#include <cstdlib>
#include <iostream>
#include <string>

namespace sim = cairn::testing;
using namespace std::chrono_literals;

namespace {

// --- The program: it shows the motto that is kept in S3, or the last one that it has seen. ---

class motto_board {
  public:
    explicit motto_board(cairn::s3::client s3) : s3_(std::move(s3)) {}

    cairn::awaitable<std::string> current() {
        auto got = co_await s3_.get_object("board", "motto");
        if (!got) co_return last_;
        const auto text = co_await got->body.read_all(1000);
        if (text) last_ = *text;
        co_return last_;
    }

  private:
    cairn::s3::client s3_;
    std::string last_ = "none yet";
};

// --- Its tests ---

void expect(bool held, const char* what, const sim::simulation& in) {
    if (held) return;
    std::cerr << "failed: " << what << '\n' << in.trace()->text();
    std::exit(1);
}

cairn::s3::client make_client(const sim::simulation& world, const sim::simulated_machine& machine) {
    cairn::s3::client_config config(cairn::auth::anonymous_credentials());
    config.endpoint = "http://s3.example";
    config.transport = machine.transport();
    config.clock = world.clock();
    config.random = world.random();
    config.resilience.attempt_timeout = 2s;
    return cairn::s3::client::create(config).value();
}

void shows_what_is_in_s3() {
    sim::simulation world;
    sim::simulated_network net(world);
    net.add_host("s3.example", sim::scripted(sim::replies({sim::reply(200, "carpe diem")})));
    motto_board board(make_client(world, net.add_machine("board")));
    expect(world.run(board.current()) == "carpe diem", "it shows the motto", world);
}

// The network holds back all that is sent: no error, no end of the connection, no reply.
void keeps_the_last_motto_while_s3_is_silent() {
    sim::simulation world;
    sim::simulated_network net(world);
    const auto host =
        net.add_host("s3.example", sim::scripted(sim::replies({sim::reply(200, "carpe diem")})));
    motto_board board(make_client(world, net.add_machine("board")));
    world.run(board.current());

    host.partition();
    const auto begin = world.clock()->now();
    expect(world.run(board.current()) == "carpe diem", "it keeps the motto", world);
    expect(world.clock()->now() - begin < 10s, "three attempts of 2 s each, and pauses", world);
    host.heal();
    expect(world.run(board.current()) == "carpe diem", "and goes on", world);
}

// Whatever goes wrong, it never shows what is no motto.
void shows_nothing_else_whatever_happens() {
    for (std::uint64_t seed = 0; seed < 100; ++seed) {
        sim::simulation world(seed);
        sim::simulated_network net(world);
        sim::link_options bad;
        bad.latency_out = 20ms;
        bad.jitter = 30ms;
        bad.faults.refused = bad.faults.unanswered = bad.faults.vanished = 0.1;
        bad.faults.reset = bad.faults.reply_lost = bad.faults.reply_repeated = 0.1;
        bad.faults.within_bytes = 500;
        net.add_host("s3.example", sim::scripted(sim::replies({sim::reply(200, "carpe diem")})),
                     bad);
        motto_board board(make_client(world, net.add_machine("board")));
        for (int i = 0; i < 10; ++i) {
            const auto shown = world.run(board.current());
            const bool right = shown == "carpe diem" || shown == "none yet";
            if (!right) std::cerr << "with seed " << seed << ": " << shown << '\n';
            expect(right, "it shows the motto or none", world);
        }
    }
}

}  // namespace

int main() {
    shows_what_is_in_s3();
    keeps_the_last_motto_while_s3_is_silent();
    shows_nothing_else_whatever_happens();
    std::cout << "all of it held\n";
}
