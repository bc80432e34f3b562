#include "recorded_server.hpp"
#include "s3/registry.hpp"

namespace cairn::s3 {
namespace {

using namespace std::chrono_literals;
using test::reply;

// Of the buckets of one endpoint, "bad" and "bad-too" fail.
class scopes_test : public recorded_server {
  protected:
    client one_bad_bucket(resilience chosen) {
        const auto answer = [](const std::string& request) {
            return request.find(" /bad") != std::string::npos ? reply(500) : reply(200);
        };
        auto config = config_for(answering(answer), test::constant_random::side::least);
        config.resilience = std::move(chosen);
        return client::create(std::move(config)).value();
    }
    static resilience with_breaker(breaker_scope scope) {
        resilience chosen;
        chosen.retry.reset();
        chosen.breaker->minimum_calls = 3;
        chosen.breaker_scope = scope;
        return chosen;
    }
    error put(const client& s3, const std::string& bucket) {
        const auto ended = run(s3.put_object(bucket, "key", "x"));
        return ended ? error() : ended.error();
    }
    errc fails(const client& s3, const std::string& bucket) {
        return static_cast<errc>(put(s3, bucket).code().value());
    }
    static constexpr errc succeeded{};
};

TEST_F(scopes_test, OneBadBucketOpensTheBreakerOfItsEndpoint) {
    const auto s3 = one_bad_bucket(with_breaker(breaker_scope::endpoint));
    for (int i = 0; i < 3; ++i) EXPECT_EQ(fails(s3, "bad"), errc::service_failed);
    EXPECT_EQ(fails(s3, "bad"), errc::circuit_open);
    EXPECT_EQ(fails(s3, "good"), errc::circuit_open);
}

TEST_F(scopes_test, OneBadBucketOpensItsOwnBreakerOnly) {
    const auto s3 = one_bad_bucket(with_breaker(breaker_scope::bucket));
    for (int i = 0; i < 3; ++i) EXPECT_EQ(fails(s3, "bad"), errc::service_failed);
    const auto refused = put(s3, "bad");
    EXPECT_EQ(refused.code(), errc::circuit_open);
    EXPECT_NE(refused.detail().find("bucket bad at http://s3.example"), std::string::npos)
        << refused;
    EXPECT_EQ(fails(s3, "good"), succeeded);
}

TEST_F(scopes_test, FailingWritesLeaveReadsAndListingsAlone) {
    const auto s3 = one_bad_bucket(with_breaker(breaker_scope::operation_class));
    for (int i = 0; i < 3; ++i) EXPECT_EQ(fails(s3, "bad"), errc::service_failed);
    const auto refused = put(s3, "good");
    EXPECT_EQ(refused.code(), errc::circuit_open);
    EXPECT_NE(refused.detail().find("writing to http://s3.example"), std::string::npos) << refused;
    EXPECT_TRUE(run(s3.get_object("good", "key")));
    EXPECT_TRUE(run(s3.head_bucket("good")));
    EXPECT_EQ(run(s3.get_object("bad", "key")).error().code(), errc::service_failed);
}

TEST_F(scopes_test, ASharedBreakerHasNoScopes) {
    circuit_breaker_options options;
    options.clock = time;
    options.minimum_calls = 3;
    auto chosen = with_breaker(breaker_scope::bucket);
    chosen.shared_breaker = circuit_breaker(options);
    const auto s3 = one_bad_bucket(chosen);
    for (int i = 0; i < 3; ++i) EXPECT_EQ(fails(s3, "bad"), errc::service_failed);
    EXPECT_EQ(fails(s3, "good"), errc::circuit_open);
}

// 500 tokens, 28 a call that is tried three times.
TEST_F(scopes_test, OneBadBucketSpendsItsOwnTokensOnly) {
    resilience chosen;
    chosen.breaker.reset();
    const auto s3 = one_bad_bucket(chosen);
    unsigned attempts = 0;
    for (int i = 0; i < 20; ++i) attempts = put(s3, "bad").attempts();
    EXPECT_EQ(attempts, 1U) << "its tokens are spent";
    EXPECT_EQ(put(s3, "bad-too").attempts(), 3U);
    for (int i = 0; i < 40; ++i) EXPECT_EQ(fails(s3, "good"), succeeded);
    EXPECT_EQ(put(s3, "bad").attempts(), 1U) << "what others earn is not its own";
}

TEST_F(scopes_test, ASharedQuotaHasNoScopes) {
    resilience chosen;
    chosen.breaker.reset();
    chosen.retry->quota = std::make_shared<retry_quota>(500, 20);
    const auto s3 = one_bad_bucket(chosen);
    EXPECT_EQ(put(s3, "bad").attempts(), 2U);
    EXPECT_EQ(chosen.retry->quota->available(), 6U);
    EXPECT_EQ(fails(s3, "good"), succeeded);
    EXPECT_EQ(chosen.retry->quota->available(), 7U);
}

TEST(Registry, KeepsOneForEachKeyAndForgetsTheLeastAskedFor) {
    registry<int> numbers(3);
    EXPECT_TRUE(numbers.empty());
    EXPECT_EQ(numbers.find("one"), nullptr);
    const auto one = numbers.find_or("one", [] { return std::make_shared<int>(1); });
    EXPECT_EQ(numbers.find_or("one", [] { return std::make_shared<int>(7); }), one);
    numbers.set("two", std::make_shared<int>(2));
    numbers.set("three", std::make_shared<int>(3));
    EXPECT_EQ(numbers.find("one"), one);
    numbers.set("four", std::make_shared<int>(4));
    EXPECT_EQ(numbers.find("two"), nullptr);
    EXPECT_EQ(numbers.find("one"), one);
    EXPECT_EQ(*numbers.find("four"), 4);
    numbers.set("four", std::make_shared<int>(44));
    EXPECT_EQ(*numbers.find("four"), 44);
    EXPECT_EQ(*numbers.find("three"), 3);
}

TEST(Registry, StaysBounded) {
    registry<int> numbers(100);
    std::weak_ptr<int> first = numbers.find_or("0", [] { return std::make_shared<int>(0); });
    for (int i = 1; i <= 100'000; ++i) numbers.set(std::to_string(i), std::make_shared<int>(i));
    EXPECT_TRUE(first.expired());
    EXPECT_EQ(numbers.find("99900"), nullptr);
    EXPECT_EQ(*numbers.find("99901"), 99901);
}

}  // namespace
}  // namespace cairn::s3
