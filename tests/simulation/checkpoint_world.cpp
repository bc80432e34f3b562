#include "simulation/checkpoint_world.hpp"

#include "simulation/process_clock.hpp"
#include "support/skewed_clock.hpp"

#include <cairn/auth/providers.hpp>
#include <cairn/checkpoint.hpp>
#include <cairn/s3.hpp>

#include <array>

namespace cairn::test {
namespace {

using namespace std::chrono_literals;

constexpr int machines = 3;
constexpr int operations_a_machine = 20;
constexpr auto most_skew = 20min;  // S3 takes 15
// Longer than any of the client's time limits.
constexpr auto longest_pause = 2min;

testing::link_options bad_link(testing::seeded_random& random) {
    const auto some = [&](double most) { return most * random.next_part(); };
    testing::link_options link;
    link.latency_out = link.latency_in = 1ms * static_cast<int>(random.below(30));
    link.jitter = 1ms * static_cast<int>(random.below(50));
    link.faults.resolve_failed = some(0.05);
    link.faults.refused = some(0.3);
    link.faults.unanswered = some(0.1);
    link.faults.reset = some(0.5);
    link.faults.vanished = some(0.1);
    link.faults.within_bytes = 20'000;
    link.faults.reply_lost = some(0.4);
    link.faults.reply_delayed = some(0.05);
    link.faults.reply_repeated = some(0.02);
    link.faults.partial = some(0.2);
    return link;
}

// Ends with its machine's crash: what it awaits then comes back to nobody.
struct process {
    process(std::string n, testing::simulated_machine m, std::shared_ptr<clock> t)
        : name(std::move(n)),
          machine(std::move(m)),
          time(std::make_shared<process_clock>(std::move(t))) {}
    std::string name;
    testing::simulated_machine machine;
    std::shared_ptr<process_clock> time;
    bool alive = true;
    std::string padding;  ///< Of its states; a long one goes into an object of its own.
};

}  // namespace

struct checkpoint_world::state {
    explicit state(std::uint64_t seed) : world(seed), net(world), random(*world.random()) {
        s3.create_bucket("bucket");
        net.add_host("s3.example",
                     [s3 = s3](std::unique_ptr<wire::stream> s) { return s3.serve(std::move(s)); });
    }

    testing::simulated_s3_options on_our_clock() {
        testing::simulated_s3_options options;
        options.clock = world.clock();
        return options;
    }
    s3::client client_of(const process& p) {
        s3::client_config config(auth::static_credentials(
            auth::credentials("simulated-access-key", secret("simulated-secret-key"))));
        config.endpoint = "http://s3.example";
        config.transport = p.machine.transport();
        config.clock = p.time;
        config.random = world.random();
        return s3::client::create(std::move(config)).value();
    }
    checkpoint::store_options options_of(const process& p) {
        checkpoint::store_options options;
        options.clock = p.time;
        options.random = world.random();
        options.inline_limit_bytes = 100;
        return options;
    }

    void start(int machine);
    static awaitable<void> live(state& in, std::shared_ptr<process> self);
    static awaitable<void> save(state& in, std::shared_ptr<process> self,
                                checkpoint::thread thread);
    static awaitable<void> load(state& in, std::shared_ptr<process> self,
                                checkpoint::thread thread);
    static awaitable<void> trouble(state& in);
    static awaitable<std::vector<checkpoint_seen>> look(state& in, std::shared_ptr<process> self);

    std::size_t begin(operation::kind what, const process& p) {
        history.emplace_back(what, p.name, world.clock()->now());
        return history.size() - 1;
    }
    void note(const operation& o);
    bool busy() const {
        for (const auto& p : processes)
            if (p && p->alive) return true;
        return false;
    }

    testing::simulation world;
    testing::simulated_network net;
    testing::seeded_random& random;
    testing::simulated_s3 s3{on_our_clock()};
    std::array<std::optional<testing::simulated_machine>, machines> hosts;
    std::array<clock::duration, machines> skews{};
    std::array<std::shared_ptr<process>, machines> processes;
    std::array<int, machines> left{};  ///< Operations that each machine has still to do.
    int starts = 0;
    int states = 0;
    std::vector<operation> history;
};

void checkpoint_world::state::note(const operation& o) {
    static constexpr std::array words{"open", "done", "not done", "unknown"};
    world.trace()->add(o.process + (o.what == operation::kind::save ? " save " : " load ") +
                       o.state.substr(0, 12) + ": " + words[static_cast<std::size_t>(o.how)] +
                       ", sequence " + std::to_string(o.sequence));
}

void checkpoint_world::state::start(int machine) {
    const auto n = static_cast<std::size_t>(machine);
    processes[n] = std::make_shared<process>(
        "m" + std::to_string(machine) + "." + std::to_string(++starts), *hosts[n],
        std::make_shared<skewed_clock>(world.clock(), skews[n]));
    processes[n]->padding = std::string(random.below(2) * 300, 'x');
    world.spawn(live(*this, processes[n]));
}

awaitable<void> checkpoint_world::state::live(state& in, std::shared_ptr<process> self) {
    const auto machine = static_cast<std::size_t>(self->name[1] - '0');
    const auto on = checkpoint::s3_backing(in.client_of(*self), "bucket");
    checkpoint::store store;
    while (self->alive && in.left[machine] > 0) {
        auto opened = co_await checkpoint::store::open(on, in.options_of(*self));
        if (opened) {
            store = std::move(*opened);
            break;
        }
        co_await self->time->sleep_until(self->time->now() + 1s);
    }
    auto thread = store.thread("job");
    while (self->alive && in.left[machine] > 0) {
        --in.left[machine];
        if (in.random.chance(0.1)) thread = store.thread("job");
        auto work = in.random.chance(0.6) ? save(in, self, thread) : load(in, self, thread);
        co_await std::move(work);
        // What fails, fails at once while the circuit breaker is open.
        const bool failed = in.history.back().how != operation::end::done;
        const auto pause = 1ms * static_cast<int>(in.random.below(3000));
        if (failed || in.random.chance(0.3))
            co_await self->time->sleep_until(self->time->now() + pause);
    }
    self->alive = false;
}

awaitable<void> checkpoint_world::state::save(state& in, std::shared_ptr<process> self,
                                              checkpoint::thread thread) {
    checkpoint::draft next;
    const auto text = "state " + std::to_string(++in.states) + " " + self->padding;
    next.channels["state"] = text;
    const auto n = in.begin(operation::kind::save, *self);
    in.history[n].state = text;
    const auto saved = co_await thread.save(std::move(next));
    if (!self->alive) co_return;
    auto& o = in.history[n];
    o.ended = in.world.clock()->now();
    if (saved) {
        o.how = operation::end::done;
        o.sequence = saved->sequence;
    } else {
        o.how = saved.error().effect() == effect::not_applied ? operation::end::not_done
                                                              : operation::end::unknown;
    }
    in.note(o);
    if (!saved && saved.error().code() == errc::checkpoint_conflict)
        co_await load(in, self, thread);
}

awaitable<void> checkpoint_world::state::load(state& in, std::shared_ptr<process> self,
                                              checkpoint::thread thread) {
    const auto n = in.begin(operation::kind::load, *self);
    const auto loaded = co_await thread.load();
    if (!self->alive) co_return;
    auto& o = in.history[n];
    o.ended = in.world.clock()->now();
    o.how = operation::end::not_done;
    if (loaded) {
        o.how = operation::end::done;
        o.sequence = loaded->sequence;
        o.state = loaded->channels.at("state");
    } else if (loaded.error().code() == errc::checkpoint_not_found) {
        o.how = operation::end::done;
    }
    in.note(o);
}

// Until all processes have done their work.
awaitable<void> checkpoint_world::state::trouble(state& in) {
    auto& time = *in.world.clock();
    while (in.busy()) {
        co_await time.sleep_until(time.now() + 1ms * static_cast<int>(in.random.below(3000)));
        const auto n = in.random.below(machines);
        const auto& machine = *in.hosts[n];
        const auto hit = in.processes[n];
        if (in.random.chance(0.5)) {
            hit->alive = false;
            machine.crash();
            in.start(static_cast<int>(n));
        } else {
            machine.partition();
            if (in.random.chance(0.5)) hit->time->stand_still();
            const auto ms = static_cast<std::uint64_t>(longest_pause / 1ms);
            const auto pause = 1ms * static_cast<int>(in.random.below(ms));
            co_await time.sleep_until(time.now() + pause);
            machine.heal();
            hit->time->go_on();
        }
    }
}

awaitable<std::vector<checkpoint_seen>> checkpoint_world::state::look(
    state& in, std::shared_ptr<process> self) {
    const auto on = checkpoint::s3_backing(in.client_of(*self), "bucket");
    auto store = (co_await checkpoint::store::open(on, in.options_of(*self))).value();
    auto thread = store.thread("job");
    std::vector<checkpoint_seen> log;
    auto pages = thread.list();
    for (;;) {
        const auto next = co_await pages.next();
        if (!next.value()) break;
        const auto loaded = co_await thread.load((*next)->id);
        log.emplace(log.begin(), (*next)->sequence, loaded.value().channels.at("state"));
    }
    co_return log;
}

checkpoint_world::checkpoint_world(std::uint64_t seed) : state_(std::make_shared<state>(seed)) {}
checkpoint_world::~checkpoint_world() = default;

std::optional<std::string> checkpoint_world::run() {
    auto& in = *state_;
    for (int i = 0; i < machines; ++i) {
        const auto n = static_cast<std::size_t>(i);
        in.hosts[n] = in.net.add_machine("m" + std::to_string(i), bad_link(in.random));
        const auto seconds = static_cast<std::uint64_t>(most_skew / 1s);
        in.skews[n] =
            1s * (static_cast<int>(in.random.below(2 * seconds)) - static_cast<int>(seconds));
        in.left[n] = operations_a_machine;
        in.start(i);
    }
    // One after the other: in which order a call's arguments are drawn is the compiler's choice.
    const auto seed = in.random.next_u64();
    const auto chance = 0.5 * in.random.next_part();
    in.s3.follow(testing::s3_faults_by_seed(seed, chance));
    in.world.spawn(state::trouble(in));
    in.world.settle();

    in.s3.follow(nullptr);
    const auto observer =
        std::make_shared<process>("observer", in.net.add_machine("observer"), in.world.clock());
    return violation(in.history, in.world.run(state::look(in, observer)));
}

const std::string& checkpoint_world::trace() const {
    return state_->world.trace()->text();
}
const std::vector<operation>& checkpoint_world::history() const {
    return state_->history;
}

}  // namespace cairn::test
