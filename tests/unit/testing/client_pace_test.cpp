#include "unit/testing/simulated_s3_fixture.hpp"

#include <algorithm>
#include <optional>

// An S3 that takes its time, or takes no more.
namespace cairn::testing {
namespace {

using namespace std::chrono_literals;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

class client_pace_test : public simulated_s3_test {
  protected:
    /// The first reply to `operation` begins so much later.
    void delay(const std::string& operation, clock::duration by) {
        s3.follow([=](const s3_call& call) {
            return call.operation == operation && call.nth == 0 ? s3_fault::slow_reply(by)
                                                                : s3_fault();
        });
    }
    /// Writes `n` objects below `prefix` at once.
    void write(const std::string& prefix, int n) {
        for (int i = 0; i < n; ++i) world.spawn(put(*this, prefix + std::to_string(i)));
        settle();
    }
    static awaitable<void> put(client_pace_test& t, std::string key) {
        const auto done = co_await t.patient->put_object("bucket", key, "v");
        if (!done) t.failures.push_back(done.error());
    }
    std::vector<unsigned> statuses() {
        std::vector<unsigned> all;
        for (const auto& each : s3.log()) all.push_back(each.status);
        return all;
    }
    void SetUp() override {
        auto c = config(net, time);
        c.random = world.random();
        c.resilience.retry->max_attempts = 10;
        patient = s3::client::create(std::move(c)).value();
    }
    void TearDown() override {
        patient.reset();
        simulated_s3_test::TearDown();
    }

    std::optional<s3::client> patient;
    std::vector<error> failures;
};

TEST_F(client_pace_test, AFirstByteWithinItsLimitIsWaitedFor) {
    delay("PutObject", 29s);
    good(once.put_object("bucket", "k", "v"));
}

TEST_F(client_pace_test, AFirstByteBeyondItsLimitIsNot) {
    delay("PutObject", 31s);
    const auto from = time->now();
    const auto e = bad(once.put_object("bucket", "k", "v"));
    EXPECT_EQ(time->now() - from, 30s);
    EXPECT_EQ(e.code(), errc::timed_out);
    EXPECT_THAT(e.detail(), HasSubstr("no byte for 30 s, before a reply came"));
    EXPECT_THAT(e.detail(), HasSubstr("first_byte"));
    EXPECT_EQ(e.effect(), effect::unknown);
    EXPECT_EQ(s3.object("bucket", "k"), "v") << "as it turns out";
    EXPECT_EQ(net->open(), 0);
}

TEST_F(client_pace_test, ASlowReplyIsLeftForAnother) {
    good(client.put_object("bucket", "k", "v"));
    delay("GetObject", 1h);
    const auto from = time->now();
    EXPECT_EQ(get("k"), "v");
    EXPECT_EQ(time->now() - from, 30s);
    EXPECT_EQ(s3.log().size(), 3U);
}

TEST_F(client_pace_test, ACopyMayTakeMinutes) {
    good(client.put_object("bucket", "k", "v"));
    delay("CopyObject", 5min);
    good(once.copy_object("bucket", "k", "bucket", "copy"));
}

TEST_F(client_pace_test, APrefixThatIsThrottledIsWrittenInTheEnd) {
    s3.follow(s3_throttling_by_prefix(2));
    write("hot/", 10);
    EXPECT_TRUE(failures.empty()) << failures.front();
    EXPECT_EQ(s3.keys("bucket").size(), 10U);
    const auto all = statuses();
    EXPECT_GE(std::count(all.begin(), all.end(), 503), 8) << "what comes at once is too much";
}

TEST_F(client_pace_test, AThrottledPrefixLeavesTheOthersAlone) {
    s3.follow(s3_throttling_by_prefix(2));
    good(once.put_object("bucket", "hot/1", "v"));
    good(once.put_object("bucket", "hot/2", "v"));
    EXPECT_EQ(bad(once.put_object("bucket", "hot/3", "v")).code(), errc::throttled);
    good(once.put_object("bucket", "cold/k", "v"));
}

TEST_F(client_pace_test, WithoutEnoughAttemptsThrottlingIsTold) {
    s3.follow(s3_throttling_by_prefix(2));
    // This client's pauses are none: it comes back too soon.
    good(client.put_object("bucket", "hot/1", "v"));
    good(client.put_object("bucket", "hot/2", "v"));
    const auto e = bad(client.put_object("bucket", "hot/3", "v"));
    EXPECT_EQ(e.code(), errc::throttled);
    EXPECT_EQ(e.s3_code(), "SlowDown");
    EXPECT_EQ(e.attempts(), 3U);
    EXPECT_EQ(e.effect(), effect::not_applied);
    EXPECT_THAT(s3.keys("bucket"), ElementsAre("hot/1", "hot/2"));
}

}  // namespace
}  // namespace cairn::testing
