#include "unit/testing/simulated_s3_fixture.hpp"

#include <cairn/checkpoint.hpp>

#include <algorithm>
#include <memory>
#include <set>

namespace cairn::testing {
namespace {

/// One writer of checkpoints, while requests fail by a seed.
class s3_checkpoints : public simulated_s3_test {
  protected:
    s3_checkpoints() {
        s3::resilience retries_only;
        retries_only.breaker.reset();
        store = run(checkpoint::store::open(
                        checkpoint::s3_backing(client.with(retries_only), "bucket"), options()))
                    .value();
    }
    void TearDown() override {
        store = {};
        simulated_s3_test::TearDown();
    }
    checkpoint::store_options options() const {
        checkpoint::store_options o;
        o.clock = time;
        o.inline_limit_bytes = 4;
        return o;
    }

    static checkpoint::draft with_state(const std::string& state) {
        checkpoint::draft d;
        d.channels["state"] = state;
        return d;
    }
    /// What the thread's latest checkpoint holds; empty when it has none.
    std::string latest(checkpoint::thread t) {
        const auto loaded = run(t.load());
        if (loaded) return loaded->channels.at("state");
        EXPECT_EQ(loaded.error().code(), errc::checkpoint_not_found) << loaded.error();
        return "";
    }

    checkpoint::store store;
};

// What was acknowledged is there, and nothing is there that was not asked for.
TEST_F(s3_checkpoints, KeepTheirWordWhateverRequestsFail) {
    int failed = 0;
    for (std::uint64_t seed = 1; seed <= 100; ++seed) {
        const auto name = "job " + std::to_string(seed);
        s3.follow(s3_faults_by_seed(seed, 0.5));
        auto writer = store.thread(name);
        std::vector<std::string> possible{""};
        for (int i = 0; i < 8; ++i) {
            const auto state = "state " + std::to_string(i);
            const auto saved = run(writer.save(with_state(state)));
            if (saved) {
                possible = {state};
                continue;
            }
            ++failed;
            if (saved.error().effect() != effect::not_applied) possible.push_back(state);
            // As a process does that starts again.
            writer = store.thread(name);
        }
        s3.follow(nullptr);
        EXPECT_THAT(possible, ::testing::Contains(latest(store.thread(name)))) << "seed " << seed;
    }
    EXPECT_GT(failed, 10) << "too little went wrong to tell anything";
}

TEST_F(s3_checkpoints, AreLoadedThoughABodyIsCutOff) {
    run(store.thread("job").save(with_state("a large state"))).value();
    auto cut = std::make_shared<std::set<std::string>>();
    s3.follow([cut](const s3_call& call) {
        const bool reads = call.operation == "GetObject" && !call.key.ends_with("/~deleted");
        return reads && cut->insert(call.key).second ? s3_fault::truncated_body(3) : s3_fault();
    });
    EXPECT_EQ(latest(store.thread("job")), "a large state");
    EXPECT_EQ(cut->size(), 2U) << "a record and a blob";
}

}  // namespace
}  // namespace cairn::testing
