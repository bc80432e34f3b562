#include "recorded_server.hpp"

#include <boost/asio/detached.hpp>

namespace cairn::s3 {
namespace {

using namespace std::chrono_literals;
using test::reply;

class guarded_call_test : public recorded_server {
  protected:
    // Pauses are as long as chance may choose.
    client connect(test::script server) {
        return client::create(config_for(std::move(server), test::constant_random::side::greatest))
            .value();
    }
    // Takes requests, and never answers.
    test::script silent() {
        return [this](test::peer& at, int) -> awaitable<void> {
            requests.push_back(co_await at.read_request());
            co_await at.read_to_end();
        };
    }
    static std::string refusal(int status, const std::string& code, const std::string& head = {}) {
        return reply(status, "<Error><Code>" + code + "</Code></Error>", head);
    }
    static put_object once_only() {
        put_object request("bucket", "key");
        request.body = "x";
        request.if_none_match = "*";
        return request;
    }
};

TEST_F(guarded_call_test, TriesAgainWhatMayPass) {
    auto s3 = connect(recording({reply(500), reply(502), reply(200)}));
    const auto from = time->now();
    const auto put = run(s3.put_object("bucket", "key", "hello"));
    ASSERT_TRUE(put) << put.error();
    EXPECT_EQ(time->now() - from, 50ms + 100ms);
    ASSERT_EQ(requests.size(), 3U);
    for (const auto& request : requests)
        EXPECT_TRUE(request.ends_with("\r\n\r\nhello")) << "the body is sent whole each time";
}

TEST_F(guarded_call_test, SignsEachAttemptWithItsOwnTime) {
    auto s3 = connect(recording({refusal(503, "SlowDown"), reply(200)}));
    EXPECT_TRUE(run(s3.put_object("bucket", "key", "hello")));
    ASSERT_EQ(requests.size(), 2U);
    EXPECT_NE(requests[0].find("X-Amz-Date: 20260101T000000Z"), std::string::npos) << requests[0];
    EXPECT_NE(requests[1].find("X-Amz-Date: 20260101T000001Z"), std::string::npos) << requests[1];
}

TEST_F(guarded_call_test, WaitsAsLongAsTheServerAsks) {
    auto s3 = connect(recording({reply(500, "", "x-amz-retry-after: 1500\r\n"), reply(200)}));
    const auto from = time->now();
    EXPECT_TRUE(run(s3.put_object("bucket", "key", "hello")));
    EXPECT_EQ(time->now() - from, 1500ms);
}

TEST_F(guarded_call_test, TellsOfAllAttempts) {
    auto s3 = connect(recording({reply(500)}));
    const auto put = run(s3.put_object("bucket", "key", "hello"));
    EXPECT_EQ(put.error().code(), errc::service_failed);
    EXPECT_EQ(put.error().attempts(), 3U);
    EXPECT_EQ(put.error().elapsed(), 150ms);
    EXPECT_EQ(put.error().effect(), effect::unknown);
    EXPECT_EQ(put.error().operation(), "PutObject s3://bucket/key");
}

TEST_F(guarded_call_test, AsksWhetherItWantsTlsUnlessItHasAnsweredBefore) {
    const auto once = resilience::none();
    const auto silent = connect(recording({""})).with(once);
    EXPECT_EQ(run(silent.get_object("bucket", "key")).error().hint(),
              "does http://s3.example want https?");
    const auto gone = connect(recording({reply(200), ""})).with(once);
    EXPECT_TRUE(run(gone.put_object("bucket", "key", "x")));
    EXPECT_EQ(run(gone.get_object("bucket", "key")).error().hint(), "");
}

TEST_F(guarded_call_test, RefusalsAreNotTriedAgain) {
    for (const auto& answer : {refusal(403, "AccessDenied"), refusal(404, "NoSuchBucket"),
                               refusal(412, "PreconditionFailed"), reply(304)}) {
        requests.clear();
        auto s3 = connect(recording({answer}));
        EXPECT_FALSE(run(s3.get_object("bucket", "key")));
        EXPECT_EQ(requests.size(), 1U) << answer;
    }
}

TEST_F(guarded_call_test, AConditionalWriteIsNotTriedAgainWhenItMayHaveBeenMade) {
    auto s3 = connect(recording({""}));
    const auto lost = run(s3.send(once_only()));
    EXPECT_EQ(lost.error().code(), errc::connection_lost);
    EXPECT_EQ(lost.error().effect(), effect::unknown);
    EXPECT_EQ(requests.size(), 1U);
}

TEST_F(guarded_call_test, AConditionalWriteThatWasTurnedAwayIsTriedAgain) {
    auto s3 = connect(recording({refusal(503, "SlowDown"), reply(200)}));
    EXPECT_TRUE(run(s3.send(once_only())));
    EXPECT_EQ(requests.size(), 2U);
}

TEST_F(guarded_call_test, ALostReplyOfAnUnconditionalWriteIsTriedAgain) {
    auto s3 = connect(recording({"", reply(200)}));
    EXPECT_TRUE(run(s3.put_object("bucket", "key", "x")));
    EXPECT_EQ(requests.size(), 2U);
}

TEST_F(guarded_call_test, WhatALostAttemptMayHaveDoneStaysUnknown) {
    auto s3 = connect(recording({"", refusal(403, "AccessDenied")}));
    const auto put = run(s3.put_object("bucket", "key", "x"));
    EXPECT_EQ(put.error().code(), errc::access_denied);
    EXPECT_EQ(put.error().effect(), effect::unknown);
}

TEST_F(guarded_call_test, ABodyThatCanBeReadOnlyOnceIsSentOnce) {
    auto s3 = connect(recording({reply(500)}));
    const auto next = [given = false]() mutable -> awaitable<result<asio::const_buffer>> {
        co_return std::exchange(given, true) ? asio::const_buffer() : asio::buffer("hello", 5);
    };
    const auto put = run(s3.put_object("bucket", "key", body::generator(5, next)));
    EXPECT_EQ(put.error().code(), errc::service_failed);
    EXPECT_NE(put.error().hint().find("only once"), std::string::npos) << put.error();
    EXPECT_EQ(requests.size(), 1U);
}

TEST_F(guarded_call_test, AConnectionThatCantBeHadIsTriedAgainWhateverTheBody) {
    auto s3 = connect(recording({reply(200)}));
    net->refuse = 1;
    const auto next = [given = false]() mutable -> awaitable<result<asio::const_buffer>> {
        co_return std::exchange(given, true) ? asio::const_buffer() : asio::buffer("hello", 5);
    };
    EXPECT_TRUE(run(s3.put_object("bucket", "key", body::generator(5, next))));
}

TEST_F(guarded_call_test, ItsBreakerOpensAndTurnsCallsAway) {
    auto s3 = connect(recording({reply(500)}));
    for (int i = 0; i < 7; ++i) run(s3.get_object("bucket", "key"));
    const auto sent = requests.size();
    EXPECT_EQ(sent, 20U) << "the breaker opens at the 20th attempt";
    const auto refused = run(s3.put_object("bucket", "key", "x"));
    EXPECT_EQ(refused.error().code(), errc::circuit_open);
    EXPECT_EQ(refused.error().effect(), effect::not_applied);
    EXPECT_EQ(refused.error().attempts(), 0U);
    EXPECT_GT(refused.error().retry_after(), 4s);
    EXPECT_NE(refused.error().what().find("http://s3.example"), std::string::npos)
        << refused.error();
    EXPECT_EQ(requests.size(), sent);
}

TEST_F(guarded_call_test, WaitsForItsBreakerIfItMay) {
    std::vector<std::string> answers(20, reply(500));
    answers.push_back(reply(200));
    auto s3 = connect(recording(answers));
    auto guards = resilience();
    for (int i = 0; i < 7; ++i) run(s3.get_object("bucket", "key"));
    guards.breaker_wait = 4s;
    EXPECT_EQ(run(s3.with(guards).get_object("bucket", "key")).error().code(), errc::circuit_open);
    guards.breaker_wait = 6s;
    const auto from = time->now();
    const auto got = run(s3.with(guards).get_object("bucket", "key"));
    ASSERT_TRUE(got) << got.error();
    EXPECT_GT(time->now() - from, 4s);
    EXPECT_EQ(requests.size(), 21U);
}

TEST_F(guarded_call_test, WaitsForNoBreakerThatIsOpenedByHand) {
    resilience guards;
    circuit_breaker_options options;
    options.clock = time;
    guards.shared_breaker = circuit_breaker(options);
    guards.shared_breaker->isolate();
    guards.breaker_wait = 1h;
    const auto s3 = connect(recording({reply(200)})).with(guards);
    EXPECT_EQ(run(s3.get_object("bucket", "key")).error().code(), errc::circuit_open);
}

TEST_F(guarded_call_test, CancelledWhileItWaitsForItsBreakerItHasTriedNothing) {
    auto s3 = connect(recording({reply(500)}));
    for (int i = 0; i < 7; ++i) run(s3.get_object("bucket", "key"));
    auto guards = resilience();
    guards.breaker_wait = 1h;
    guards.total_deadline = 1s;
    const auto put = run(s3.with(guards).put_object("bucket", "key", "x"));
    EXPECT_EQ(put.error().code(), errc::timed_out);
    EXPECT_EQ(put.error().effect(), effect::not_applied);
    EXPECT_EQ(put.error().attempts(), 0U);
    EXPECT_EQ(requests.size(), 20U);
}

TEST_F(guarded_call_test, AServerThatKeepsCallsWaitingToTheirDeadlinesOpensIt) {
    auto guards = resilience();
    guards.total_deadline = 1s;
    const auto s3 = connect(silent()).with(guards);
    for (int i = 0; i < 20; ++i)
        EXPECT_EQ(run(s3.get_object("bucket", "key")).error().code(), errc::timed_out);
    EXPECT_EQ(run(s3.get_object("bucket", "key")).error().code(), errc::circuit_open);
}

TEST_F(guarded_call_test, AnAttemptBegunShortlyBeforeItsDeadlineSaysNothing) {
    auto guards = resilience();
    guards.retry->base_delay = guards.retry->max_delay = 1900ms;
    guards.total_deadline = 2s;
    guards.retry->quota = std::make_shared<retry_quota>(10'000, 10'000);
    const auto s3 = connect([this](test::peer& at, int) -> awaitable<void> {
                        requests.push_back(co_await at.read_request());
                        if (requests.size() % 2 == 1) co_await at.send(reply(500));
                        co_await at.read_to_end();
                    }).with(guards);
    for (int i = 0; i < 20; ++i)
        EXPECT_EQ(run(s3.get_object("bucket", "key")).error().code(), errc::timed_out);
    EXPECT_NE(run(s3.get_object("bucket", "key")).error().code(), errc::circuit_open);
}

TEST_F(guarded_call_test, WithOtherGuardsItsBreakerIsTheSame) {
    const auto s3 = connect(recording({reply(500)}));
    for (int i = 0; i < 7; ++i) EXPECT_FALSE(run(s3.get_object("bucket", "key")));
    auto hasty = s3.resilience();
    hasty.total_deadline = 1s;
    EXPECT_EQ(run(s3.with(hasty).get_object("bucket", "key")).error().code(), errc::circuit_open);
    auto other = s3.resilience();
    other.breaker->minimum_calls = 1000;
    EXPECT_EQ(run(s3.with(other).get_object("bucket", "key")).error().code(), errc::service_failed);
}

TEST_F(guarded_call_test, WithOtherGuardsItsQuotasAreTheSame) {
    auto guards = resilience();
    guards.breaker.reset();
    const auto s3 = connect(recording({reply(500)})).with(guards);
    while (run(s3.get_object("bucket", "key")).error().attempts() > 1) continue;
    guards.total_deadline = 1h;
    EXPECT_EQ(run(s3.with(guards).get_object("bucket", "key")).error().attempts(), 1U);
}

TEST_F(guarded_call_test, ThrottlingNeverOpensIt) {
    auto s3 = connect(recording({refusal(503, "SlowDown")}));
    for (int i = 0; i < 20; ++i)
        EXPECT_EQ(run(s3.get_object("bucket", "key")).error().code(), errc::throttled);
}

TEST_F(guarded_call_test, TwoClientsShareABreaker) {
    circuit_breaker_options options;
    options.clock = time;
    options.minimum_calls = 3;
    resilience shared;
    shared.shared_breaker = circuit_breaker(options);
    const auto failing = connect(recording({reply(500)})).with(shared);
    run(failing.get_object("bucket", "key"));
    requests.clear();
    const auto other = connect(recording({reply(200)})).with(shared);
    EXPECT_EQ(run(other.get_object("bucket", "key")).error().code(), errc::circuit_open);
    EXPECT_TRUE(requests.empty());
}

TEST_F(guarded_call_test, WithoutGuardsACallIsOneAttempt) {
    auto s3 = connect(recording({reply(500)}));
    for (int i = 0; i < 30; ++i)
        EXPECT_EQ(run(s3.with(resilience::none()).get_object("bucket", "key")).error().attempts(),
                  1U);
    EXPECT_EQ(requests.size(), 30U);
}

TEST_F(guarded_call_test, AnAttemptThatTakesTooLongIsTriedAgain) {
    auto s3 = connect(silent());
    resilience patient;
    patient.attempt_timeout = 5s;
    const auto from = time->now();
    const auto got = run(s3.with(patient).get_object("bucket", "key"));
    EXPECT_EQ(got.error().code(), errc::timed_out);
    EXPECT_EQ(got.error().attempts(), 3U);
    EXPECT_EQ(got.error().effect(), effect::none);
    EXPECT_EQ(time->now() - from, 15s + 150ms);
    EXPECT_EQ(net->open(), 0) << "a connection that was given up was pooled";
}

TEST_F(guarded_call_test, ATimedOutConditionalWriteIsUnknown) {
    auto s3 = connect(silent());
    for (const bool whole : {false, true}) {
        resilience limited;
        (whole ? limited.total_deadline : limited.attempt_timeout) = 5s;
        requests.clear();
        const auto put = run(s3.with(limited).send(once_only()));
        EXPECT_EQ(put.error().code(), errc::timed_out);
        EXPECT_EQ(put.error().effect(), effect::unknown);
        EXPECT_EQ(put.error().operation(), "PutObject s3://bucket/key");
        EXPECT_EQ(requests.size(), 1U);
    }
}

TEST_F(guarded_call_test, TheDeadlineEndsRetriesToo) {
    auto s3 = connect(recording({refusal(503, "SlowDown")}));
    resilience hasty;
    hasty.total_deadline = 1500ms;
    const auto from = time->now();
    const auto put = run(s3.with(hasty).put_object("bucket", "key", "x"));
    EXPECT_EQ(put.error().code(), errc::timed_out);
    EXPECT_EQ(put.error().effect(), effect::not_applied) << "S3 has said so";
    EXPECT_NE(put.error().what().find("total deadline"), std::string::npos) << put.error();
    EXPECT_EQ(time->now() - from, 1500ms);
    EXPECT_EQ(requests.size(), 2U);
}

TEST_F(guarded_call_test, LimitsOfLoadAreTheClients) {
    auto s3 = connect(silent());
    resilience limited;
    limited.concurrency_limit = concurrency_limit(1, 0);
    limited.attempt_timeout = 1s;
    const auto one = s3.with(limited);
    asio::co_spawn(context, one.get_object("bucket", "key"), asio::detached);
    context.poll();
    const auto shed = run(one.put_object("bucket", "key", "x"));
    EXPECT_EQ(shed.error().code(), errc::concurrency_limited);
    EXPECT_EQ(shed.error().effect(), effect::not_applied);
    EXPECT_EQ(shed.error().operation(), "PutObject s3://bucket/key");
    settle();
    EXPECT_EQ(limited.concurrency_limit->running(), 0U);
}

TEST_F(guarded_call_test, ThrottledItsRateAdapts) {
    auto s3 = connect(recording({reply(200), refusal(503, "SlowDown"), reply(200)}));
    adaptive_rate_options options;
    options.clock = time;
    resilience adaptive;
    adaptive.adaptive_rate = adaptive_rate(options);
    const auto slower = s3.with(adaptive);
    auto from = time->now();
    EXPECT_TRUE(run(slower.get_object("bucket", "key")));
    EXPECT_EQ(time->now(), from);
    EXPECT_TRUE(run(slower.get_object("bucket", "key")));
    EXPECT_EQ(requests.size(), 3U);
    from = time->now();
    EXPECT_TRUE(run(slower.get_object("bucket", "key")));
    EXPECT_GT(time->now(), from);
    EXPECT_GE(adaptive.adaptive_rate->current(), 0.5);
}

TEST_F(guarded_call_test, CancelledWhileItWaitsForTheRateItIsNotApplied) {
    auto s3 = connect(recording({reply(200)}));
    adaptive_rate_options options;
    options.clock = time;
    resilience limited;
    limited.adaptive_rate = adaptive_rate(options);
    limited.adaptive_rate->failed(error(errc::throttled));
    limited.total_deadline = 100ms;
    const auto late = run(s3.with(limited).put_object("bucket", "key", "x"));
    EXPECT_EQ(late.error().code(), errc::timed_out);
    EXPECT_EQ(late.error().effect(), effect::not_applied);
    EXPECT_TRUE(requests.empty());
}

TEST_F(guarded_call_test, CancelledAnywhereItHoldsNothing) {
    auto s3 = connect(recording({reply(500)}));
    resilience all;
    all.total_deadline = 1h;
    adaptive_rate_options adaptive;
    adaptive.clock = time;
    all.adaptive_rate = adaptive_rate(adaptive);
    all.adaptive_rate->failed(error(errc::throttled));
    all.attempt_timeout = 1min;
    all.concurrency_limit = concurrency_limit(1, 1);
    rate_limit_options rate(1000);
    rate.clock = time;
    all.rate_limit = rate_limit(rate);
    circuit_breaker_options options;
    options.clock = time;
    options.minimum_calls = 1'000'000;
    all.shared_breaker = circuit_breaker(options);
    const auto guarded = s3.with(all);
    int thrown = 0;
    const auto make = [&]() -> awaitable<void> {
        try {
            const auto put = co_await guarded.put_object("bucket", "key", "hello");
            EXPECT_FALSE(put);
        } catch (...) {
            ++thrown;
            throw;
        }
    };
    const auto cancelled = cancel_everywhere(make, [&](int n) {
        EXPECT_EQ(all.concurrency_limit->running(), 0U) << n;
        EXPECT_EQ(all.concurrency_limit->waiting(), 0U) << n;
        EXPECT_LE(net->open(), 1) << n;
    });
    EXPECT_GT(cancelled, 10);
    // Only if the cancellation came before the call itself: Asio throws at the first co_await.
    EXPECT_LE(thrown, 1);
}

TEST_F(guarded_call_test, TurnedAwayAfterALostReplyItMayHaveBeenMade) {
    circuit_breaker_options options;
    options.clock = time;
    options.minimum_calls = 1;
    resilience touchy;
    touchy.shared_breaker = circuit_breaker(options);
    const auto s3 = connect(recording({"", reply(200)})).with(touchy);
    const auto put = run(s3.put_object("bucket", "key", "x"));
    EXPECT_EQ(put.error().code(), errc::circuit_open);
    EXPECT_EQ(put.error().effect(), effect::unknown);
    EXPECT_EQ(put.error().attempts(), 1U);
    EXPECT_EQ(requests.size(), 1U);
}

TEST_F(guarded_call_test, GivenUpInAQueueAfterALostReplyItMayHaveBeenMade) {
    adaptive_rate_options options;
    options.clock = time;
    resilience hasty;
    hasty.adaptive_rate = adaptive_rate(options);
    hasty.total_deadline = 1s;
    const auto throttles_all = [&](test::peer& at, int) -> awaitable<void> {
        requests.push_back(co_await at.read_request());
        hasty.adaptive_rate->failed(error(errc::throttled));
    };
    const auto s3 = connect(throttles_all).with(hasty);
    const auto put = run(s3.put_object("bucket", "key", "x"));
    EXPECT_EQ(put.error().code(), errc::timed_out);
    EXPECT_EQ(put.error().effect(), effect::unknown);
    EXPECT_EQ(requests.size(), 1U);
}

}  // namespace
}  // namespace cairn::s3
