#include "support/io.hpp"
#include "support/peer.hpp"

#include <cairn/auth/providers.hpp>
#include <cairn/s3/client.hpp>

#include <gmock/gmock.h>

namespace cairn::s3 {
namespace {

using test::reply;
using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

/// `client::delete_objects`, key by key.
class delete_objects_test : public test::io {
  protected:
    std::vector<delete_outcome> outcomes_of(std::vector<std::string> keys,
                                            std::vector<std::string> answers) {
        const auto server = [this, answers](test::peer& at, int) -> awaitable<void> {
            for (;;) {
                auto request = co_await at.read_request();
                if (request.empty()) co_return;
                requests.push_back(std::move(request));
                co_await at.send(answers.at(requests.size() - 1));
            }
        };
        client_config config(auth::static_credentials(auth::credentials("id", secret("key"))));
        config.endpoint = "http://s3.example";
        config.transport = std::make_shared<test::simulated_transport>(server);
        config.clock = time;
        const auto s3 = client::create(std::move(config)).value();
        return run(s3.delete_objects("photos", std::move(keys))).value();
    }
    static std::string answer(const std::string& document) {
        return reply(200, "<DeleteResult>" + document + "</DeleteResult>");
    }

    std::vector<std::string> requests;
};

TEST_F(delete_objects_test, RefusesABadKeyAndNoOther) {
    const auto outcomes = outcomes_of({"a", "", "b"}, {answer("<Deleted><Key>a</Key></Deleted>"
                                                              "<Deleted><Key>b</Key></Deleted>")});
    ASSERT_EQ(outcomes.size(), 3u);
    EXPECT_TRUE(outcomes[0].outcome);
    ASSERT_FALSE(outcomes[1].outcome);
    EXPECT_EQ(outcomes[1].outcome.error().code(), errc::invalid_argument);
    EXPECT_EQ(outcomes[1].outcome.error().effect(), effect::not_applied);
    EXPECT_TRUE(outcomes[2].outcome);
    ASSERT_EQ(requests.size(), 1u);
    EXPECT_THAT(requests[0], AllOf(HasSubstr("<Key>a</Key>"), HasSubstr("<Key>b</Key>"),
                                   Not(HasSubstr("<Key></Key>"))));
}

TEST_F(delete_objects_test, SendsByItselfWhatXmlCanNotHold) {
    const auto outcomes = outcomes_of({"a\x01", "b"}, {answer("<Deleted><Key>b</Key></Deleted>"),
                                                       reply(204, {},
                                                             "x-amz-delete-marker: true\r\n"
                                                             "x-amz-version-id: v1\r\n")});
    ASSERT_EQ(outcomes.size(), 2u);
    ASSERT_TRUE(outcomes[0].outcome);
    EXPECT_EQ(outcomes[0].outcome->key, "a\x01");
    EXPECT_EQ(outcomes[0].outcome->delete_marker, true);
    EXPECT_EQ(outcomes[0].outcome->delete_marker_version_id, "v1");
    EXPECT_TRUE(outcomes[1].outcome);
    ASSERT_EQ(requests.size(), 2u);
    EXPECT_THAT(requests[0], HasSubstr("<Key>b</Key></Object></Delete>"));
    EXPECT_THAT(requests[1], HasSubstr("DELETE /photos/a%01 "));
}

TEST_F(delete_objects_test, SendsAKeyOnceThatIsGivenTwice) {
    const auto outcomes = outcomes_of({"a", "b", "a"}, {answer("<Deleted><Key>a</Key></Deleted>"
                                                               "<Deleted><Key>b</Key></Deleted>")});
    ASSERT_EQ(outcomes.size(), 3u);
    for (const auto& each : outcomes) EXPECT_TRUE(each.outcome) << each.outcome.error();
    EXPECT_EQ(outcomes[2].key, "a");
    EXPECT_EQ(outcomes[2].outcome->key, "a");
    ASSERT_EQ(requests.size(), 1u);
    EXPECT_EQ(requests[0].find("<Key>a</Key>"), requests[0].rfind("<Key>a</Key>"));
}

TEST_F(delete_objects_test, NamesTheObjectThatWasRefusedOrLeftOut) {
    const auto outcomes =
        outcomes_of({"a", "b"}, {answer("<Error><Key>a</Key><Code>AccessDenied</Code></Error>")});
    ASSERT_FALSE(outcomes[0].outcome);
    EXPECT_EQ(outcomes[0].outcome.error().code(), errc::access_denied);
    EXPECT_EQ(outcomes[0].outcome.error().effect(), effect::not_applied);
    EXPECT_THAT(outcomes[0].outcome.error().what(), HasSubstr("DeleteObjects s3://photos/a"));
    ASSERT_FALSE(outcomes[1].outcome);
    EXPECT_EQ(outcomes[1].outcome.error().code(), errc::malformed_reply);
    EXPECT_EQ(outcomes[1].outcome.error().effect(), effect::unknown);
    EXPECT_THAT(outcomes[1].outcome.error().what(), HasSubstr("DeleteObjects s3://photos/b"));
}

TEST_F(delete_objects_test, TriesAgainTheKeysThatWereRefusedForNow) {
    const auto outcomes = outcomes_of(
        {"a", "b", "c", "d"}, {answer("<Deleted><Key>a</Key></Deleted>"
                                      "<Error><Key>b</Key><Code>InternalError</Code></Error>"
                                      "<Error><Key>c</Key><Code>AccessDenied</Code></Error>"
                                      "<Error><Key>d</Key><Code>SlowDown</Code></Error>"),
                               answer("<Deleted><Key>d</Key></Deleted>"
                                      "<Error><Key>b</Key><Code>InternalError</Code></Error>"),
                               answer("<Error><Key>b</Key><Code>InternalError</Code></Error>")});
    EXPECT_TRUE(outcomes[0].outcome);
    EXPECT_EQ(outcomes[1].outcome.error().code(), errc::service_failed);
    EXPECT_EQ(outcomes[2].outcome.error().code(), errc::access_denied);
    EXPECT_TRUE(outcomes[3].outcome);
    ASSERT_EQ(requests.size(), 3u) << "as many as the retry policy makes";
    EXPECT_THAT(requests[1], AllOf(HasSubstr("<Key>b</Key>"), HasSubstr("<Key>d</Key>"),
                                   Not(HasSubstr("<Key>a</Key>")), Not(HasSubstr("<Key>c</Key>"))));
    EXPECT_THAT(requests[2], Not(HasSubstr("<Key>d</Key>")));
}

}  // namespace
}  // namespace cairn::s3
