#include "integration/server.hpp"

namespace cairn::test {
namespace {

using ::testing::ElementsAre;
using ::testing::Pair;

class copies : public server_test {
  protected:
    void SetUp() override {
        server_test::SetUp();
        s3::put_object request(bucket, "source");
        request.body = "hello";
        request.content_type = "text/x-source";
        request.metadata["from"] = "source";
        good(s3.send(std::move(request)));
    }
    s3::copy_object to(const std::string& key) {
        return s3::copy_object(bucket, key, s3::copy_source(bucket, "source"));
    }
};

TEST_F(copies, have_content_and_metadata_of_their_source) {
    const auto copied = good(s3.copy_object(bucket, "source", bucket, "copy"));
    ASSERT_TRUE(copied.copy_object_result);
    EXPECT_TRUE(copied.copy_object_result->last_modified);
    EXPECT_EQ(get("copy"), "hello");
    const auto head = good(s3.head_object(bucket, "copy"));
    EXPECT_EQ(head.content_type, "text/x-source");
    EXPECT_THAT(head.metadata, ElementsAre(Pair("from", "source")));
}

TEST_F(copies, tell_their_etag_in_quotes) {
    const auto copied = good(s3.copy_object(bucket, "source", bucket, "copy"));
    ASSERT_TRUE(copied.copy_object_result);
    EXPECT_EQ(copied.copy_object_result->etag, "\"5d41402abc4b2a76b9719d911017c592\"");
}

TEST_F(copies, go_to_other_buckets) {
    const auto other = create_bucket();
    good(s3.copy_object(bucket, "source", other, "deep/copy"));
    auto got = good(s3.get_object(other, "deep/copy"));
    EXPECT_EQ(good(got.body.read_all(100)), "hello");
}

TEST_F(copies, have_other_metadata_on_request) {
    auto request = to("copy");
    request.metadata_directive = s3::metadata_directive::replace;
    request.content_type = "text/x-copy";
    request.metadata["from"] = "copy";
    good(s3.send(std::move(request)));
    const auto head = good(s3.head_object(bucket, "copy"));
    EXPECT_EQ(head.content_type, "text/x-copy");
    EXPECT_THAT(head.metadata, ElementsAre(Pair("from", "copy")));
}

TEST_F(copies, onto_themselves_change_metadata) {
    auto request = to("source");
    request.metadata_directive = s3::metadata_directive::replace;
    request.metadata["from"] = "itself";
    good(s3.send(std::move(request)));
    EXPECT_THAT(good(s3.head_object(bucket, "source")).metadata,
                ElementsAre(Pair("from", "itself")));
    EXPECT_EQ(get("source"), "hello");
}

TEST_F(copies, onto_themselves_without_a_change_are_refused) {
    EXPECT_TRUE(is_error(bad(s3.send(to("source"))), errc::bad_request, effect::not_applied,
                         {"CopyObject " + path_of(bucket, "source"), "InvalidRequest"}));
}

TEST_F(copies, of_unusual_keys_find_their_source) {
    const std::vector<std::string> keys{"a b+c%2Bd", "ünï/cødé", "q?x=1&y#z",
                                        "it's \"quoted\" <&>"};
    for (const auto& key : keys) {
        put(key, "of " + key);
        good(s3.copy_object(bucket, key, bucket, key + "-copy"));
        EXPECT_EQ(get(key + "-copy"), "of " + key);
    }
}

TEST_F(copies, of_what_does_not_exist_are_refused) {
    const auto e = bad(s3.copy_object(bucket, "missing", bucket, "copy"));
    EXPECT_TRUE(is_error(e, errc::not_found, effect::not_applied,
                         {"CopyObject " + path_of(bucket, "copy"), "NoSuchKey"}));
    EXPECT_EQ(bad(s3.get_object(bucket, "copy")).code(), errc::not_found);
}

TEST_F(copies, depend_on_the_etag_of_their_source) {
    auto wrong = to("copy");
    wrong.copy_source_if_match = "\"00000000000000000000000000000000\"";
    EXPECT_TRUE(is_error(bad(s3.send(std::move(wrong))), errc::precondition_failed,
                         effect::not_applied, {path_of(bucket, "copy"), "PreconditionFailed"}));
    EXPECT_EQ(bad(s3.get_object(bucket, "copy")).code(), errc::not_found);
    auto right = to("copy");
    right.copy_source_if_match = "\"5d41402abc4b2a76b9719d911017c592\"";
    good(s3.send(std::move(right)));
    EXPECT_EQ(get("copy"), "hello");
}

TEST_F(copies, never_replace_on_request) {
    put("copy", "already here");
    auto request = to("copy");
    request.if_none_match = "*";
    EXPECT_TRUE(is_error(bad(s3.send(std::move(request))), errc::precondition_failed,
                         effect::not_applied, {path_of(bucket, "copy")}));
    EXPECT_EQ(get("copy"), "already here");
}

}  // namespace
}  // namespace cairn::test
