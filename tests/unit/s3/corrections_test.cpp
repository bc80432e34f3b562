#include "recorded_server.hpp"
#include "s3/clock_skew.hpp"
#include "s3/redirection.hpp"
#include "s3/timestamp.hpp"

#include <cairn/core/bytes.hpp>

#include <gmock/gmock.h>

#include <set>

// What a client puts right by itself when a refusal tells it: the time, and the region.
namespace cairn::s3 {
namespace {

using namespace std::chrono_literals;
using test::reply;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

std::string refusal(int status, const std::string& code, const std::string& head = {},
                    const std::string& more = {}) {
    return reply(status, "<Error><Code>" + code + "</Code>" + more + "</Error>", head);
}

put_object create_once() {
    put_object request("bucket", "key");
    request.body = "hello";
    request.if_none_match = "*";
    return request;
}

class clock_skew_test : public recorded_server {
  protected:
    client connect(test::script server) {
        return client::create(config_for(std::move(server), test::constant_random::side::greatest))
            .value();
    }
    // A server that is ahead of its clients, and wants requests from its own time.
    test::script ahead_by(std::chrono::seconds lead, std::string code = "RequestTimeTooSkewed") {
        return answering([this, lead, code](const std::string& request) {
            const auto now = signing_time(time->utc_now() + lead);
            const bool fresh = request.find("X-Amz-Date: " + now) != std::string::npos;
            return fresh ? reply(200, "", date(lead)) : refusal(403, code, date(lead));
        });
    }
    // The header of a server that is so far ahead.
    std::string date(std::chrono::seconds lead) const {
        const auto now = std::chrono::floor<std::chrono::microseconds>(time->utc_now() + lead);
        return "Date: " + format_http_date(now) + "\r\n";
    }
    static std::string signing_time(clock::utc_time when) {
        auto text = format_iso8601(std::chrono::floor<std::chrono::seconds>(when));
        std::erase_if(text, [](char c) { return c == '-' || c == ':'; });
        return text;
    }
};

TEST_F(clock_skew_test, TheServersTimeIsTakenAndTheCallMadeAgainAtOnce) {
    for (const std::chrono::seconds lead : {1200s, -10800s, 946'684'800s}) {
        requests.clear();
        auto s3 = connect(ahead_by(lead));
        const auto from = time->now();
        const auto put = run(s3.send(create_once()));
        EXPECT_TRUE(put) << put.error();
        EXPECT_EQ(time->now(), from);
        EXPECT_EQ(requests.size(), 2U);
        EXPECT_TRUE(requests.back().ends_with("\r\n\r\nhello"));
        EXPECT_TRUE(run(s3.send(create_once())));
        EXPECT_EQ(requests.size(), 3U) << "a later call knew the time from the start";
    }
}

TEST_F(clock_skew_test, ItCostsNoTokenAndNoAttempt) {
    auto s3 = connect(ahead_by(1h));
    resilience careful;
    careful.retry->quota = std::make_shared<retry_quota>(500, 0);
    careful.retry->max_attempts = 1;
    EXPECT_TRUE(run(s3.with(careful).put_object("bucket", "key", "x")));
    EXPECT_EQ(careful.retry->quota->available(), 1U) << "that of a first try's success";
}

TEST_F(clock_skew_test, ARefusalWithoutACodeIsTakenForItIfTheTimesDiffer) {
    const auto s3 = connect(answering([this](const std::string& request) {
        const bool fresh = request.find("X-Amz-Date: 20260101T0016") != std::string::npos;
        return reply(fresh ? 200 : 403, "", date(16min));
    }));
    EXPECT_TRUE(run(s3.head_object("bucket", "key")));
    EXPECT_TRUE(run(s3.get_object("bucket", "key")));
    EXPECT_EQ(requests.size(), 3U);
}

TEST_F(clock_skew_test, OnceACall) {
    const auto s3 = connect(answering([this, lead = 0h](const std::string&) mutable {
        return refusal(403, "RequestTimeTooSkewed", date(lead += 1h));
    }));
    const auto refused = run(s3.put_object("bucket", "key", "x"));
    EXPECT_EQ(refused.error().code(), errc::access_denied);
    EXPECT_THAT(refused.error().hint(), HasSubstr("set this machine's clock"));
    EXPECT_EQ(refused.error().attempts(), 2U);
    EXPECT_EQ(refused.error().effect(), effect::not_applied);
}

TEST_F(clock_skew_test, NeverIfAnotherTimeWouldNotHelp) {
    for (const std::string date : {"Date: Thu, 01 Jan 2026 00:00:30 GMT\r\n", "Date: nonsense\r\n",
                                   "", "Date: Fri, 31 Dec 9999 23:59:59 GMT\r\n"}) {
        requests.clear();
        const auto s3 = connect(recording({refusal(403, "RequestTimeTooSkewed", date)}));
        EXPECT_FALSE(run(s3.put_object("bucket", "key", "x")));
        EXPECT_EQ(requests.size(), 1U) << date;
    }
    requests.clear();
    const auto s3 = connect(recording(
        {refusal(403, "AccessDenied", "Date: Thu, 01 Jan 2026 00:15:00 GMT\r\n"), reply(200)}));
    EXPECT_FALSE(run(s3.put_object("bucket", "key", "x")));
    EXPECT_EQ(requests.size(), 1U) << "S3 would have taken it";
}

TEST_F(clock_skew_test, ABodyThatCanBeReadOnlyOnceIsSentOnceButTheTimeIsLearned) {
    const auto s3 = connect(ahead_by(1h));
    const auto once = [] {
        const auto next = [given = false]() mutable -> awaitable<result<asio::const_buffer>> {
            co_return std::exchange(given, true) ? asio::const_buffer() : asio::buffer("hello", 5);
        };
        return body::generator(5, next);
    };
    const auto refused = run(s3.put_object("bucket", "key", once()));
    EXPECT_THAT(refused.error().hint(), HasSubstr("only once"));
    EXPECT_EQ(requests.size(), 1U);
    EXPECT_TRUE(run(s3.put_object("bucket", "key", once())));
}

TEST_F(clock_skew_test, WithoutRetriesTheNextCallIsRight) {
    const auto s3 = connect(ahead_by(1h)).with(resilience::none());
    EXPECT_EQ(run(s3.put_object("bucket", "key", "x")).error().attempts(), 1U);
    EXPECT_TRUE(run(s3.put_object("bucket", "key", "x")));
}

TEST(ClockLead, IsThatOfTheReplyOverTheClock) {
    const clock::utc_time now = std::chrono::sys_days(std::chrono::year(2026) / 1 / 1) + 500ms;
    wire::response_head head;
    head.headers.add("Date", "Thu, 01 Jan 2026 01:00:00 GMT");
    const auto skewed = error(errc::access_denied).http_status(403).s3_code("RequestTimeTooSkewed");
    EXPECT_EQ(clock_lead(skewed, head, now, 0s), 1h);
    EXPECT_EQ(clock_lead(skewed, head, now, 1h), std::nullopt) << "it was signed with that time";
    EXPECT_EQ(clock_lead(skewed, head, now, -1h), 1h);
    const auto expired = error(errc::access_denied).http_status(400).s3_code("RequestExpired");
    EXPECT_EQ(clock_lead(expired, head, now, 0s), 1h);
    const auto missing = error(errc::not_found).http_status(404).s3_code("NoSuchKey");
    EXPECT_EQ(clock_lead(missing, head, now, 0s), std::nullopt);
}

// Every host that a client wants to know the address of.
class naming_transport final : public wire::transport {
  public:
    naming_transport(std::shared_ptr<wire::transport> net, std::set<std::string>& hosts)
        : net_(std::move(net)), hosts_(hosts) {}
    awaitable<result<std::vector<asio::ip::tcp::endpoint>>> resolve(std::string host,
                                                                    std::uint16_t port) override {
        hosts_.insert(host);
        return net_->resolve(host, port);
    }
    awaitable<result<std::unique_ptr<wire::stream>>> connect(
        asio::ip::tcp::endpoint address) override {
        return net_->connect(address);
    }
    awaitable<result<std::unique_ptr<wire::stream>>> secure(std::unique_ptr<wire::stream> plain,
                                                            std::string name) override {
        return net_->secure(std::move(plain), std::move(name));
    }

  private:
    std::shared_ptr<wire::transport> net_;
    std::set<std::string>& hosts_;
};

class redirection_test : public recorded_server {
  protected:
    client connect(test::script server, std::string endpoint = {}) {
        auto config = config_for(std::move(server), test::constant_random::side::greatest);
        config.endpoint = std::move(endpoint);
        config.transport = std::make_shared<naming_transport>(net, hosts);
        return client::create(std::move(config)).value();
    }
    // Whether the n-th request was signed for that region.
    bool signed_for(std::size_t n, const std::string& region) const {
        return requests.at(n).find("/20260101/" + region + "/s3/") != std::string::npos;
    }
    std::set<std::string> hosts;
};

TEST_F(redirection_test, TheBucketsRegionIsLearnedAndSignedFor) {
    const std::string there = "x-amz-bucket-region: eu-west-1\r\n";
    const std::string region = "<Region>eu-west-1</Region>";
    for (const auto& answer :
         {refusal(301, "PermanentRedirect", there), refusal(307, "TemporaryRedirect", there),
          refusal(400, "AuthorizationHeaderMalformed", "", region),
          refusal(400, "IllegalLocationConstraintException", there)}) {
        requests.clear();
        hosts.clear();
        const auto s3 = connect(recording({answer, reply(200)}));
        const auto from = time->now();
        const auto put = run(s3.send(create_once()));
        EXPECT_TRUE(put) << put.error() << answer;
        EXPECT_EQ(time->now(), from);
        ASSERT_EQ(requests.size(), 2U) << answer;
        EXPECT_TRUE(signed_for(0, "us-east-1"));
        EXPECT_TRUE(signed_for(1, "eu-west-1"));
        EXPECT_THAT(requests[1], HasSubstr("\r\nHost: bucket.s3.eu-west-1.amazonaws.com\r\n"));
        EXPECT_THAT(hosts, ElementsAre("bucket.s3.eu-west-1.amazonaws.com",
                                       "bucket.s3.us-east-1.amazonaws.com"));
        EXPECT_TRUE(run(s3.get_object("bucket", "key")));
        ASSERT_EQ(requests.size(), 3U);
        EXPECT_TRUE(signed_for(2, "eu-west-1")) << "it was forgotten";
        EXPECT_TRUE(run(s3.get_object("other", "key")));
        EXPECT_TRUE(signed_for(3, "us-east-1")) << "of another bucket it says nothing";
    }
}

TEST_F(redirection_test, ARefusalOfHeadNamesItInAHeader) {
    for (const int status : {301, 400}) {
        requests.clear();
        const auto s3 = connect(
            recording({reply(status, "", "x-amz-bucket-region: eu-west-1\r\n"), reply(200)}));
        EXPECT_TRUE(run(s3.head_object("bucket", "key")));
        EXPECT_EQ(requests.size(), 2U);
    }
}

TEST_F(redirection_test, AnEndpointOfOnesOwnStays) {
    const auto s3 = connect(
        recording({refusal(400, "AuthorizationHeaderMalformed", "", "<Region>garage</Region>"),
                   reply(200)}),
        "http://s3.example");
    EXPECT_TRUE(run(s3.send(create_once())));
    EXPECT_TRUE(signed_for(1, "garage"));
    EXPECT_THAT(hosts, ElementsAre("s3.example"));
}

TEST_F(redirection_test, NoServerSaysWhichHostIsAsked) {
    const std::string to = "Location: https://evil.example/bucket/key\r\n";
    const std::string endpoint = "<Endpoint>evil.example</Endpoint>";
    for (const std::string region : {"", "evil.example/", "a.evil", "x@evil", "eu_west", "-eu",
                                     "eu-", "eu west-1", "%65u", "caf\xc3\xa9"}) {
        for (const int status : {301, 307, 308}) {
            requests.clear();
            hosts.clear();
            const auto named = region.empty() ? "" : "x-amz-bucket-region: " + region + "\r\n";
            const auto s3 =
                connect(recording({refusal(status, "PermanentRedirect", to + named, endpoint)}));
            EXPECT_EQ(run(s3.put_object("bucket", "key", "x")).error().code(), errc::redirected);
            EXPECT_EQ(requests.size(), 1U) << region;
            EXPECT_THAT(hosts, ElementsAre("bucket.s3.us-east-1.amazonaws.com")) << region;
        }
    }
    requests.clear();
    hosts.clear();
    const auto s3 = connect(recording(
        {refusal(301, "PermanentRedirect", to + "x-amz-bucket-region: eu-west-1\r\n", endpoint),
         reply(200)}));
    EXPECT_TRUE(run(s3.put_object("bucket", "key", "x")));
    EXPECT_THAT(hosts, ElementsAre("bucket.s3.eu-west-1.amazonaws.com",
                                   "bucket.s3.us-east-1.amazonaws.com"));
}

TEST_F(redirection_test, ALoopEndsAndSaysWhatToDo) {
    const auto s3 = connect(answering([](const std::string& request) {
        const bool at_home = request.find("s3.us-east-1.amazonaws.com") != std::string::npos;
        return refusal(
            301, "PermanentRedirect",
            std::string("x-amz-bucket-region: ") + (at_home ? "eu-west-1" : "us-east-1") + "\r\n");
    }));
    for (int i = 0; i < 2; ++i) {
        requests.clear();
        const auto lost = run(s3.put_object("bucket", "key", "x"));
        EXPECT_EQ(lost.error().code(), errc::redirected);
        EXPECT_EQ(lost.error().attempts(), 2U);
        EXPECT_EQ(lost.error().effect(), effect::not_applied);
        EXPECT_THAT(lost.error().hint(), HasSubstr("set the client's region"));
    }
}

TEST_F(redirection_test, ARedirectToWhereItCameFromIsAnError) {
    const auto s3 = connect(
        recording({refusal(301, "PermanentRedirect", "x-amz-bucket-region: us-east-1\r\n")}));
    EXPECT_EQ(run(s3.put_object("bucket", "key", "x")).error().attempts(), 1U);
}

TEST_F(redirection_test, ABucketThatIsCreatedStaysInItsRegion) {
    const auto s3 = connect(recording({refusal(400, "IllegalLocationConstraintException",
                                               "x-amz-bucket-region: eu-west-1\r\n")}));
    EXPECT_EQ(run(s3.create_bucket("bucket")).error().code(), errc::bad_request);
    EXPECT_EQ(requests.size(), 1U);
}

TEST_F(redirection_test, AnotherRegionsEndpointHasItsOwnBreaker) {
    resilience strict;
    strict.retry->max_attempts = 1;
    strict.breaker->minimum_calls = 3;
    const auto s3 =
        connect(answering([](const std::string& request) {
            if (request.find("Host: moved.s3.us-east-1.") != std::string::npos)
                return refusal(301, "PermanentRedirect", "x-amz-bucket-region: eu-west-1\r\n");
            return reply(request.find("eu-west-1") != std::string::npos ? 500 : 200);
        })).with(strict);
    for (int i = 0; i < 3; ++i)
        EXPECT_EQ(run(s3.put_object("moved", "key", "x")).error().code(), errc::service_failed);
    const auto refused = run(s3.put_object("moved", "key", "x"));
    EXPECT_EQ(refused.error().code(), errc::circuit_open);
    EXPECT_THAT(refused.error().detail(), HasSubstr("S3 in eu-west-1"));
    EXPECT_TRUE(run(s3.put_object("at-home", "key", "x")));
}

TEST_F(redirection_test, TimeAndRegionAreBothPutRight) {
    const auto s3 = connect(recording(
        {refusal(403, "RequestTimeTooSkewed", "Date: Thu, 01 Jan 2026 01:00:00 GMT\r\n"),
         refusal(301, "PermanentRedirect", "x-amz-bucket-region: eu-west-1\r\n"), reply(200)}));
    EXPECT_TRUE(run(s3.send(create_once())));
    EXPECT_EQ(requests.size(), 3U);
}

TEST_F(redirection_test, WithoutRetriesTheNextCallIsRight) {
    const auto s3 =
        connect(recording({refusal(301, "PermanentRedirect", "x-amz-bucket-region: eu-west-1\r\n"),
                           reply(200)}))
            .with(resilience::none());
    const auto moved = run(s3.put_object("bucket", "key", "x"));
    EXPECT_EQ(moved.error().attempts(), 1U);
    EXPECT_TRUE(run(s3.put_object("bucket", "key", "x")));
    EXPECT_TRUE(signed_for(1, "eu-west-1"));
}

}  // namespace
}  // namespace cairn::s3
