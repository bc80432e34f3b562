#include "unit/testing/s3_core_fixture.hpp"

namespace cairn::testing::simulated {
namespace {

using ::testing::ElementsAre;

const std::string five_mebibytes(5 * 1024 * 1024, 'x');

class s3_multipart : public core_test {
  protected:
    std::string begin(const headers& more = {}, const std::string& key = "k") {
        return text(good("POST", "/bucket/" + key + "?uploads", more), "UploadId");
    }
    static std::string target(const std::string& id, int part = 0) {
        return "/bucket/k?" + (part ? "partNumber=" + std::to_string(part) + "&" : "") +
               "uploadId=" + id;
    }
    std::string upload(const std::string& id, int part, std::string body,
                       const headers& more = {}) {
        return std::string(good("PUT", target(id, part), more, std::move(body)).headers["ETag"]);
    }
    struct done {
        int number;
        std::string etag;
        std::string more = {};
    };
    static std::string document(const std::vector<done>& parts) {
        std::string body = "<CompleteMultipartUpload>";
        for (const auto& p : parts)
            body += "<Part><PartNumber>" + std::to_string(p.number) + "</PartNumber><ETag>" +
                    p.etag + "</ETag>" + p.more + "</Part>";
        return body + "</CompleteMultipartUpload>";
    }
    reply complete(const std::string& id, const std::vector<done>& parts,
                   const headers& more = {}) {
        return send("POST", target(id), more, document(parts));
    }
};

TEST_F(s3_multipart, uploads_are_seen_when_they_are_complete) {
    const auto id = begin({{"Content-Type", "text/plain"}, {"x-amz-meta-a", "1"}});
    const auto last = upload(id, 3, "the end");
    const auto first = upload(id, 1, five_mebibytes);
    expect_refused(send("GET", "/bucket/k"), 404, "NoSuchKey");
    const auto r = complete(id, {{1, first}, {3, last}});
    expect_ok(r);
    const auto digests = md5(five_mebibytes) + md5("the end");
    EXPECT_EQ(text(r, "ETag"), '"' + to_hex(as_bytes(md5(digests))) + "-2\"");
    const auto got = good("GET", "/bucket/k");
    EXPECT_TRUE(got.body == five_mebibytes + "the end");
    EXPECT_EQ(got.headers["ETag"], text(r, "ETag"));
    EXPECT_EQ(got.headers["Content-Type"], "text/plain");
    EXPECT_EQ(got.headers["x-amz-meta-a"], "1");
    expect_refused(complete(id, {{1, first}, {3, last}}), 404, "NoSuchUpload");
}

TEST_F(s3_multipart, parts_are_replaced) {
    const auto id = begin();
    const auto stale = upload(id, 1, "stale");
    const auto fresh = upload(id, 1, "fresh");
    expect_refused(complete(id, {{1, stale}}), 400, "InvalidPart");
    expect_ok(complete(id, {{1, fresh}}));
    EXPECT_EQ(get("k"), "fresh");
}

TEST_F(s3_multipart, parts_are_large_but_the_last) {
    const auto id = begin();
    const auto small = upload(id, 1, "small");
    const auto r = complete(id, {{1, small}, {2, upload(id, 2, "v")}});
    expect_refused(r, 400, "EntityTooSmall");
    EXPECT_EQ(text(r, "ProposedSize"), "5");
    EXPECT_EQ(text(r, "PartNumber"), "1");
    expect_ok(complete(id, {{1, small}}));
}

TEST_F(s3_multipart, parts_are_in_order_and_there) {
    const auto id = begin();
    const auto etag = upload(id, 1, "v");
    expect_refused(complete(id, {{2, etag}, {1, etag}}), 400, "InvalidPartOrder");
    expect_refused(complete(id, {{1, etag}, {1, etag}}), 400, "InvalidPartOrder");
    expect_refused(complete(id, {{2, etag}}), 400, "InvalidPart");
    expect_refused(complete(id, {}), 400, "InvalidRequest");
    expect_refused(send("POST", target(id)), 400, "MalformedXML");
    expect_refused(send("POST", target(id), {}, "<Other/>"), 400, "MalformedXML");
    for (const int number : {0, 10'001})
        expect_refused(
            send("PUT", "/bucket/k?uploadId=" + id + "&partNumber=" + std::to_string(number), {},
                 "v"),
            400, "InvalidArgument");
}

TEST_F(s3_multipart, uploads_are_aborted) {
    const auto id = begin();
    const auto etag = upload(id, 1, "v");
    EXPECT_EQ(send("DELETE", target(id)).status, 204u);
    expect_refused(complete(id, {{1, etag}}), 404, "NoSuchUpload");
    expect_refused(send("PUT", target(id, 2), {}, "v"), 404, "NoSuchUpload");
    expect_refused(send("DELETE", target(id)), 404, "NoSuchUpload");
}

TEST_F(s3_multipart, uploads_are_completed_on_condition) {
    const auto id = begin();
    const auto etag = upload(id, 1, "uploaded");
    put("k", "there first");
    expect_refused(complete(id, {{1, etag}}, {{"If-None-Match", "*"}}), 412, "PreconditionFailed");
    EXPECT_EQ(get("k"), "there first");
    expect_ok(complete(id, {{1, etag}}, {{"If-Match", "*"}}));
    EXPECT_EQ(get("k"), "uploaded");
}

TEST_F(s3_multipart, parts_are_copied) {
    put("source", "0123456789");
    const auto id = begin();
    const auto copied =
        good("PUT", target(id, 1),
             {{"x-amz-copy-source", "bucket/source"}, {"x-amz-copy-source-range", "bytes=2-5"}});
    expect_ok(complete(id, {{1, text(copied, "ETag")}}));
    EXPECT_EQ(get("k"), "2345");
    const auto beyond = begin();
    expect_refused(
        send("PUT", target(beyond, 1),
             {{"x-amz-copy-source", "bucket/source"}, {"x-amz-copy-source-range", "bytes=2-10"}}),
        400, "InvalidArgument");
}

TEST_F(s3_multipart, parts_are_listed) {
    const auto id = begin();
    for (const int number : {3, 1, 2}) upload(id, number, std::string(std::size_t(number), 'x'));
    const auto first = good("GET", target(id) + "&max-parts=2");
    EXPECT_THAT(all(first, "Part/PartNumber"), ElementsAre("1", "2"));
    EXPECT_THAT(all(first, "Part/Size"), ElementsAre("1", "2"));
    EXPECT_EQ(text(first, "NextPartNumberMarker"), "2");
    EXPECT_EQ(text(first, "IsTruncated"), "true");
    const auto second = good("GET", target(id) + "&part-number-marker=2");
    EXPECT_THAT(all(second, "Part/PartNumber"), ElementsAre("3"));
    EXPECT_EQ(text(second, "IsTruncated"), "false");
}

TEST_F(s3_multipart, uploads_are_listed) {
    const auto second = begin({}, "b");
    const auto first = begin({}, "a");
    const auto third = begin({}, "b");
    const auto whole = good("GET", "/bucket?uploads");
    EXPECT_THAT(all(whole, "Upload/UploadId"), ElementsAre(first, second, third));
    const auto page = good("GET", "/bucket?uploads&max-uploads=2");
    EXPECT_EQ(text(page, "IsTruncated"), "true");
    const auto rest = good("GET", "/bucket?uploads&key-marker=" + text(page, "NextKeyMarker") +
                                      "&upload-id-marker=" + text(page, "NextUploadIdMarker"));
    EXPECT_THAT(all(rest, "Upload/UploadId"), ElementsAre(third));
    EXPECT_THAT(all(good("GET", "/bucket?uploads&prefix=a"), "Upload/Key"), ElementsAre("a"));
}

TEST_F(s3_multipart, parts_are_listed_once_whatever_is_written_between_pages) {
    const auto id = begin();
    for (const int number : {2, 4, 6}) upload(id, number, "v");
    const auto first = good("GET", target(id) + "&max-parts=2");
    EXPECT_THAT(all(first, "Part/PartNumber"), ElementsAre("2", "4"));
    for (const int number : {1, 4, 5, 6, 7}) upload(id, number, "again");
    const auto second =
        good("GET", target(id) + "&part-number-marker=" + text(first, "NextPartNumberMarker"));
    EXPECT_THAT(all(second, "Part/PartNumber"), ElementsAre("5", "6", "7"));
}

TEST_F(s3_multipart, uploads_are_listed_once_whatever_is_begun_between_pages) {
    const auto first = begin({}, "k");
    const auto second = begin({}, "k");
    const auto aborted = begin({}, "x");
    const auto last = begin({}, "z");
    const auto page = good("GET", "/bucket?uploads&max-uploads=1");
    EXPECT_THAT(all(page, "Upload/UploadId"), ElementsAre(first));
    begin({}, "a");
    const auto third = begin({}, "k");
    good("DELETE", "/bucket/x?uploadId=" + aborted);
    const auto rest = good("GET", "/bucket?uploads&key-marker=" + text(page, "NextKeyMarker") +
                                      "&upload-id-marker=" + text(page, "NextUploadIdMarker"));
    EXPECT_THAT(all(rest, "Upload/UploadId"), ElementsAre(second, third, last));
}

TEST_F(s3_multipart, uploads_do_not_keep_a_bucket) {
    begin();
    EXPECT_EQ(send("DELETE", "/bucket").status, 204u);
}

TEST_F(s3_multipart, objects_are_read_by_part) {
    const auto id = begin();
    const auto first = upload(id, 1, five_mebibytes);
    expect_ok(complete(id, {{1, first}, {2, upload(id, 2, "the end")}}));
    const auto r = good("GET", "/bucket/k?partNumber=2");
    EXPECT_EQ(r.status, 206u);
    EXPECT_EQ(r.body, "the end");
    EXPECT_EQ(r.headers["x-amz-mp-parts-count"], "2");
    expect_refused(send("GET", "/bucket/k?partNumber=3"), 416, "InvalidPartNumber");
}

TEST_F(s3_multipart, checksums_are_of_the_parts) {
    const auto id = begin({{"x-amz-checksum-algorithm", "SHA256"}});
    const auto sum = [](std::string_view data) {
        return full_checksum(checksum_algorithm::sha256, data).value;
    };
    const auto element = [&](std::string_view data) {
        return "<ChecksumSHA256>" + sum(data) + "</ChecksumSHA256>";
    };
    expect_refused(send("PUT", target(id, 1), {}, "v"), 400, "InvalidRequest");
    const auto first =
        upload(id, 1, five_mebibytes, {{"x-amz-checksum-sha256", sum(five_mebibytes)}});
    const auto last = upload(id, 2, "end", {{"x-amz-checksum-sha256", sum("end")}});
    expect_refused(complete(id, {{1, first}, {2, last}}), 400, "InvalidRequest");
    expect_refused(complete(id, {{1, first, element(five_mebibytes)}, {2, last, element("other")}}),
                   400, "InvalidPart");
    const auto r = complete(id, {{1, first, element(five_mebibytes)}, {2, last, element("end")}});
    expect_ok(r);
    const auto joined = raw_checksum(checksum_algorithm::sha256, five_mebibytes) +
                        raw_checksum(checksum_algorithm::sha256, "end");
    EXPECT_EQ(text(r, "ChecksumSHA256"), sum(joined) + "-2");
    EXPECT_EQ(text(r, "ChecksumType"), "COMPOSITE");
}

TEST_F(s3_multipart, checksums_are_of_the_whole_object_on_request) {
    const auto id =
        begin({{"x-amz-checksum-algorithm", "CRC32"}, {"x-amz-checksum-type", "FULL_OBJECT"}});
    const auto sum = [](std::string_view data) {
        return full_checksum(checksum_algorithm::crc32, data).value;
    };
    const auto part = upload(id, 1, "hello", {{"x-amz-checksum-crc32", sum("hello")}});
    expect_refused(complete(id, {{1, part}}, {{"x-amz-checksum-crc32", sum("other")}}), 400,
                   "BadDigest");
    expect_refused(complete(id, {{1, part}}, {{"x-amz-mp-object-size", "6"}}), 400,
                   "InvalidRequest");
    const auto r = complete(
        id, {{1, part}}, {{"x-amz-checksum-crc32", sum("hello")}, {"x-amz-mp-object-size", "5"}});
    expect_ok(r);
    EXPECT_EQ(text(r, "ChecksumCRC32"), sum("hello"));
    expect_refused(
        send("POST", "/bucket/k?uploads",
             {{"x-amz-checksum-algorithm", "SHA1"}, {"x-amz-checksum-type", "FULL_OBJECT"}}),
        400, "InvalidRequest");
}

}  // namespace
}  // namespace cairn::testing::simulated
