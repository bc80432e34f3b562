#include "integration/raw_requests.hpp"

#include <cairn/core/bytes.hpp>

namespace cairn::test {
namespace {

using ::testing::ElementsAre;

const std::string five_mebibytes = pattern(5 * 1024 * 1024);

/// Uploads in parts.
class uploads : public raw_requests {
  protected:
    std::string begin(const fields& more = {}, const std::string& key = "k") {
        return done("POST", "/" + key + "?uploads", more).text("UploadId");
    }
    static std::string of(const std::string& id, int part = 0) {
        return "/k?" + (part ? "partNumber=" + std::to_string(part) + "&" : std::string()) +
               "uploadId=" + wire::percent_encode(id);
    }
    std::string upload(const std::string& id, int part, const std::string& body) {
        return std::string(done("PUT", of(id, part), {}, body).headers["ETag"]);
    }
    using parts = std::vector<std::pair<int, std::string>>;
    answer complete(const std::string& id, const parts& all, const fields& more = {}) {
        std::string body =
            "<CompleteMultipartUpload xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\">";
        for (const auto& [number, etag] : all)
            body += "<Part><PartNumber>" + std::to_string(number) + "</PartNumber><ETag>" + etag +
                    "</ETag></Part>";
        return ask("POST", of(id), more, body + "</CompleteMultipartUpload>");
    }
    void expect_nothing_stored() { EXPECT_TRUE(is_refusal(ask("GET", "/k"), 404, "NoSuchKey")); }
};

TEST_F(uploads, are_seen_when_they_are_complete) {
    const auto id = begin({{"Content-Type", "text/x-test"}, {"x-amz-meta-from", "parts"}});
    const auto last = upload(id, 3, "the end");
    const auto first = upload(id, 1, five_mebibytes);
    expect_nothing_stored();
    const auto completed = complete(id, {{1, first}, {3, last}});
    EXPECT_EQ(completed.status, 200u) << completed.body;
    EXPECT_THAT(completed.text("ETag"), ::testing::EndsWith("-2\""));
    const auto got = done("GET", "/k");
    EXPECT_TRUE(got.body == five_mebibytes + "the end");
    EXPECT_EQ(got.headers["ETag"], completed.text("ETag"));
    EXPECT_EQ(got.headers["Content-Type"], "text/x-test");
    EXPECT_EQ(got.headers["x-amz-meta-from"], "parts");
}

TEST_F(uploads, have_the_md5_of_the_md5s_of_their_parts_as_etag) {
    const auto id = begin();
    const auto completed = complete(id, {{1, upload(id, 1, "hello")}});
    // By: printf hello | openssl md5 -binary | openssl md5
    EXPECT_EQ(completed.text("ETag"), "\"62109206880d38a4010a98e11243924a-1\"") << completed.body;
}

TEST_F(uploads, have_parts_that_can_be_sent_again) {
    const auto id = begin();
    const auto stale = upload(id, 1, "stale");
    const auto fresh = upload(id, 1, "fresh");
    EXPECT_TRUE(is_refusal(complete(id, {{1, stale}}), 400, "InvalidPart"));
    expect_nothing_stored();
    EXPECT_EQ(complete(id, {{1, fresh}}).status, 200u);
    EXPECT_EQ(get("k"), "fresh");
}

TEST_F(uploads, have_large_parts_but_the_last) {
    const auto id = begin();
    const auto small = upload(id, 1, "small");
    const auto last = upload(id, 2, "last");
    EXPECT_TRUE(is_refusal(complete(id, {{1, small}, {2, last}}), 400, "EntityTooSmall"));
    expect_nothing_stored();
}

TEST_F(uploads, name_their_parts_in_order) {
    const auto id = begin();
    const auto first = upload(id, 1, five_mebibytes);
    const auto second = upload(id, 2, five_mebibytes);
    EXPECT_TRUE(is_refusal(complete(id, {{2, second}, {1, first}}), 400, "InvalidPartOrder"));
    expect_nothing_stored();
}

TEST_F(uploads, name_parts_that_are_there) {
    const auto id = begin();
    const auto etag = upload(id, 1, "v");
    EXPECT_TRUE(is_refusal(complete(id, {{2, etag}}), 400, "InvalidPart"));
    expect_nothing_stored();
}

// Some servers find the document malformed.
TEST_F(uploads, name_some_part) {
    const auto id = begin();
    upload(id, 1, "v");
    const auto completed = complete(id, {});
    EXPECT_EQ(completed.status, 400u) << completed.body;
    EXPECT_THAT(completed.text("Code"), ::testing::AnyOf("InvalidRequest", "MalformedXML"));
    expect_nothing_stored();
}

TEST_F(uploads, have_parts_from_1_to_10000) {
    const auto id = begin();
    EXPECT_EQ(ask("PUT", of(id, 10'000), {}, "v").status, 200u);
    EXPECT_TRUE(is_refusal(ask("PUT", of(id, 10'001), {}, "v"), 400, "InvalidArgument"));
}

TEST_F(uploads, are_aborted) {
    const auto id = begin();
    const auto etag = upload(id, 1, "v");
    EXPECT_EQ(ask("DELETE", of(id)).status, 204u);
    EXPECT_TRUE(is_refusal(complete(id, {{1, etag}}), 404, "NoSuchUpload"));
    EXPECT_TRUE(is_refusal(ask("PUT", of(id, 2), {}, "v"), 404, "NoSuchUpload"));
    expect_nothing_stored();
}

TEST_F(uploads, are_completed_on_condition) {
    const auto id = begin();
    const auto etag = upload(id, 1, "uploaded");
    put("k", "there first");
    const auto completed = complete(id, {{1, etag}}, {{"If-None-Match", "*"}});
    EXPECT_TRUE(is_refusal(completed, 412, "PreconditionFailed"));
    EXPECT_EQ(get("k"), "there first");
}

TEST_F(uploads, take_parts_of_other_objects) {
    put("source", "0123456789");
    const auto id = begin();
    const auto copied =
        done("PUT", of(id, 1),
             {{"x-amz-copy-source", bucket + "/source"}, {"x-amz-copy-source-range", "bytes=2-5"}});
    EXPECT_EQ(complete(id, {{1, copied.text("ETag")}}).status, 200u);
    EXPECT_EQ(get("k"), "2345");
}

TEST_F(uploads, list_their_parts) {
    const auto id = begin();
    for (const int number : {3, 1, 2}) upload(id, number, std::string(number, 'x'));
    const auto first = done("GET", of(id) + "&max-parts=2");
    EXPECT_THAT(first.all("Part/PartNumber"), ElementsAre("1", "2"));
    EXPECT_THAT(first.all("Part/Size"), ElementsAre("1", "2"));
    EXPECT_EQ(first.text("IsTruncated"), "true");
    EXPECT_EQ(first.text("NextPartNumberMarker"), "2");
    const auto second = done("GET", of(id) + "&part-number-marker=2");
    EXPECT_THAT(second.all("Part/PartNumber"), ElementsAre("3"));
    EXPECT_EQ(second.text("IsTruncated"), "false");
}

TEST_F(uploads, are_listed) {
    const auto second = begin({}, "b");
    const auto first = begin({}, "a");
    const auto listed = done("GET", "?uploads");
    EXPECT_THAT(listed.all("Upload/Key"), ElementsAre("a", "b"));
    EXPECT_THAT(listed.all("Upload/UploadId"), ElementsAre(first, second));
}

TEST_F(uploads, give_objects_that_are_read_by_part) {
    const auto id = begin();
    const auto first = upload(id, 1, five_mebibytes);
    const auto last = upload(id, 2, "the end");
    EXPECT_EQ(complete(id, {{1, first}, {2, last}}).status, 200u);
    const auto part = done("GET", "/k?partNumber=2");
    EXPECT_EQ(part.status, 206u);
    EXPECT_TRUE(part.body == "the end");
    EXPECT_EQ(part.headers["x-amz-mp-parts-count"], "2");
}

}  // namespace
}  // namespace cairn::test
