#include "integration/server.hpp"
#include "integration/server_traits.hpp"
#include "support/fault_proxy.hpp"

#include <cairn/checkpoint.hpp>
#include <cairn/core/bytes.hpp>

#include <array>
#include <cstdlib>
#include <iostream>
#include <map>
#include <random>
#include <set>

namespace cairn::test {
namespace {

constexpr int workers = 8;
constexpr int steps = 50;
// Far more than a request takes here, so that only a reply that never comes takes longer.
constexpr auto patience = std::chrono::seconds(2);

std::vector<std::uint64_t> seeds() {
    std::vector<std::uint64_t> all = {1, 2, 3};
    if (const char* const wanted = std::getenv("CAIRN_SEED"))
        all.push_back(parse_u64(wanted).value());
    return all;
}

/// What is known of an object.
struct object {
    std::size_t size = 0;
    unsigned fill = 0;
    enum { there, gone, perhaps } state = there;

    std::string content() const { return pattern(size, fill); }
};

/// One client that does one thing after another, with keys and a thread of its own, and remembers
/// what it was told.
class worker {
  public:
    worker(int number, std::uint64_t seed, s3::client client, std::string bucket,
           const fault_proxy& proxy)
        : name_("w" + std::to_string(number)),
          s3_(std::move(client)),
          bucket_(std::move(bucket)),
          proxy_(proxy),
          dice_(seed * 1000 + static_cast<unsigned>(number)) {}

    awaitable<void> work() {
        co_await open_thread();
        for (step_ = 0; step_ < steps && !testing::Test::HasFailure(); ++step_) {
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

    /// Compares what `direct`, without faults on its way, finds with what this worker was told.
    awaitable<void> check(s3::client direct) {
        for (const auto& [key, known] : objects_) {
            auto got = co_await direct.get_object(bucket_, key);
            if (!got) {
                EXPECT_EQ(got.error().code(), errc::not_found) << got.error();
                EXPECT_NE(known.state, object::there) << key << " was acknowledged, and is lost";
                continue;
            }
            const auto body = co_await got->body.read_all(known.size + 1);
            EXPECT_NE(known.state, object::gone) << key << " is there, and was not to be";
            EXPECT_TRUE(body && *body == known.content()) << key << " has changed";
        }
        co_await check_thread(direct);
    }

    int failures() const { return failures_; }
    int saves() const { return static_cast<int>(saved_.size()); }

  private:
    void fail(const std::string& what) {
        ADD_FAILURE() << name_ << ", step " << step_ << ": " << what;
    }

    /// Every failure has its reason in the proxy's record.
    void expect_explained(const error& e, const std::string& part) {
        ++failures_;
        if (!proxy_.explains_failure(part, since_)) fail("failed without a fault: " + e.what());
    }

    std::string new_key() { return name_ + "/k" + std::to_string(objects_.size()); }
    object new_object() {
        constexpr std::array<std::size_t, 10> limits = {4096,  4096,   16384,  16384,  65536,
                                                        65536, 262144, 262144, 524288, 3145728};
        object made;
        made.size = dice_() % 16 == 0 ? 0 : 1 + dice_() % limits[dice_() % limits.size()];
        made.fill = static_cast<unsigned>(dice_());
        return made;
    }
    /// An object that is known to be there; null when there is none yet.
    const std::pair<const std::string, object>* pick() {
        std::vector<const std::pair<const std::string, object>*> there;
        for (const auto& one : objects_)
            if (one.second.state == object::there) there.push_back(&one);
        return there.empty() ? nullptr : there[dice_() % there.size()];
    }

    awaitable<void> put(bool conditional) {
        const auto key = new_key();
        auto made = new_object();
        const auto content = made.content();
        s3::put_object request(bucket_, key);
        request.body = body::view(content);
        if (conditional) request.if_none_match = "*";
        const auto done = co_await s3_.send(std::move(request));
        if (!done) {
            expect_explained(done.error(), "/" + key);
            made.state = after(done.error());
        }
        objects_.emplace(key, made);
    }

    decltype(object::state) after(const error& e) {
        if (e.effect() == effect::none) fail("it is not known what was done: " + e.what());
        if (e.effect() == effect::applied) return object::there;
        return e.effect() == effect::not_applied ? object::gone : object::perhaps;
    }

    awaitable<void> create_in_vain() {
        const auto* const taken = pick();
        if (!taken) co_return;
        s3::put_object request(bucket_, taken->first);
        request.body = "another";
        request.if_none_match = "*";
        const auto done = co_await s3_.send(std::move(request));
        if (done) co_return fail(taken->first + " was created again");
        if (done.error().code() == errc::precondition_failed) {
            if (done.error().effect() != effect::not_applied) fail(done.error().what());
            co_return;
        }
        expect_explained(done.error(), "/" + taken->first);
    }

    awaitable<void> get() {
        const auto* const one = pick();
        if (!one) co_return;
        auto got = co_await s3_.get_object(bucket_, one->first);
        if (!got) co_return expect_explained(got.error(), "/" + one->first);
        const auto body = co_await got->body.read_all(one->second.size + 1);
        if (!body) co_return expect_explained(body.error(), "/" + one->first);
        if (*body != one->second.content()) fail(one->first + " reads as something else");
    }

    awaitable<void> head() {
        const auto* const one = pick();
        if (!one) co_return;
        const auto found = co_await s3_.head_object(bucket_, one->first);
        if (!found) co_return expect_explained(found.error(), "/" + one->first);
        if (found->content_length != static_cast<std::int64_t>(one->second.size))
            fail(one->first + " has another length");
    }

    awaitable<void> remove() {
        const auto* const one = pick();
        if (!one) co_return;
        const auto done = co_await s3_.delete_object(bucket_, one->first);
        auto& known = objects_.at(one->first);
        known.state = object::gone;
        if (done) co_return;
        expect_explained(done.error(), "/" + one->first);
        if (done.error().effect() == effect::not_applied) known.state = object::there;
        if (done.error().effect() == effect::unknown) known.state = object::perhaps;
    }

    awaitable<void> list() {
        std::set<std::string> listed;
        auto pages = s3_.list_objects(bucket_, name_ + "/");
        for (;;) {
            const auto page = co_await pages.next();
            if (!page) co_return expect_explained(page.error(), "prefix=" + name_);
            if (!*page) break;
            for (const auto& found : (*page)->contents) listed.insert(found.key);
        }
        for (const auto& [key, known] : objects_)
            if (known.state != object::perhaps &&
                listed.contains(key) != (known.state == object::there))
                fail("the listing is wrong about " + key);
    }

    awaitable<void> open_thread() {
        checkpoint::store_options where;
        where.prefix = name_ + "-threads";
        for (int attempt = 0; attempt < 10; ++attempt) {
            const auto opened =
                co_await checkpoint::store::open(checkpoint::s3_backing(s3_, bucket_), where);
            if (opened) thread_.emplace(opened->thread("t"));
            if (opened) co_return;
            expect_explained(opened.error(), "/" + where.prefix);
        }
        fail("the store can't be opened");
    }

    awaitable<void> save() {
        checkpoint::draft next;
        next.channels["step"] = std::to_string(step_);
        next.channels["inline"] = pattern(1000, static_cast<unsigned>(step_));
        next.channels["blob"] = pattern(100'000, static_cast<unsigned>(step_));
        const auto done = co_await thread_->save(std::move(next));
        if (done) {
            saved_[step_] = done->id;
            co_return;
        }
        expect_explained(done.error(), "/" + name_ + "-threads/");
        const auto code = done.error().code();
        if (code == errc::checkpoint_conflict) fail("nobody else writes: " + done.error().what());
        if (done.error().effect() != effect::not_applied) uncertain_.insert(step_);
        // What the log holds now is what the next save builds on.
        for (int attempt = 0; attempt < 10; ++attempt) {
            const auto latest = co_await thread_->load();
            if (latest || latest.error().code() == errc::checkpoint_not_found) co_return;
            expect_explained(latest.error(), "/" + name_ + "-threads/");
        }
        fail("the thread can't be loaded");
    }

    awaitable<void> check_thread(s3::client direct) {
        checkpoint::store_options where;
        where.prefix = name_ + "-threads";
        const auto store =
            (co_await checkpoint::store::open(checkpoint::s3_backing(direct, bucket_), where))
                .value();
        auto thread = store.thread("t");
        std::map<int, std::string> found;
        std::string child_parent;
        std::uint64_t sequence = 0;
        auto log = thread.list();
        for (;;) {
            const auto next = (co_await log.next()).value();
            if (!next) break;
            if (sequence != 0) {
                EXPECT_EQ(child_parent, next->id) << "the log forks";
                EXPECT_EQ(sequence, next->sequence + 1);
            }
            child_parent = next->parent;
            sequence = next->sequence;
            const auto loaded = (co_await thread.load(next->id)).value();
            const int step = std::stoi(loaded.channels.at("step"));
            EXPECT_TRUE(found.emplace(step, next->id).second) << "step " << step << " twice";
            EXPECT_TRUE(loaded.channels.at("blob") ==
                        pattern(100'000, static_cast<unsigned>(step)));
            EXPECT_TRUE(loaded.channels.at("inline") == pattern(1000, static_cast<unsigned>(step)));
        }
        EXPECT_EQ(child_parent, "");
        for (const auto& [step, id] : saved_)
            EXPECT_EQ(found[step], id) << "the save of step " << step << " was acknowledged";
        for (const auto& [step, id] : found)
            EXPECT_TRUE(saved_.contains(step) || uncertain_.contains(step))
                << "the save of step " << step << " was told to have failed";
    }

    const std::string name_;
    const s3::client s3_;
    const std::string bucket_;
    const fault_proxy& proxy_;
    std::mt19937_64 dice_;
    int step_ = 0;
    std::size_t since_ = 0;  ///< The first event of this step.
    int failures_ = 0;
    std::map<std::string, object> objects_;
    std::optional<checkpoint::thread> thread_;
    std::map<int, std::string> saved_;  ///< Ids of acknowledged checkpoints, by their step.
    std::set<int> uncertain_;           ///< Steps whose save may have been made.
};

class workload : public server_test, public testing::WithParamInterface<std::uint64_t> {
  protected:
    s3::client client_through(const fault_proxy& proxy) {
        auto config = server_config();
        config.endpoint = proxy.endpoint();
        config.resilience.attempt_timeout = patience;
        return connect(std::move(config));
    }
    static bool server_notices_corruption() {
        return !find_lack(server_name(), false,
                          "checksums.of_a_signature_catch_a_body_that_changes");
    }
    static void print_faults(const fault_proxy& proxy) {
        for (const auto& e : proxy.events())
            if (e.struck) std::cout << name_of(e.what) << " " << e.request << "\n";
    }
    std::string replay() const {
        const auto seed = std::to_string(GetParam());
        return "CAIRN_SEED=" + seed + " tests/servers/serve.py with " + server_name() +
               " -- build/debug/tests/integration --gtest_filter='http_faults/*seed_" + seed + "'";
    }
};

TEST_P(workload, is_told_the_truth) {
    SCOPED_TRACE("again: " + replay());
    fault_proxy proxy(context, server_port(), GetParam());
    if (!server_notices_corruption()) proxy.leave_out(fault::corrupt);
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

    const auto check = [&](worker& one) -> awaitable<int> {
        co_await one.check(s3);
        co_return one.saves();
    };
    int saves = 0;
    for (const auto& one : all_workers) saves += run(check(*one));
    std::set<fault> struck;
    for (const auto& e : proxy.events())
        if (e.struck) struck.insert(e.what);
    EXPECT_GE(struck.size(), 6u) << "too few kinds of faults have struck";
    EXPECT_GT(failures, 0) << "no call has failed: the faults are too few";
    EXPECT_GT(saves, 0);
    if (HasFailure()) print_faults(proxy);
}

// The name begins with "http_": the proxy reads requests, so they must be in the clear.
INSTANTIATE_TEST_SUITE_P(http_faults, workload, testing::ValuesIn(seeds()),
                         [](const auto& instance) {
                             return "seed_" + std::to_string(instance.param);
                         });

}  // namespace
}  // namespace cairn::test
