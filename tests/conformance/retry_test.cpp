#include "s3/operation_table.hpp"
#include "s3/service_error.hpp"
#include "support/constant_random.hpp"
#include "support/vectors.hpp"

#include <cairn/resilience/retry_policy.hpp>
#include <cairn/s3/operations.hpp>
#include <cairn/testing/virtual_clock.hpp>

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>

#include <deque>

// AWS's standard retry mode, version 2.1: what becomes of a call, of the quota, and how long to
// pause, after each of a series of replies.
namespace cairn::test {
namespace {

namespace json = boost::json;

// A pause after a call that will not be tried again is for long polling, which S3 has none of.
constexpr std::array<std::string_view, 2> not_for_s3{
    "Long-polling backoff after transient error when token bucket empty",
    "Long-polling backoff after throttling error when token bucket empty",
};

std::chrono::nanoseconds seconds(const json::value& number) {
    return std::chrono::round<std::chrono::nanoseconds>(
        std::chrono::duration<double>(number.to_number<double>()));
}

retry_policy policy_of(const json::object& given) {
    retry_policy p;
    p.clock = std::make_shared<testing::virtual_clock>();
    // The cases want the longest pause of those that chance may choose.
    p.random = std::make_shared<constant_random>(constant_random::side::greatest);
    p.idempotent = true;
    EXPECT_EQ(given.at("exponential_base"), 1);
    if (const auto* n = given.if_contains("max_attempts"))
        p.max_attempts = n->to_number<unsigned>();
    if (const auto* s = given.if_contains("max_backoff_time")) p.max_delay = seconds(*s);
    const auto* tokens = given.if_contains("initial_retry_tokens");
    p.quota = std::make_shared<retry_quota>(
        retry_quota::standard_capacity,
        tokens ? tokens->to_number<unsigned>() : retry_quota::standard_capacity);
    return p;
}

// What the client makes of the reply.
error failure_of(const json::object& response) {
    wire::response_head head;
    head.status = response.at("status_code").to_number<unsigned>();
    if (const auto* headers = response.if_contains("headers"))
        for (const auto& [name, value] : headers->as_object())
            head.headers.add(name, value.as_string());
    std::string body;
    if (const auto* code = response.if_contains("error_code"))
        body = "<Error><Code>" + std::string(code->as_string()) + "</Code></Error>";
    return s3::service_error(s3::table_of<s3::get_object>(), head, body);
}

class replay {
  public:
    explicit replay(const retry_policy& policy) : policy_(policy) { machine_.emplace(policy); }

    void step(const json::object& answered) {
        const auto& response = answered.at("response").as_object();
        const auto& expected = answered.at("expected").as_object();
        if (response.at("status_code").to_number<unsigned>() == 200) {
            machine_->on_success();
            EXPECT_EQ(expected.at("outcome"), "success");
            machine_.emplace(policy_);
        } else {
            const auto decided = machine_->on_failure(failure_of(response));
            EXPECT_EQ(expected.at("outcome").as_string(), name_of(decided.why));
            const auto* delay = expected.if_contains("delay");
            if (delay) {
                EXPECT_EQ(decided.delay, seconds(*delay));
            } else if (decided.why != retry_machine::reason::retry) {
                EXPECT_EQ(decided.delay, std::chrono::nanoseconds());
            }
        }
        if (const auto* left = expected.if_contains("retry_quota")) {
            EXPECT_EQ(policy_.quota->available(), left->to_number<unsigned>());
        }
    }

  private:
    static std::string_view name_of(retry_machine::reason why) {
        switch (why) {
            case retry_machine::reason::retry:
                return "retry_request";
            case retry_machine::reason::not_retryable:
            case retry_machine::reason::effect_unknown:
                return "fail_request";
            case retry_machine::reason::attempts_exhausted:
                return "max_attempts_exceeded";
            case retry_machine::reason::quota_exhausted:
                return "retry_quota_exceeded";
        }
        return {};
    }

    const retry_policy& policy_;
    std::optional<retry_machine> machine_;
};

// The calls of several threads, in the one order that gives the expected quotas.
void replay_threads(const json::object& c) {
    const auto policy = policy_of(c.at("given").as_object());
    const auto& threads = c.at("threads").as_array();
    std::deque<replay> calls;
    for (std::size_t i = 0; i < threads.size(); ++i) calls.emplace_back(policy);
    const std::array<std::pair<std::size_t, std::size_t>, 5> order{
        {{0, 0}, {0, 1}, {1, 0}, {1, 1}, {0, 2}}};
    for (const auto& [thread, step] : order)
        calls[thread].step(threads[thread].as_array()[step].as_object());
    EXPECT_EQ(policy.quota->available(), c.at("expected_final_quota").to_number<unsigned>());
}

TEST(Retry, StandardMode) {
    CAIRN_REQUIRE_VECTORS(file, "retry/standard-v2.1.json");
    const auto all = read_json(file).at("cases").as_array();
    EXPECT_EQ(all.size(), 19U);
    std::size_t left_out = 0;
    for (const auto& each : all) {
        const std::string_view name = each.at("name").as_string();
        SCOPED_TRACE(name);
        if (std::find(not_for_s3.begin(), not_for_s3.end(), name) != not_for_s3.end()) {
            ++left_out;
            continue;
        }
        const auto& c = each.at("case").as_object();
        if (c.contains("threads")) {
            replay_threads(c);
            continue;
        }
        const auto policy = policy_of(c.at("given").as_object());
        replay call(policy);
        for (const auto& answered : c.at("responses").as_array()) call.step(answered.as_object());
    }
    EXPECT_EQ(left_out, not_for_s3.size());
}

}  // namespace
}  // namespace cairn::test
