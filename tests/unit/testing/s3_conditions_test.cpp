#include "unit/testing/s3_core_fixture.hpp"

namespace cairn::testing::simulated {
namespace {

using namespace std::chrono_literals;

constexpr std::string_view other = "\"00000000000000000000000000000000\"";
constexpr std::string_view before = "Wed, 31 Dec 2025 23:00:00 GMT";
constexpr std::string_view same = "Thu, 01 Jan 2026 00:00:00 GMT";

class s3_conditions : public core_test {
  protected:
    s3_conditions() : etag(put("k", "first")) { wait(1h); }
    unsigned status(const headers& more) {
        const auto got = send("GET", "/bucket/k", more).status;
        EXPECT_EQ(send("HEAD", "/bucket/k", more).status, got);
        return got;
    }

    std::string etag;
};

TEST_F(s3_conditions, are_on_reads) {
    EXPECT_EQ(status({{"If-Match", etag}}), 200u);
    EXPECT_EQ(status({{"If-Match", "*"}}), 200u);
    EXPECT_EQ(status({{"If-Match", std::string(other) + ", " + etag}}), 200u);
    EXPECT_EQ(status({{"If-Match", std::string(other)}}), 412u);
    EXPECT_EQ(status({{"If-None-Match", etag}}), 304u);
    EXPECT_EQ(status({{"If-None-Match", std::string(other)}}), 200u);
    EXPECT_EQ(status({{"If-Modified-Since", std::string(before)}}), 200u);
    EXPECT_EQ(status({{"If-Modified-Since", std::string(same)}}), 304u);
    EXPECT_EQ(status({{"If-Unmodified-Since", std::string(same)}}), 200u);
    EXPECT_EQ(status({{"If-Unmodified-Since", std::string(before)}}), 412u);
    EXPECT_EQ(status({{"If-Modified-Since", "not a date"}}), 200u);
}

TEST_F(s3_conditions, of_etags_outweigh_those_of_dates) {
    EXPECT_EQ(status({{"If-Match", etag}, {"If-Unmodified-Since", std::string(before)}}), 200u);
    EXPECT_EQ(status({{"If-None-Match", etag}, {"If-Modified-Since", std::string(before)}}), 304u);
    EXPECT_EQ(
        status({{"If-None-Match", std::string(other)}, {"If-Modified-Since", std::string(same)}}),
        200u);
}

TEST_F(s3_conditions, that_find_nothing_new_have_no_body) {
    const auto r = send("GET", "/bucket/k", {{"If-None-Match", etag}});
    EXPECT_EQ(r.body, "");
    EXPECT_EQ(r.headers["ETag"], etag);
}

TEST_F(s3_conditions, create_and_never_replace) {
    const auto r = send("PUT", "/bucket/k", {{"If-None-Match", "*"}}, "second");
    expect_refused(r, 412, "PreconditionFailed");
    EXPECT_EQ(text(r, "Condition"), "If-None-Match");
    EXPECT_EQ(get("k"), "first");
    expect_ok(send("PUT", "/bucket/new", {{"If-None-Match", "*"}}, "second"));
    expect_refused(send("PUT", "/bucket/x", {{"If-None-Match", etag}}, "v"), 501, "NotImplemented");
}

TEST_F(s3_conditions, replace_what_is_as_expected) {
    expect_refused(send("PUT", "/bucket/k", {{"If-Match", std::string(other)}}, "second"), 412,
                   "PreconditionFailed");
    expect_refused(send("PUT", "/bucket/missing", {{"If-Match", etag}}, "second"), 404,
                   "NoSuchKey");
    expect_ok(send("PUT", "/bucket/k", {{"If-Match", etag}}, "second"));
    EXPECT_EQ(get("k"), "second");
}

TEST_F(s3_conditions, delete_what_is_as_expected) {
    expect_refused(send("DELETE", "/bucket/k", {{"If-Match", std::string(other)}}), 412,
                   "PreconditionFailed");
    EXPECT_EQ(get("k"), "first");
    expect_ok(send("DELETE", "/bucket/k", {{"If-Match", etag}}));
    expect_refused(send("DELETE", "/bucket/k", {{"If-Match", etag}}), 412, "PreconditionFailed");
}

TEST_F(s3_conditions, are_on_both_ends_of_a_copy) {
    const auto copy = [&](const headers& more) {
        headers all{{"x-amz-copy-source", "bucket/k"}};
        all.insert(all.end(), more.begin(), more.end());
        return send("PUT", "/bucket/copy", all);
    };
    expect_refused(copy({{"x-amz-copy-source-if-match", std::string(other)}}), 412,
                   "PreconditionFailed");
    expect_refused(copy({{"x-amz-copy-source-if-none-match", etag}}), 412, "PreconditionFailed");
    expect_refused(copy({{"x-amz-copy-source-if-modified-since", std::string(same)}}), 412,
                   "PreconditionFailed");
    expect_ok(copy({{"If-None-Match", "*"}}));
    expect_refused(copy({{"If-None-Match", "*"}}), 412, "PreconditionFailed");
}

TEST_F(s3_conditions, are_looked_at_before_the_body_comes) {
    auto head = head_of("PUT", "/bucket/k", {{"If-None-Match", "*"}}, "second");
    sign(head);
    const auto refused = s3.refuse_early(head, now);
    ASSERT_TRUE(refused);
    expect_refused(*refused, 412, "PreconditionFailed");
    head.target = "/bucket/new";
    sign(head);
    EXPECT_FALSE(s3.refuse_early(head, now));
}

}  // namespace
}  // namespace cairn::testing::simulated
