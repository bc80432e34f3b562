#include "unit/testing/s3_core_fixture.hpp"

namespace cairn::testing::simulated {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

class s3_objects : public core_test {};

TEST_F(s3_objects, come_back_as_they_were_put) {
    put("k", "hello",
        {{"Content-Type", "text/plain"},
         {"x-amz-meta-Author", "A. U. Thor"},
         {"Cache-Control", "no-store"}});
    const auto r = good("GET", "/bucket/k");
    EXPECT_EQ(r.body, "hello");
    EXPECT_EQ(r.headers["ETag"], "\"5d41402abc4b2a76b9719d911017c592\"");
    EXPECT_EQ(r.headers["Content-Type"], "text/plain");
    EXPECT_EQ(r.headers["Cache-Control"], "no-store");
    EXPECT_EQ(r.headers["x-amz-meta-author"], "A. U. Thor");
    EXPECT_EQ(r.headers["Last-Modified"], "Thu, 01 Jan 2026 00:00:00 GMT");
    EXPECT_FALSE(r.headers.contains("x-amz-version-id"));
}

TEST_F(s3_objects, have_s3s_type_if_none_is_given) {
    put("k", "hello");
    EXPECT_EQ(good("HEAD", "/bucket/k").headers["Content-Type"], "binary/octet-stream");
}

TEST_F(s3_objects, that_do_not_exist_are_named) {
    const auto r = send("GET", "/bucket/missing%20key");
    expect_refused(r, 404, "NoSuchKey");
    EXPECT_EQ(text(r, "Key"), "missing key");
    EXPECT_EQ(text(r, "Resource"), "/bucket/missing key");
    EXPECT_EQ(text(r, "RequestId"), r.headers["x-amz-request-id"]);
    EXPECT_EQ(text(r, "HostId"), r.headers["x-amz-id-2"]);
    expect_refused(send("GET", "/nowhere/k"), 404, "NoSuchBucket");
    expect_refused(send("PUT", "/nowhere/k", {}, "v"), 404, "NoSuchBucket");
}

TEST_F(s3_objects, that_do_not_exist_have_no_document_for_head) {
    const auto r = send("HEAD", "/bucket/missing");
    EXPECT_EQ(r.status, 404u);
    EXPECT_EQ(r.body, "");
}

TEST_F(s3_objects, are_deleted_once_and_again) {
    put("k", "v");
    EXPECT_EQ(send("DELETE", "/bucket/k").status, 204u);
    EXPECT_EQ(send("DELETE", "/bucket/k").status, 204u);
    expect_refused(send("GET", "/bucket/k"), 404, "NoSuchKey");
}

TEST_F(s3_objects, are_read_in_part) {
    put("k", "0123456789");
    const auto range = [&](const std::string& wanted) {
        return send("GET", "/bucket/k", {{"Range", wanted}});
    };
    EXPECT_EQ(range("bytes=2-4").status, 206u);
    EXPECT_EQ(range("bytes=2-4").body, "234");
    EXPECT_EQ(range("bytes=2-4").headers["Content-Range"], "bytes 2-4/10");
    EXPECT_EQ(range("bytes=8-100").body, "89");
    EXPECT_EQ(range("bytes=-3").body, "789");
    EXPECT_EQ(range("bytes=-100").body, "0123456789");
    EXPECT_EQ(range("bytes=7-").body, "789");
    for (const std::string nonsense : {"bytes=a-b", "lines=0-1", "bytes=4-2", "bytes=", "bytes=-"})
        EXPECT_EQ(range(nonsense).status, 200u) << nonsense;
    expect_refused(range("bytes=10-"), 416, "InvalidRange");
    EXPECT_EQ(text(range("bytes=10-"), "ActualObjectSize"), "10");
    expect_refused(range("bytes=-0"), 416, "InvalidRange");
    expect_refused(range("bytes=0-1,3-4"), 501, "NotImplemented");
}

TEST_F(s3_objects, are_given_with_other_headers_on_request) {
    put("k", "v", {{"Content-Type", "text/plain"}});
    const auto r = good("GET", "/bucket/k?response-content-type=text%2Fhtml%0D%0Ax");
    EXPECT_EQ(r.headers["Content-Type"], "text/htmlx");
}

TEST_F(s3_objects, take_two_kilobytes_of_metadata) {
    put("k", "v", {{"x-amz-meta-a", std::string(2047, 'v')}});
    expect_refused(send("PUT", "/bucket/k", {{"x-amz-meta-a", std::string(2048, 'v')}}, "w"), 400,
                   "MetadataTooLarge");
    EXPECT_EQ(get("k"), "v");
}

TEST_F(s3_objects, have_keys_of_1024_bytes_at_most) {
    put(std::string(1024, 'k'), "v");
    expect_refused(send("PUT", "/bucket/" + std::string(1025, 'k'), {}, "v"), 400,
                   "KeyTooLongError");
}

TEST_F(s3_objects, have_keys_that_stay_in_their_bucket) {
    put("a/../b", "v");
    EXPECT_EQ(get("a/../b"), "v");
    expect_refused(send("PUT", "/bucket/a/../../b", {}, "v"), 400, "InvalidURI");
    expect_refused(send("PUT", "/bucket/%ff", {}, "v"), 400, "InvalidURI");
    expect_refused(send("PUT", "/bucket/%zz", {}, "v"), 400, "InvalidURI");
}

TEST_F(s3_objects, want_a_length) {
    auto head = head_of("PUT", "/bucket/k");
    head.headers.erase("Content-Length");
    sign(head);
    expect_refused(s3.handle(head, "v", now), 411, "MissingContentLength");
    head.headers.set("Transfer-Encoding", "chunked");
    expect_refused(s3.handle(head, "v", now), 501, "NotImplemented");
    head.headers.set("Content-Length", "5368709121");
    expect_refused(*s3.refuse_early(head, now), 400, "EntityTooLarge");
}

TEST_F(s3_objects, are_copied_with_all_that_is_theirs) {
    put("from", "hello", {{"x-amz-meta-a", "1"}, {"x-amz-tagging", "t=1"}});
    const auto copied = good("PUT", "/bucket/to", {{"x-amz-copy-source", "/bucket/from"}});
    EXPECT_EQ(text(copied, "ETag"), "\"5d41402abc4b2a76b9719d911017c592\"");
    const auto r = good("GET", "/bucket/to");
    EXPECT_EQ(r.body, "hello");
    EXPECT_EQ(r.headers["x-amz-meta-a"], "1");
    EXPECT_EQ(r.headers["x-amz-tagging-count"], "1");

    const auto onto_itself = [&](const headers& more) {
        headers all{{"x-amz-copy-source", "bucket/from"}};
        all.insert(all.end(), more.begin(), more.end());
        return send("PUT", "/bucket/from", all);
    };
    expect_refused(onto_itself({}), 400, "InvalidRequest");
    expect_ok(onto_itself({{"x-amz-metadata-directive", "REPLACE"}}));
    EXPECT_FALSE(good("HEAD", "/bucket/from").headers.contains("x-amz-meta-a"));
    expect_refused(onto_itself({{"x-amz-metadata-directive", "OTHER"}}), 400, "InvalidArgument");
    expect_refused(send("PUT", "/bucket/to", {{"x-amz-copy-source", "bucket/missing"}}), 404,
                   "NoSuchKey");
    expect_refused(send("PUT", "/bucket/to", {{"x-amz-copy-source", "bucket"}}), 400,
                   "InvalidArgument");
}

TEST_F(s3_objects, are_deleted_in_batches) {
    put("a", "v");
    const std::string body =
        "<Delete><Object><Key>a</Key></Object><Object><Key>missing</Key></Object></Delete>";
    const headers digest{{"Content-MD5", to_base64(as_bytes(md5(body)))}};
    const auto r = good("POST", "/bucket?delete", digest, body);
    EXPECT_THAT(all(r, "Deleted/Key"), ::testing::ElementsAre("a", "missing"));
    EXPECT_TRUE(s3.stored().buckets.at("bucket").objects.empty());
    expect_refused(send("POST", "/bucket?delete", {}, body), 400, "InvalidRequest");
}

TEST_F(s3_objects, are_deleted_a_thousand_at_a_time) {
    const auto of = [&](int count, const std::string& more) {
        std::string body = "<Delete>" + more;
        for (int i = 0; i < count; ++i) body += "<Object><Key>k</Key></Object>";
        body += "</Delete>";
        return send("POST", "/bucket?delete", {{"Content-MD5", to_base64(as_bytes(md5(body)))}},
                    body);
    };
    EXPECT_EQ(all(of(1000, ""), "Deleted").size(), 1000u);
    EXPECT_TRUE(all(of(1000, "<Quiet>true</Quiet>"), "Deleted").empty());
    expect_refused(of(1001, ""), 400, "MalformedXML");
    expect_refused(of(0, ""), 400, "MalformedXML");
    expect_refused(of(1, "<Unknown/>"), 400, "MalformedXML");
}

TEST_F(s3_objects, are_refused_with_what_the_simulation_has_not) {
    const auto refused = [&](const std::string& method, const std::string& target,
                             const headers& more, std::string_view named) {
        const auto r = send(method, target, more);
        expect_refused(r, 501, "NotImplemented");
        EXPECT_THAT(text(r, "Message"), HasSubstr(std::string(named)));
    };
    refused("GET", "/bucket/k?acl", {}, "acl");
    refused("PUT", "/bucket?lifecycle", {}, "lifecycle");
    refused("POST", "/bucket/k?restore", {}, "restore");
    refused("GET", "/bucket/k", {{"If-Range", "x"}}, "If-Range");
    refused("PATCH", "/bucket/k", {}, "PATCH");
    refused("PUT", "/bucket/k", {{"x-amz-server-side-encryption", "aws:kms"}}, "aws:kms");
    refused("PUT", "/bucket/k", {{"x-amz-object-lock-mode", "GOVERNANCE"}},
            "x-amz-object-lock-mode");
    refused("PUT", "/bucket/k", {{"x-amz-storage-class", "GLACIER"}}, "GLACIER");
    EXPECT_TRUE(s3.stored().buckets.at("bucket").objects.empty());
}

TEST_F(s3_objects, have_no_access_control_lists) {
    expect_refused(send("PUT", "/bucket/k", {{"x-amz-acl", "public-read"}}, "v"), 400,
                   "AccessControlListNotSupported");
    put("k", "v", {{"x-amz-acl", "private"}});
}

// --- Buckets
// --------------------------------------------------------------------------------------

using s3_buckets = s3_objects;

TEST_F(s3_buckets, are_made_listed_and_deleted) {
    good("PUT", "/another");
    EXPECT_THAT(all(good("GET", "/"), "Buckets/Bucket/Name"),
                ::testing::ElementsAre("another", "bucket"));
    EXPECT_EQ(good("HEAD", "/another").headers["x-amz-bucket-region"], "us-east-1");
    EXPECT_EQ(send("DELETE", "/another").status, 204u);
    EXPECT_EQ(send("HEAD", "/another").status, 404u);
}

TEST_F(s3_buckets, are_listed_page_by_page) {
    good("PUT", "/another");
    const auto first = good("GET", "/?max-buckets=1");
    EXPECT_THAT(all(first, "Buckets/Bucket/Name"), ::testing::ElementsAre("another"));
    const auto token = text(first, "ContinuationToken");
    const auto second = good("GET", "/?max-buckets=1&continuation-token=" + token);
    EXPECT_THAT(all(second, "Buckets/Bucket/Name"), ::testing::ElementsAre("bucket"));
    EXPECT_EQ(text(second, "ContinuationToken"), "");
}

TEST_F(s3_buckets, are_kept_while_they_have_objects) {
    put("k", "v");
    expect_refused(send("DELETE", "/bucket"), 409, "BucketNotEmpty");
}

TEST_F(s3_buckets, have_names_by_s3s_rules) {
    for (const std::string name : {"ab", "Upper", "under_score", "a..b", "-dash", "192.168.1.1"})
        expect_refused(send("PUT", "/" + name), 400, "InvalidBucketName");
}

TEST_F(s3_buckets, are_found_in_the_host_as_in_the_path) {
    put("a/b", "v");
    EXPECT_EQ(good("GET", "/a/b", {{"Host", "bucket.s3.example:80"}}).body, "v");
    EXPECT_EQ(good("GET", "/a/b", {{"Host", "bucket.s3.us-east-1.amazonaws.com"}}).body, "v");
    EXPECT_EQ(good("GET", "/bucket/a/b", {{"Host", "s3.amazonaws.com"}}).body, "v");
    EXPECT_EQ(good("GET", "/bucket/a/b", {{"Host", "127.0.0.1:9000"}}).body, "v");
}

TEST_F(s3_buckets, are_refused_to_others_than_the_expected_owner) {
    expect_refused(send("GET", "/bucket", {{"x-amz-expected-bucket-owner", "999999999999"}}), 403,
                   "AccessDenied");
    good("GET", "/bucket", {{"x-amz-expected-bucket-owner", "123456789012"}});
}

TEST_F(s3_objects, have_tags) {
    put("k", "v", {{"x-amz-tagging", "a=1&b+c=%2B"}});
    const auto tags = [&] {
        const auto r = good("GET", "/bucket/k?tagging");
        auto both = all(r, "TagSet/Tag/Key");
        for (auto& value : all(r, "TagSet/Tag/Value")) both.push_back(std::move(value));
        return both;
    };
    EXPECT_THAT(tags(), ElementsAre("a", "b c", "1", "+"));
    EXPECT_EQ(good("HEAD", "/bucket/k").headers["x-amz-tagging-count"], "2");
    const std::string document =
        "<Tagging><TagSet><Tag><Key>d=</Key><Value/></Tag></TagSet></Tagging>";
    const auto digest = to_base64(as_bytes(md5(document)));
    expect_refused(send("PUT", "/bucket/k?tagging", {}, document), 400, "InvalidRequest");
    good("PUT", "/bucket/k?tagging", {{"Content-MD5", digest}}, document);
    EXPECT_THAT(tags(), ElementsAre("d=", ""));
    EXPECT_EQ(send("DELETE", "/bucket/k?tagging").status, 204u);
    EXPECT_THAT(tags(), IsEmpty());
    EXPECT_FALSE(good("HEAD", "/bucket/k").headers.contains("x-amz-tagging-count"));
    expect_refused(send("GET", "/bucket/missing?tagging"), 404, "NoSuchKey");
}

TEST_F(s3_objects, are_refused_with_tags_that_can_not_be) {
    const auto code = [&](const std::string& tags) {
        return text(send("PUT", "/bucket/k", {{"x-amz-tagging", tags}}, "v"), "Code");
    };
    EXPECT_EQ(code("a=1&b=2&c=3&d=4&e=5&f=6&g=7&h=8&i=9&j=10&k=11"), "BadRequest");
    EXPECT_EQ(code("a=1&a=2"), "InvalidTag");
    EXPECT_EQ(code("=1"), "InvalidTag");
    EXPECT_EQ(code("a=%26"), "InvalidTag");
    EXPECT_EQ(code(std::string(129, 'k') + "=v"), "InvalidTag");
    EXPECT_EQ(code("k=" + std::string(257, 'v')), "InvalidTag");
}

TEST_F(s3_objects, have_tags_version_by_version) {
    good("PUT", "/bucket?versioning", {},
         "<VersioningConfiguration><Status>Enabled</Status></VersioningConfiguration>");
    const auto first = good("PUT", "/bucket/k", {{"x-amz-tagging", "a=1"}}, "v");
    put("k", "v2");
    const std::string id(first.headers["x-amz-version-id"]);
    EXPECT_TRUE(all(good("GET", "/bucket/k?tagging"), "TagSet/Tag").empty());
    const auto r = good("GET", "/bucket/k?tagging&versionId=" + id);
    EXPECT_EQ(text(r, "TagSet/Tag/Key"), "a");
    EXPECT_EQ(r.headers["x-amz-version-id"], id);
}

}  // namespace
}  // namespace cairn::testing::simulated
