#include "unit/testing/simulated_s3_fixture.hpp"

#include <cairn/transfer/send_all.hpp>

#include <algorithm>

namespace cairn::transfer {
namespace {

using namespace std::chrono_literals;
using ::testing::ElementsAre;
using testing::s3_call;
using testing::s3_fault;

class send_all_test : public testing::simulated_s3_test {
  protected:
    static std::vector<s3::put_object> puts(const std::vector<std::string>& keys) {
        std::vector<s3::put_object> all;
        for (const auto& key : keys) {
            all.emplace_back("bucket", key);
            all.back().body = "of " + key;
        }
        return all;
    }
    template <class T>
    static std::vector<std::string> codes(const std::vector<result<T>>& outcomes) {
        std::vector<std::string> all;
        for (const auto& each : outcomes)
            all.push_back(each ? "good" : each.error().code().message());
        return all;
    }
    static awaitable<void> send_some(s3::client client, std::vector<s3::put_object> all,
                                     std::vector<result<s3::put_object_output>>& outcomes) {
        auto ended = co_await send_all(client, std::move(all), 2);
        outcomes = std::move(ended);
    }
    std::size_t asked(const std::string& operation) {
        const auto log = s3.log();
        return static_cast<std::size_t>(std::count_if(
            log.begin(), log.end(), [&](const auto& e) { return e.operation == operation; }));
    }
};

TEST_F(send_all_test, gives_each_outcome_in_its_order) {
    good(client.put_object("bucket", "b", "there first"));
    auto all = puts({"a", "b", "c"});
    all[1].if_none_match = "*";
    const auto outcomes = run(send_all(client, std::move(all)));
    EXPECT_THAT(codes(outcomes), ElementsAre("good", "precondition failed", "good"));
    EXPECT_EQ(outcomes[1].error().effect(), effect::not_applied);
    EXPECT_THAT(s3.keys("bucket"), ElementsAre("a", "b", "c"));
    EXPECT_EQ(get("b"), "there first");
}

TEST_F(send_all_test, takes_nothing_and_one_at_a_time) {
    EXPECT_TRUE(run(send_all(client, std::vector<s3::head_object>())).empty());
    EXPECT_EQ(run(send_all(client, puts({"a", "b"}), 1)).size(), 2u);
    EXPECT_EQ(run(send_all(client, puts({"c", "d"}), 0)).size(), 2u);
    EXPECT_THAT(s3.keys("bucket"), ElementsAre("a", "b", "c", "d"));
}

TEST_F(send_all_test, sends_so_many_at_once) {
    s3.follow([](const s3_call&) { return s3_fault::slow_reply(1s); });
    const auto begin = time->now();
    const std::vector<std::string> keys{"a", "b", "c", "d", "e", "f", "g"};
    run(send_all(client, puts(keys), 3));
    EXPECT_EQ(time->now() - begin, 3s);
}

TEST_F(send_all_test, tries_again_what_failed_and_nothing_else) {
    s3.follow([](const s3_call& call) {
        return call.key == "b" && call.index < 3 ? s3_fault::lost_request() : s3_fault();
    });
    const auto outcomes = run(send_all(client, puts({"a", "b", "c"}), 3));
    EXPECT_THAT(codes(outcomes), ElementsAre("good", "good", "good"));
    const auto log = s3.log();
    const auto of = [&](const std::string& key) {
        return std::count_if(log.begin(), log.end(),
                             [&](const auto& e) { return e.target == "/bucket/" + key; });
    };
    EXPECT_EQ(of("a"), 1);
    EXPECT_EQ(of("b"), 2);
    EXPECT_EQ(of("c"), 1);
}

TEST_F(send_all_test, has_each_turned_away_by_the_breaker) {
    circuit_breaker breaker{circuit_breaker_options()};
    breaker.isolate();
    auto guards = s3::resilience::none();
    guards.shared_breaker = breaker;
    const auto outcomes = run(send_all(client.with(guards), puts({"a", "b"})));
    for (const auto& each : outcomes) EXPECT_EQ(each.error().code(), errc::circuit_open);
    EXPECT_TRUE(s3.log().empty());
}

TEST_F(send_all_test, tells_what_was_done_when_it_is_cancelled) {
    const std::vector<std::string> keys{"a", "b", "c", "d", "e"};
    std::vector<result<s3::put_object_output>> outcomes;
    int partial = 0;
    const auto send = [&]() -> awaitable<void> {
        outcomes.clear();
        good(client.delete_objects("bucket", keys));
        return send_some(client, puts(keys), outcomes);
    };
    cancel_everywhere(send, [&](int n) {
        if (outcomes.empty()) return;  // It had not begun.
        ASSERT_EQ(outcomes.size(), keys.size()) << n;
        std::size_t stored = 0;
        for (std::size_t i = 0; i < keys.size(); ++i) {
            const bool is_there = s3.object("bucket", keys[i]).has_value();
            stored += is_there;
            if (outcomes[i]) {
                EXPECT_TRUE(is_there) << n;
                continue;
            }
            EXPECT_EQ(outcomes[i].error().code(), errc::canceled) << n;
            if (outcomes[i].error().effect() == effect::not_applied) {
                EXPECT_FALSE(is_there) << n;
            }
            EXPECT_EQ(outcomes[i].error().operation(), "PutObject s3://bucket/" + keys[i]);
        }
        partial += stored > 0 && stored < keys.size();
    });
    EXPECT_GT(partial, 0);
}

std::vector<s3::get_object> gets(const std::vector<std::string>& keys) {
    std::vector<s3::get_object> all;
    for (const auto& key : keys) all.emplace_back("bucket", key);
    return all;
}

TEST_F(send_all_test, reads_objects_into_memory) {
    run(send_all(client, puts({"a", "b"})));
    good(client.put_object("bucket", "large", std::string(1000, 'x')));
    const auto read = run(read_all(client, gets({"a", "missing", "large", "b"}), 999));
    ASSERT_EQ(read.size(), 4u);
    EXPECT_EQ(read[0].value(), "of a");
    EXPECT_EQ(read[1].error().code(), errc::not_found);
    EXPECT_EQ(read[2].error().code(), errc::limit_exceeded);
    EXPECT_EQ(read[3].value(), "of b");
}

// Each body holds its connection until it has been read.
TEST_F(send_all_test, reads_more_objects_than_there_are_connections) {
    std::vector<std::string> keys(200, "a");
    good(client.put_object("bucket", "a", "v"));
    const auto read = run(read_all(client, gets(keys), 10, 100));
    EXPECT_EQ(std::count_if(read.begin(), read.end(), [](auto& each) { return each.has_value(); }),
              200);
}

TEST_F(send_all_test, reads_again_what_was_cut_short) {
    run(send_all(client, puts({"a", "b"})));
    s3.follow([](const s3_call& call) {
        const bool first = call.operation == "GetObject" && call.nth == 0;
        return first ? s3_fault::truncated_body(1) : s3_fault();
    });
    const auto read = run(read_all(client, gets({"a", "b"}), 10));
    EXPECT_THAT(codes(read), ElementsAre("good", "good"));
    EXPECT_EQ(asked("GetObject"), 3u);
    s3.follow([](const s3_call&) { return s3_fault::truncated_body(1); });
    EXPECT_EQ(run(read_all(client, gets({"a"}), 10))[0].error().code(), errc::connection_lost);
}

}  // namespace
}  // namespace cairn::transfer
