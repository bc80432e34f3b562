#include "simulation/transfer_world.hpp"

#include "support/scratch.hpp"

#include <cairn/auth/providers.hpp>
#include <cairn/transfer.hpp>

#include <array>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <set>
#include <vector>

namespace cairn::test {
namespace {

using namespace std::chrono_literals;
using transfer::source;

constexpr int machines = 2;
constexpr int jobs_a_machine = 3;
constexpr std::uint64_t part_bytes = 1000;
constexpr std::uint64_t most_bytes = 7000;

testing::link_options bad_link(testing::seeded_random& random) {
    const auto some = [&](double most) { return most * random.next_part(); };
    testing::link_options link;
    link.latency_out = link.latency_in = 1ms * static_cast<int>(random.below(30));
    link.jitter = 1ms * static_cast<int>(random.below(50));
    link.faults.refused = some(0.2);
    link.faults.unanswered = some(0.05);
    link.faults.reset = some(0.3);
    link.faults.vanished = some(0.05);
    link.faults.within_bytes = 20'000;
    link.faults.reply_lost = some(0.3);
    link.faults.partial = some(0.2);
    return link;
}

std::optional<std::string> read(const std::filesystem::path& path) {
    std::ifstream file(path, std::ios::binary);
    if (!file) return std::nullopt;
    return std::string{std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

/// An object on its way: to S3, within S3, and back. It is done step by step, each again and again
/// until it has succeeded, by whichever process lives.
struct job {
    enum class step { send, copy, bring_back, done };
    enum { of_memory, of_a_stream };

    job(std::string k, std::string d, std::filesystem::path in)
        : key(std::move(k)), data(std::move(d)), directory(std::move(in)) {
        std::ofstream(path("source"), std::ios::binary) << data;
    }
    bool is_resumable() const { return kind > of_a_stream; }
    std::filesystem::path path(const std::string& what) const {
        return directory / (what + "-" + key);
    }

    std::string key;
    std::string data;
    std::filesystem::path directory;
    step next = step::send;
    std::uint64_t kind = 0;      ///< What it is sent from; beyond these, a file.
    std::set<std::string> open;  ///< Keys of calls whose end is not known.
};

struct process {
    process(std::string n, testing::simulated_machine m)
        : name(std::move(n)), machine(std::move(m)) {}
    std::string name;
    testing::simulated_machine machine;
    bool alive = true;
};

}  // namespace

struct transfer_world::state {
    explicit state(std::uint64_t seed) : world(seed), net(world), random(*world.random()) {
        s3.create_bucket("bucket");
        net.add_host("s3.example",
                     [s3 = s3](std::unique_ptr<wire::stream> s) { return s3.serve(std::move(s)); });
    }

    testing::simulated_s3_options with_small_parts() {
        testing::simulated_s3_options options;
        options.clock = world.clock();
        options.least_part_bytes = 1;
        return options;
    }
    transfer::manager manager_on(const testing::simulated_machine& machine) {
        s3::client_config config(auth::static_credentials(
            auth::credentials("simulated-access-key", secret("simulated-secret-key"))));
        config.endpoint = "http://s3.example";
        config.transport = machine.transport();
        config.clock = world.clock();
        config.random = world.random();
        transfer::options options;
        options.part_size_bytes = options.multipart_threshold_bytes = part_bytes;
        options.copy_threshold_bytes = 2 * part_bytes;
        options.max_parts_at_once = 3;
        options.upload_memory_bytes = options.download_memory_bytes = 2 * part_bytes;
        options.file_threads = 0;
        return {s3::client::create(std::move(config)).value(), options};
    }

    void start(std::size_t machine);
    static awaitable<void> live(state& in, std::shared_ptr<process> self, std::size_t machine);
    static awaitable<void> take_step(state& in, std::shared_ptr<process> self, transfer::manager by,
                                     job& on);
    static awaitable<result<void>> send(transfer::manager by, job& on);
    static awaitable<result<void>> copy(transfer::manager by, job& on);
    static awaitable<result<void>> bring_back(state& in, transfer::manager by, job& on);
    static awaitable<void> trouble(state& in);
    static awaitable<bool> look(state& in, transfer::manager by);

    void follow_faults(std::uint64_t seed, double ratio, double corrupted);
    void note_wrong(const std::string& what) {
        if (!wrong) wrong = what;
    }
    void check_stored(const job& on, const std::string& key, const result<void>& ended);
    void check_disk(const job& on, bool whole);
    bool busy() const {
        for (const auto& p : processes)
            if (p && p->alive) return true;
        return false;
    }

    testing::simulation world;
    testing::simulated_network net;
    testing::seeded_random& random;
    testing::simulated_s3 s3{with_small_parts()};
    scratch_directory disks;
    std::array<std::optional<testing::simulated_machine>, machines> hosts;
    std::array<std::vector<job>, machines> jobs;
    std::array<std::shared_ptr<process>, machines> processes;
    int starts = 0;
    std::string hints;                 ///< Of all errors.
    std::set<std::string> died_on;     ///< Keys that a process was sending when it died.
    std::optional<std::string> wrong;  ///< What was found first.
    tally calls;
};

// Some replies have a byte that is another one.
void transfer_world::state::follow_faults(std::uint64_t seed, double ratio, double corrupted) {
    s3.follow([this, corrupted,
               faults = testing::s3_faults_by_seed(seed, ratio)](const testing::s3_call& call) {
        const auto fault = faults(call);
        world.trace()->add("s3 hears " + call.operation + " " + call.key +
                           (fault.carried_out ? "" : ", in vain"));
        if (call.operation != "GetObject" || !random.chance(corrupted)) return fault;
        return testing::s3_fault::corrupted_body(random.below(part_bytes));
    });
}

void transfer_world::state::check_stored(const job& on, const std::string& key,
                                         const result<void>& ended) {
    const auto found = s3.object("bucket", key);
    if (found && *found != on.data) note_wrong(key + " is there in part");
    if (ended && !found) note_wrong(key + " was told as stored, and is not there");
    const bool known = !ended && ended.error().effect() == effect::not_applied;
    if (known && found && !on.open.contains(key)) note_wrong(key + " was told as not stored");
}

void transfer_world::state::check_disk(const job& on, bool whole) {
    const auto found = read(on.path("out"));
    if (found && *found != on.data) note_wrong(on.key + " has its final name in part");
    if (!whole) return;
    if (!found) note_wrong(on.key + " was told as downloaded, and is not there");
    for (const auto* left : {"out-", "token-"})
        for (const auto& entry : std::filesystem::directory_iterator(on.directory)) {
            const auto name = entry.path().filename().string();
            if (name.starts_with(left + on.key) && name != "out-" + on.key)
                note_wrong(name + " was left behind");
        }
}

awaitable<result<void>> transfer_world::state::send(transfer::manager by, job& on) {
    auto from = on.kind == job::of_memory ? source::view(on.data) : source::file(on.path("source"));
    if (on.kind == job::of_a_stream) {
        auto read_from_s3 = co_await by.open("bucket", "seed");
        if (!read_from_s3) co_return read_from_s3.error();
        on.data = std::string(static_cast<std::size_t>(*read_from_s3->object.content_length), 's');
        from = source::stream(std::move(read_from_s3->body));
    }
    transfer::upload request(std::move(from), "bucket", on.key);
    if (on.is_resumable()) request.resume_file = on.path("token");
    const auto sent = co_await by.send(std::move(request));
    if (!sent) co_return sent.error();
    co_return result<void>();
}

awaitable<result<void>> transfer_world::state::copy(transfer::manager by, job& on) {
    transfer::copy request("bucket", on.key, "bucket", on.key + "-copy");
    request.part_size_bytes = part_bytes;
    const auto made = co_await by.send(std::move(request));
    if (!made) co_return made.error();
    co_return result<void>();
}

awaitable<result<void>> transfer_world::state::bring_back(state& in, transfer::manager by,
                                                          job& on) {
    transfer::download request("bucket", on.key + "-copy", on.path("out"));
    request.sync = false;
    const auto brought = co_await by.send(std::move(request));
    if (!brought) co_return brought.error();
    in.calls.resumed_bytes += brought->resumed_bytes;
    co_return result<void>();
}

awaitable<void> transfer_world::state::take_step(state& in, std::shared_ptr<process> self,
                                                 transfer::manager by, job& on) {
    const auto step = on.next;
    const auto key = step == job::step::send ? on.key : on.key + "-copy";
    auto work = step == job::step::send   ? send(by, on)
                : step == job::step::copy ? copy(by, on)
                                          : bring_back(in, by, on);
    // Until its end is known, it may be stored at any time.
    const bool stores = step != job::step::bring_back;
    const bool first = stores && on.open.insert(key).second;
    auto ended = result<void>(error(errc::canceled));
    try {
        ended = co_await std::move(work);
    } catch (const boost::system::system_error&) {  // the machine is down
    }
    if (!self->alive) {
        ++in.calls.cut_short;
        // The next process goes on with an upload that can be resumed.
        const bool resumed = step == job::step::send && on.is_resumable();
        if (stores && !resumed) in.died_on.insert(key);
        in.check_disk(on, false);
        co_return;
    }
    ++(ended ? in.calls.done : in.calls.failed);
    if (!ended) in.hints += ended.error().hint() + "\n";
    in.world.trace()->add(self->name + " " + key + ": " +
                          (ended ? "done" : ended.error().code().message()));
    if (first && (ended || ended.error().effect() == effect::not_applied)) on.open.erase(key);
    if (stores) in.check_stored(on, key, ended);
    in.check_disk(on, !stores && ended);
    if (ended) on.next = static_cast<job::step>(static_cast<int>(step) + 1);
}

void transfer_world::state::start(std::size_t machine) {
    processes[machine] = std::make_shared<process>(
        "m" + std::to_string(machine) + "." + std::to_string(++starts), *hosts[machine]);
    world.spawn(live(*this, processes[machine], machine));
}

awaitable<void> transfer_world::state::live(state& in, std::shared_ptr<process> self,
                                            std::size_t machine) {
    const auto by = in.manager_on(self->machine);
    auto& time = *in.world.clock();
    for (auto& each : in.jobs[machine])
        while (self->alive && each.next != job::step::done) {
            const auto before = each.next;
            co_await take_step(in, self, by, each);
            // What fails, fails at once while the circuit breaker is open.
            const auto pause = 1ms * static_cast<int>(in.random.below(5000));
            if (each.next == before) co_await time.sleep_until(time.now() + pause);
        }
    self->alive = false;
}

// Until all processes have done their work.
awaitable<void> transfer_world::state::trouble(state& in) {
    auto& time = *in.world.clock();
    while (in.busy()) {
        co_await time.sleep_until(time.now() + 1ms * static_cast<int>(in.random.below(4000)));
        const auto n = static_cast<std::size_t>(in.random.below(machines));
        if (!in.processes[n]->alive) continue;
        if (in.random.chance(0.6)) {
            in.processes[n]->alive = false;
            in.hosts[n]->crash();
            in.start(n);
        } else {
            in.hosts[n]->partition();
            co_await time.sleep_until(time.now() + 1ms * static_cast<int>(in.random.below(60'000)));
            in.hosts[n]->heal();
        }
    }
}

// What was told as stored reads back, and what is left over is known.
awaitable<bool> transfer_world::state::look(state& in, transfer::manager by) {
    const std::array<std::string, 2> suffixes{"", "-copy"};
    for (const auto& all : in.jobs)
        for (const auto& each : all)
            for (const auto& suffix : suffixes) {
                auto opened = co_await by.open("bucket", each.key + suffix);
                auto body = co_await opened.value().body.read_all(2 * most_bytes);
                if (body.value() != each.data) in.note_wrong(each.key + suffix + " is not whole");
            }
    const auto left = co_await by.client().send(s3::list_multipart_uploads("bucket"));
    for (const auto& each : left.value().uploads) {
        const auto parts =
            co_await by.client().send(s3::list_parts("bucket", each.key, each.upload_id));
        const bool named = in.hints.find(each.upload_id) != std::string::npos;
        if (!parts.value().parts.empty() && !named && !in.died_on.contains(each.key))
            in.note_wrong("an upload of " + each.key + " was left behind, and nobody told");
    }
    co_return true;
}

transfer_world::transfer_world(std::uint64_t seed) : state_(std::make_shared<state>(seed)) {}
transfer_world::~transfer_world() = default;

std::optional<std::string> transfer_world::run() {
    auto& in = *state_;
    const auto peace = in.net.add_machine("peace");
    {
        const auto by = in.manager_on(peace);
        const std::string seed(in.random.below(most_bytes), 's');
        in.world.run(by.client().put_object("bucket", "seed", seed)).value();
    }
    for (std::size_t n = 0; n < machines; ++n) {
        const auto name = "m" + std::to_string(n);
        in.hosts[n] = in.net.add_machine(name, bad_link(in.random));
        for (int i = 0; i < jobs_a_machine; ++i) {
            std::string data(in.random.below(most_bytes), '\0');
            for (auto& c : data) c = static_cast<char>(in.random.below(256));
            in.jobs[n].emplace_back(name + "-" + std::to_string(i), std::move(data),
                                    in.disks.path());
            in.jobs[n].back().kind = in.random.below(4);
        }
        in.start(n);
    }
    // One after the other: in which order a call's arguments are drawn is the compiler's choice.
    const auto seed = in.random.next_u64();
    const auto ratio = 0.3 * in.random.next_part();
    const auto corrupted = 0.1 * in.random.next_part();
    in.follow_faults(seed, ratio, corrupted);
    in.world.spawn(state::trouble(in));
    in.world.settle();
    in.s3.follow(nullptr);
    if (!in.wrong) in.world.run(state::look(in, in.manager_on(peace)));
    return in.wrong;
}

const std::string& transfer_world::trace() const {
    return state_->world.trace()->text();
}
const transfer_world::tally& transfer_world::calls() const {
    return state_->calls;
}

}  // namespace cairn::test
