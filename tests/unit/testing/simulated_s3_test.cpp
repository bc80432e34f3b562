#include "unit/testing/simulated_s3_fixture.hpp"

namespace cairn::testing {
namespace {

using namespace std::chrono_literals;
using ::testing::ElementsAre;

// --- Clients
// --------------------------------------------------------------------------------------

TEST_F(simulated_s3_test, ServesAClient) {
    good(client.put_object("bucket", "k", "hello"));
    EXPECT_EQ(get("k"), "hello");
    EXPECT_EQ(s3.object("bucket", "k"), "hello");
    EXPECT_THAT(s3.keys("bucket"), ElementsAre("k"));
    EXPECT_EQ(net->connections(), 1);
    good(client.delete_object("bucket", "k"));
    EXPECT_EQ(s3.object("bucket", "k"), std::nullopt);
}

TEST_F(simulated_s3_test, ServesWhateverTheNetworkSplits) {
    net->max_transfer = 7;
    const std::string content(10'000, 'x');
    good(client.put_object("bucket", "k", content));
    EXPECT_EQ(get("k"), content);
}

TEST_F(simulated_s3_test, TellsWhatItWasAsked) {
    good(client.put_object("bucket", "k", "hello"));
    bad(client.get_object("bucket", "missing"));
    const auto log = s3.log();
    ASSERT_EQ(log.size(), 2u);
    EXPECT_EQ(log[0].method, "PUT");
    EXPECT_EQ(log[0].target, "/bucket/k");
    EXPECT_EQ(log[0].operation, "PutObject");
    EXPECT_EQ(log[0].status, 200u);
    EXPECT_EQ(log[1].operation, "GetObject");
    EXPECT_EQ(log[1].status, 404u);
}

TEST_F(simulated_s3_test, IsSharedByCopiesOfItsHandle) {
    const auto copy = s3;
    good(client.put_object("bucket", "k", "hello"));
    EXPECT_EQ(copy.object("bucket", "k"), "hello");
}

TEST_F(simulated_s3_test, MakesNoBucketThatS3CouldNotHave) {
    for (const auto* const name : {"", "ab", "Photos", "a..b", "192.0.2.1"})
        EXPECT_THROW(s3.create_bucket(name), std::invalid_argument) << name;
    const auto found = good(client.list_buckets());
    ASSERT_EQ(found.buckets.size(), 1U);
    s3.create_bucket("photos.2026");
}

TEST_F(simulated_s3_test, HasAnswersThatCanBeRepeated) {
    const simulated_s3 other(on(time));
    other.create_bucket("bucket");
    const auto second = s3::client::create(config(network_to(other), time)).value();
    EXPECT_EQ(bad(client.get_object("bucket", "k")).what(),
              bad(second.get_object("bucket", "k")).what());
}

// The clock is the simulation's, so a client's that runs away is found out.
TEST_F(simulated_s3_test, LooksAtTheClock) {
    const auto late = std::make_shared<virtual_clock>();
    late->advance(16min);
    auto config_of_the_late = config(net, late);
    config_of_the_late.resilience = s3::resilience::none();
    const auto skewed = s3::client::create(std::move(config_of_the_late)).value();
    EXPECT_EQ(bad(skewed.get_object("bucket", "k")).s3_code(), "RequestTimeTooSkewed");
}

TEST_F(simulated_s3_test, LeavesNothingBehindWhereverAClientIsCancelled) {
    const auto trial = [&]() -> awaitable<void> {
        auto fresh = s3::client::create(config(net, time)).value();
        co_await fresh.put_object("bucket", "k", std::string(3'000'000, 'x'));
    };
    const int n = cancel_everywhere(trial, [&](int) { EXPECT_EQ(net->open(), 0); });
    EXPECT_GT(n, 10);
}

TEST_F(simulated_s3_test, CanItselfBeCancelledEverywhere) {
    const auto serving = [&](std::string request) -> awaitable<void> {
        auto stream = co_await net->connect({});
        std::vector<asio::const_buffer> whole{asio::buffer(request)};
        co_await (*stream)->write_some(whole);
        co_await s3.serve(std::move(*stream));
    };
    cancel_everywhere([&] { return serving("GET / HTTP/1.1\r\nHost: s3.example\r\n\r\n"); },
                      [](int) {});
}

// --- Faults
// ---------------------------------------------------------------------------------------

class s3_faults : public simulated_s3_test {
  protected:
    /// Lets the first request fail, and no other.
    void first(const s3_fault& fault) {
        s3.follow([fault](const s3_call& call) { return call.index == 0 ? fault : s3_fault(); });
    }
};

TEST_F(s3_faults, ShowThePlanWhatIsAsked) {
    std::vector<s3_call> seen;
    s3.follow([&](const s3_call& call) {
        seen.push_back(call);
        return s3_fault();
    });
    good(client.put_object("bucket", "a", "v"));
    get("a");
    good(client.put_object("bucket", "b", "v"));
    ASSERT_EQ(seen.size(), 3u);
    EXPECT_EQ(seen[2].operation, "PutObject");
    EXPECT_EQ(seen[2].bucket, "bucket");
    EXPECT_EQ(seen[2].key, "b");
    EXPECT_EQ(seen[2].index, 2u);
    EXPECT_EQ(seen[2].nth, 1u);
}

TEST_F(s3_faults, ComeOfAPlanThatLooksAtWhatIsStored) {
    s3.follow([&](const s3_call& call) {
        const bool again = call.operation == "PutObject" && s3.object(call.bucket, call.key);
        return again ? s3_fault::conflict() : s3_fault();
    });
    good(client.put_object("bucket", "k", "v"));
    EXPECT_EQ(bad(once.put_object("bucket", "k", "w")).code(), errc::conflict);
    EXPECT_EQ(s3.object("bucket", "k"), "v");
}

TEST_F(s3_faults, ComeOfAPlanThatEndsItself) {
    s3.follow([&, held = std::make_shared<std::string>("InternalError")](const s3_call&) {
        s3.follow(nullptr);
        return s3_fault::refusal(500, *held);
    });
    EXPECT_EQ(bad(once.put_object("bucket", "k", "v")).s3_code(), "InternalError");
    good(once.put_object("bucket", "k", "v"));
}

TEST_F(s3_faults, ComeOfAPlanThatMakesRequests) {
    s3.follow([&](const s3_call& call) {
        if (call.operation != "PutObject") return s3_fault();
        const auto there = run(once.head_object("bucket", call.key));
        return there ? s3_fault::conflict() : s3_fault();
    });
    good(client.put_object("bucket", "k", "v"));
    EXPECT_EQ(bad(once.put_object("bucket", "k", "w")).code(), errc::conflict);
}

TEST_F(s3_faults, RefuseWithADocument) {
    first(s3_fault::refusal(500, "InternalError"));
    const auto e = bad(once.put_object("bucket", "k", "v"));
    EXPECT_EQ(e.http_status(), 500u);
    EXPECT_EQ(e.s3_code(), "InternalError");
    EXPECT_EQ(s3.object("bucket", "k"), std::nullopt);
}

TEST_F(s3_faults, RefuseWithoutABody) {
    first(s3_fault::refusal(503, ""));
    const auto e = bad(once.put_object("bucket", "k", "v"));
    EXPECT_EQ(e.http_status(), 503u);
    EXPECT_EQ(e.s3_code(), "");
}

TEST_F(s3_faults, AreSurvivedByAClientThatTriesAgain) {
    first(s3_fault::slow_down());
    good(client.put_object("bucket", "k", "v"));
    EXPECT_EQ(s3.object("bucket", "k"), "v");
    EXPECT_EQ(s3.log().size(), 2u);
}

TEST_F(s3_faults, CanBeConflicts) {
    first(s3_fault::conflict());
    s3::put_object request("bucket", "k");
    request.if_none_match = "*";
    const auto e = bad(once.send(std::move(request)));
    EXPECT_EQ(e.code(), errc::conflict);
    EXPECT_EQ(e.s3_code(), "ConditionalRequestConflict");
}

TEST_F(s3_faults, HideInA200) {
    first(s3_fault());
    good(client.put_object("bucket", "k", "v"));
    s3.follow([](const s3_call& call) {
        return call.operation == "CopyObject" ? s3_fault::error_within_200() : s3_fault();
    });
    const auto e = bad(once.copy_object("bucket", "k", "bucket", "copy"));
    EXPECT_EQ(e.http_status(), 200u);
    EXPECT_EQ(e.s3_code(), "InternalError");
    EXPECT_EQ(s3.object("bucket", "copy"), std::nullopt);
}

TEST_F(s3_faults, LoseReplies) {
    first(s3_fault::lost_reply());
    const auto e = bad(once.put_object("bucket", "k", "v"));
    EXPECT_EQ(e.code(), errc::connection_lost);
    EXPECT_EQ(e.effect(), effect::unknown);
    EXPECT_EQ(s3.object("bucket", "k"), "v");
    EXPECT_EQ(s3.log().front().status, 0u);
}

TEST_F(s3_faults, LoseRequests) {
    first(s3_fault::lost_request());
    const auto e = bad(once.put_object("bucket", "k", "v"));
    EXPECT_EQ(e.code(), errc::connection_lost);
    EXPECT_EQ(s3.object("bucket", "k"), std::nullopt);
}

TEST_F(s3_faults, DelayReplies) {
    first(s3_fault::slow_reply(20s));
    const auto before = time->now();
    good(client.put_object("bucket", "k", "v"));
    EXPECT_EQ(time->now() - before, 20s);
}

TEST_F(s3_faults, TruncateBodies) {
    good(client.put_object("bucket", "k", "hello"));
    s3.follow([](const s3_call&) { return s3_fault::truncated_body(2); });
    auto got = good(once.get_object("bucket", "k"));
    EXPECT_EQ(bad(got.body.read_all(100)).code(), errc::connection_lost);
}

TEST_F(s3_faults, CorruptBodies) {
    good(client.put_object("bucket", "k", "hello"));
    s3.follow([](const s3_call&) { return s3_fault::corrupted_body(4); });
    auto got = good(client.get_object("bucket", "k"));
    EXPECT_EQ(bad(got.body.read_all(100)).code(), errc::checksum_mismatch);
    auto trusting = config(net, time);
    trusting.checksums.verify_downloads = false;
    client = s3::client::create(std::move(trusting)).value();
    EXPECT_EQ(get("k"), "helln");
    EXPECT_EQ(s3.object("bucket", "k"), "hello");
}

TEST_F(s3_faults, CanFollowWhatWasDone) {
    auto fault = s3_fault::refusal(500, "InternalError");
    fault.carried_out = true;
    first(fault);
    EXPECT_EQ(bad(once.put_object("bucket", "k", "v")).http_status(), 500u);
    EXPECT_EQ(s3.object("bucket", "k"), "v");
}

// Uploads that ask first are told before they come.
TEST_F(s3_faults, ComeBeforeALargeBody) {
    const std::string large(3'000'000, 'x');
    s3::put_object request("bucket", "k");
    request.body = body::view(large);
    request.if_none_match = "*";
    good(client.put_object("bucket", "k", "here"));
    EXPECT_EQ(bad(once.send(std::move(request))).code(), errc::precondition_failed);
    good(client.put_object("bucket", "k", body::view(large)));
    EXPECT_EQ(s3.object("bucket", "k"), large);
}

TEST(s3_fault_plans, by_seed_are_the_same_for_the_same_seed) {
    const auto codes = [](std::uint64_t seed) {
        const auto plan = s3_faults_by_seed(seed, 0.5);
        std::string all;
        for (std::size_t i = 0; i < 100; ++i) {
            s3_call call;
            call.index = i;
            const auto f = plan(call);
            all += std::to_string(f.status) + (f.answered ? "a" : "l") + f.code;
        }
        return all;
    };
    EXPECT_EQ(codes(1), codes(1));
    EXPECT_NE(codes(1), codes(2));
}

TEST(s3_fault_plans, by_seed_strike_at_their_ratio) {
    const auto struck = [](double ratio) {
        const auto plan = s3_faults_by_seed(7, ratio);
        int count = 0;
        for (std::size_t i = 0; i < 1000; ++i) {
            s3_call call;
            call.index = i;
            const auto f = plan(call);
            count += f.status != 0 || !f.answered || f.delay.count() > 0 || f.truncate_at;
        }
        return count;
    };
    EXPECT_EQ(struck(0), 0);
    EXPECT_EQ(struck(1), 1000);
    EXPECT_NEAR(struck(0.3), 300, 60);
}

TEST(s3_fault_plans, throttle_each_prefix_by_itself) {
    const auto plan = s3_throttling_by_prefix(2);
    s3_call call;
    const auto taken = [&](const std::string& key) {
        call.key = key;
        return plan(call).status == 0;
    };
    EXPECT_TRUE(taken("a/1"));
    EXPECT_TRUE(taken("a/2"));
    EXPECT_FALSE(taken("a/3"));
    EXPECT_TRUE(taken("b/1"));
    call.at += 500ms;
    EXPECT_TRUE(taken("a/4"));
    EXPECT_FALSE(taken("a/5"));
}

}  // namespace
}  // namespace cairn::testing
