#include "integration/server.hpp"

namespace cairn::test {
namespace {

class deleting : public server_test {
  protected:
    // Some of many keys exist: what does not counts as deleted all the same.
    void expect_deleted(std::size_t count) {
        constexpr std::size_t stored_in = 25;
        std::vector<std::string> keys;
        std::vector<awaitable<result<s3::put_object_output>>> puts;
        for (std::size_t i = 0; i < count; ++i) {
            keys.push_back("key <" + std::to_string(i * 7919 % count) + "> & more");
            if (i % stored_in == 0) puts.push_back(s3.put_object(bucket, keys.back(), "content"));
        }
        for (auto& done : all(std::move(puts))) done.value();
        put("kept", "content");

        const auto outcomes = good(s3.delete_objects(bucket, keys));
        ASSERT_EQ(outcomes.size(), keys.size());
        for (std::size_t i = 0; i < keys.size(); ++i) {
            ASSERT_EQ(outcomes[i].key, keys[i]);
            ASSERT_TRUE(outcomes[i].outcome) << outcomes[i].outcome.error();
            ASSERT_EQ(outcomes[i].outcome->key, keys[i]);
        }
        EXPECT_THAT(keys_of(bucket), ::testing::ElementsAre("kept"));
    }
};

TEST_F(deleting, no_keys_sends_nothing) {
    EXPECT_TRUE(good(s3.delete_objects(bucket, {})).empty());
}

TEST_F(deleting, no_keys_in_one_request_is_refused) {
    EXPECT_TRUE(is_error(bad(s3.send(s3::delete_objects(bucket, {}))), errc::invalid_argument,
                         effect::not_applied, {"DeleteObjects s3://" + bucket, "no objects"}));
}

TEST_F(deleting, more_than_a_thousand_keys_in_one_request_is_refused) {
    const std::vector<std::string> keys(1001, "k");
    EXPECT_TRUE(is_error(bad(s3.send(s3::delete_objects(bucket, keys))), errc::invalid_argument,
                         effect::not_applied, {"DeleteObjects s3://" + bucket, "1001", "1000"}));
}

TEST_F(deleting, one_key) {
    expect_deleted(1);
}

TEST_F(deleting, a_full_request_of_keys) {
    expect_deleted(1000);
}

TEST_F(deleting, keys_for_three_requests) {
    expect_deleted(2500);
}

TEST_F(deleting, a_key_twice_tells_of_both) {
    put("a", "content");
    const auto outcomes = good(s3.delete_objects(bucket, {"a", "b", "a"}));
    ASSERT_EQ(outcomes.size(), 3u);
    for (const auto& each : outcomes) EXPECT_TRUE(each.outcome) << each.outcome.error();
}

TEST_F(deleting, by_the_operation_itself_lists_what_is_gone) {
    put("a", "content");
    const auto answer = good(s3.send(s3::delete_objects(bucket, {"a", "missing"})));
    EXPECT_EQ(answer.deleted.size(), 2u);
    EXPECT_TRUE(answer.errors.empty());
}

TEST_F(deleting, quietly_lists_failures_only) {
    put("a", "content");
    s3::delete_objects request(bucket, {"a"});
    request.delete_.quiet = true;
    const auto answer = good(s3.send(std::move(request)));
    EXPECT_TRUE(answer.deleted.empty());
    EXPECT_TRUE(answer.errors.empty());
    EXPECT_EQ(bad(s3.get_object(bucket, "a")).code(), errc::not_found);
}

TEST_F(deleting, with_a_checksum_of_the_request) {
    put("a", "content");
    s3::delete_objects request(bucket, {"a"});
    request.checksum_algorithm = s3::checksum_algorithm::sha256;
    EXPECT_EQ(good(s3.send(std::move(request))).deleted.size(), 1u);
    EXPECT_EQ(bad(s3.get_object(bucket, "a")).code(), errc::not_found);
}

}  // namespace
}  // namespace cairn::test
