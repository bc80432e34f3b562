#include "integration/ledger.hpp"
#include "integration/server.hpp"
#include "support/fault_proxy.hpp"

#include <cairn/core/bytes.hpp>

#include <array>
#include <cstdlib>
#include <iostream>
#include <random>
#include <set>
#include <stdexcept>

namespace cairn::test {
namespace {

constexpr int workers = 8;
constexpr int steps = 50;
// Far more than a request takes here, so that only a reply that never comes takes longer.
constexpr auto patience = std::chrono::seconds(2);

std::vector<std::uint64_t> seeds() {
    std::set<std::uint64_t> all = {1, 2, 3};
    if (const char* const wanted = std::getenv("CAIRN_SEED")) {
        const auto seed = parse_u64(wanted);
        if (!seed) throw std::invalid_argument("CAIRN_SEED is to be a number");
        all.insert(*seed);
    }
    return {all.begin(), all.end()};
}

/// One client that does one thing after another, with keys and a thread of its own.
class worker {
  public:
    worker(int number, std::uint64_t seed, s3::client client, std::string bucket,
           const fault_proxy& proxy)
        : told_(std::move(bucket), "w" + std::to_string(number)),
          s3_(std::move(client)),
          proxy_(proxy),
          dice_(seed * 1000 + static_cast<unsigned>(number)) {}

    awaitable<void> work() {
        co_await open_thread();
        for (step_ = 0; step_ < steps && !::testing::Test::HasFailure(); ++step_) {
            since_ = proxy_.events().size();
            const auto what = dice_() % 10;
            if (what < 2)
                co_await put(false);
            else if (what < 3)
                co_await put(true);
            else if (what < 4)
                co_await create_in_vain();
            else if (what < 6)
                co_await get();
            else if (what < 7)
                co_await head();
            else if (what < 8)
                co_await remove();
            else if (what < 9)
                co_await save();
            else
                co_await list();
        }
    }

    const ledger& told() const noexcept { return told_; }
    int failures() const noexcept { return failures_; }

  private:
    void fail(const std::string& what) {
        ADD_FAILURE() << told_.name() << ", step " << step_ << ": " << what;
    }

    /// Every failure has its reason in the proxy's record.
    void expect_explained(const error& e, const std::string& part) {
        ++failures_;
        if (!proxy_.explains_failure(part, since_)) fail("failed without a fault: " + e.what());
    }

    object_record new_object() {
        constexpr std::array<std::size_t, 10> limits = {4096,  4096,   16384,  16384,  65536,
                                                        65536, 262144, 262144, 524288, 3145728};
        object_record made;
        made.size = dice_() % 16 == 0 ? 0 : 1 + dice_() % limits[dice_() % limits.size()];
        made.seed = static_cast<unsigned>(dice_());
        return made;
    }

    awaitable<void> put(bool conditional) {
        const auto key = told_.new_key();
        const auto made = new_object();
        const auto content = made.content();
        s3::put_object request(told_.bucket(), key);
        request.body = body::view(content);
        if (conditional) request.if_none_match = "*";
        const auto done = co_await s3_.send(std::move(request));
        if (done) co_return told_.put(key, made);
        expect_explained(done.error(), "/" + key);
        told_.put_failed(key, made, done.error());
    }

    awaitable<void> create_in_vain() {
        const auto* const taken = told_.pick(dice_);
        if (!taken) co_return;
        s3::put_object request(told_.bucket(), taken->first);
        request.body = "another";
        request.if_none_match = "*";
        const auto done = co_await s3_.send(std::move(request));
        if (done) co_return fail(taken->first + " was created again");
        if (done.error().code() != errc::precondition_failed)
            co_return expect_explained(done.error(), "/" + taken->first);
        if (done.error().effect() != effect::not_applied) fail(done.error().what());
    }

    awaitable<void> get() {
        const auto* const one = told_.pick(dice_);
        if (!one) co_return;
        auto got = co_await s3_.get_object(told_.bucket(), one->first);
        if (!got) co_return expect_explained(got.error(), "/" + one->first);
        const auto body = co_await got->body.read_all(one->second.size + 1);
        if (!body) co_return expect_explained(body.error(), "/" + one->first);
        if (*body != one->second.content()) fail(one->first + " reads as something else");
    }

    awaitable<void> head() {
        const auto* const one = told_.pick(dice_);
        if (!one) co_return;
        const auto found = co_await s3_.head_object(told_.bucket(), one->first);
        if (!found) co_return expect_explained(found.error(), "/" + one->first);
        if (found->content_length != static_cast<std::int64_t>(one->second.size))
            fail(one->first + " has another length");
    }

    awaitable<void> remove() {
        const auto* const one = told_.pick(dice_);
        if (!one) co_return;
        const auto done = co_await s3_.delete_object(told_.bucket(), one->first);
        if (done) co_return told_.removed(one->first);
        expect_explained(done.error(), "/" + one->first);
        told_.remove_failed(one->first, done.error());
    }

    awaitable<void> list() {
        std::set<std::string> listed;
        auto pages = s3_.list_objects(told_.bucket(), told_.name() + "/");
        for (;;) {
            const auto page = co_await pages.next();
            if (!page) co_return expect_explained(page.error(), "prefix=" + told_.name());
            if (!*page) break;
            for (const auto& found : (*page)->contents) listed.insert(found.key);
        }
        for (const auto& [key, known] : told_.objects()) {
            const bool there = known.now == object_record::state::there;
            if (known.now != object_record::state::perhaps && listed.contains(key) != there)
                fail("the listing is wrong about " + key);
        }
    }

    awaitable<void> open_thread() {
        for (int attempt = 0; attempt < 10; ++attempt) {
            const auto opened = co_await told_.open_thread(s3_);
            if (opened) thread_.emplace(*opened);
            if (opened) co_return;
            expect_explained(opened.error(), "/" + told_.store_prefix());
        }
        fail("the store can't be opened");
    }

    awaitable<void> save() {
        auto draft = ledger::draft_of(step_);
        const auto done = co_await thread_->save(std::move(draft));
        if (done) co_return told_.saved(step_, *done);
        expect_explained(done.error(), "/" + told_.store_prefix());
        told_.save_failed(step_, done.error());
        // What the log holds now is what the next save builds on.
        for (int attempt = 0; attempt < 10; ++attempt) {
            const auto latest = co_await thread_->load();
            if (latest || latest.error().code() == errc::checkpoint_not_found) co_return;
            expect_explained(latest.error(), "/" + told_.store_prefix());
        }
        fail("the thread can't be loaded");
    }

    ledger told_;
    const s3::client s3_;
    const fault_proxy& proxy_;
    std::mt19937_64 dice_;
    int step_ = 0;
    std::size_t since_ = 0;  ///< The first event of this step.
    int failures_ = 0;
    std::optional<checkpoint::thread> thread_;
};

class workload : public server_test, public ::testing::WithParamInterface<std::uint64_t> {
  protected:
    s3::client client_through(const fault_proxy& proxy) {
        auto config = server_config();
        config.endpoint = proxy.endpoint();
        config.resilience.attempt_timeout = patience;
        keep_breaker_closed(config);
        return connect(std::move(config));
    }
    awaitable<bool> checked(const ledger& told) {
        co_await told.check(s3);
        co_return true;
    }
    static void print_faults(const fault_proxy& proxy) {
        for (const auto& e : proxy.events())
            if (e.struck) std::cout << name_of(e.what) << " " << e.request << "\n";
    }
    std::string replay() const {
        const auto seed = std::to_string(GetParam());
        return command_line("CAIRN_SEED=" + seed, "http_faults/*seed_" + seed);
    }
};

TEST_P(workload, is_told_the_truth) {
    SCOPED_TRACE("again: " + replay());
    fault_proxy proxy(context, server_port(), fault_schedule(GetParam()));
    if (!server_notices_corruption()) proxy.schedule().leave_out(wire_fault::corrupt);
    const auto through = client_through(proxy);
    std::vector<std::unique_ptr<worker>> all_workers;
    all_workers.reserve(workers);
    for (int i = 0; i < workers; ++i)
        all_workers.push_back(std::make_unique<worker>(i, GetParam(), through, bucket, proxy));

    int working = workers;
    const auto work_to_end = [&](worker& one) -> awaitable<int> {
        co_await one.work();
        if (--working == 0) proxy.stop();
        co_return one.failures();
    };
    std::vector<awaitable<int>> work;
    work.reserve(workers);
    for (const auto& one : all_workers) work.push_back(work_to_end(*one));
    int failures = 0;
    for (const int failed : all(std::move(work))) failures += failed;

    std::size_t saves = 0;
    for (const auto& one : all_workers) {
        run(checked(one->told()));
        saves += one->told().saves();
    }
    std::set<wire_fault> struck;
    for (const auto& e : proxy.events())
        if (e.struck) struck.insert(e.what);
    EXPECT_GE(struck.size(), 6u) << "too few kinds of faults have struck";
    EXPECT_GT(failures, 0) << "no call has failed: the faults are too few";
    EXPECT_GT(saves, 0u);
    if (HasFailure()) print_faults(proxy);
}

// The name begins with "http_": the proxy reads requests, so they must be in the clear.
INSTANTIATE_TEST_SUITE_P(http_faults, workload, ::testing::ValuesIn(seeds()),
                         [](const auto& instance) {
                             return "seed_" + std::to_string(instance.param);
                         });

}  // namespace
}  // namespace cairn::test
