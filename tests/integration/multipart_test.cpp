#include "integration/server.hpp"

#include <algorithm>

namespace cairn::test {
namespace {

using ::testing::ElementsAre;
using ::testing::EndsWith;
using ::testing::IsEmpty;
using ::testing::Pair;

const std::string five_mebibytes = pattern(5 << 20);

/// Uploads in parts, by the client's operations.
class multipart : public server_test {
  protected:
    void TearDown() override {
        s3::paginator<s3::list_multipart_uploads> pages(s3, s3::list_multipart_uploads(bucket));
        while (const auto page = good(pages.next()))
            for (const auto& each : page->uploads)
                run(s3.send(s3::abort_multipart_upload(bucket, each.key, each.upload_id)));
        server_test::TearDown();
    }
    std::string begin(const std::string& key = "k") {
        return good(s3.send(s3::create_multipart_upload(bucket, key))).upload_id;
    }
    s3::upload_part part_of(const std::string& id, std::int64_t number, const std::string& data) {
        s3::upload_part request(bucket, "k", id, number);
        request.body = body::view(data);
        return request;
    }
    s3::completed_part upload(const std::string& id, std::int64_t number, const std::string& data) {
        return {number, good(s3.send(part_of(id, number, data))).etag.value()};
    }
    using parts = std::vector<s3::completed_part>;
    s3::complete_multipart_upload completion(const std::string& id, parts all) {
        s3::complete_multipart_upload request(bucket, "k", id);
        request.multipart_upload.parts = std::move(all);
        return request;
    }
    void expect_nothing_stored() {
        EXPECT_EQ(bad(s3.head_object(bucket, "k")).code(), errc::not_found);
    }
    ::testing::AssertionResult is_refusal(const error& e, errc code, const std::string& s3_code) {
        return is_error(e, code, effect::not_applied, {path_of(bucket, "k"), s3_code});
    }
};

TEST_F(multipart, makes_an_object_of_parts) {
    const auto source = five_mebibytes + "0123456789";
    put("source", body::view(source));
    s3::create_multipart_upload create(bucket, "k");
    create.content_type = "text/x-test";
    create.metadata["from"] = "parts";
    const auto id = good(s3.send(std::move(create))).upload_id;
    auto last = upload(id, 7, "the end");
    s3::upload_part_copy copy(bucket, "k", id, 1, s3::copy_source(bucket, "source"));
    copy.copy_source_range = "bytes=9-" + std::to_string(source.size() - 1);
    const auto copied = good(s3.send(std::move(copy)));
    s3::completed_part first(1, copied.copy_part_result.value().etag.value());
    auto second = upload(id, 2, five_mebibytes);
    expect_nothing_stored();
    good(s3.send(completion(id, {std::move(first), std::move(second), std::move(last)})));
    EXPECT_TRUE(get("k") == source.substr(9) + five_mebibytes + "the end");
    const auto head = good(s3.head_object(bucket, "k"));
    EXPECT_THAT(head.etag.value(), EndsWith("-3\""));
    EXPECT_EQ(head.content_type, "text/x-test");
    EXPECT_THAT(head.metadata, ElementsAre(Pair("from", "parts")));
}

TEST_F(multipart, tells_the_objects_etag) {
    const auto id = begin();
    const auto done = good(s3.send(completion(id, {upload(id, 1, "hello")})));
    // By: printf hello | openssl md5 -binary | openssl md5
    EXPECT_EQ(done.etag, "\"62109206880d38a4010a98e11243924a-1\"");
}

TEST_F(multipart, lists_parts_page_by_page) {
    const auto id = begin();
    for (const int number : {3, 1, 2}) upload(id, number, std::string(number, 'x'));
    s3::list_parts request(bucket, "k", id);
    request.max_parts = 2;
    s3::paginator<s3::list_parts> pages(s3, std::move(request));
    std::vector<std::pair<std::int64_t, std::int64_t>> found;
    while (const auto page = good(pages.next()))
        for (const auto& part : page->parts)
            found.emplace_back(part.part_number, part.size.value());
    EXPECT_THAT(found, ElementsAre(Pair(1, 1), Pair(2, 2), Pair(3, 3)));
}

TEST_F(multipart, lists_unfinished_uploads_page_by_page) {
    const auto second = begin("b");
    const auto first = begin("a");
    s3::list_multipart_uploads request(bucket);
    request.max_uploads = 1;
    s3::paginator<s3::list_multipart_uploads> pages(s3, std::move(request));
    std::vector<std::pair<std::string, std::string>> found;
    while (const auto page = good(pages.next()))
        for (const auto& each : page->uploads) found.emplace_back(each.key, each.upload_id);
    EXPECT_THAT(found, ElementsAre(Pair("a", first), Pair("b", second)));
}

TEST_F(multipart, lists_uploads_of_unusual_keys) {
    const std::string unusual = "a b+c%2Bd/\xc3\xa4";
    const auto id = begin(unusual);
    const auto listed = good(s3.send(s3::list_multipart_uploads(bucket)));
    ASSERT_EQ(listed.uploads.size(), 1u);
    EXPECT_EQ(listed.uploads[0].key, unusual);
    EXPECT_EQ(listed.uploads[0].upload_id, id);
}

TEST_F(multipart, ends_when_it_is_aborted) {
    const auto id = begin();
    const auto part = upload(id, 1, "v");
    good(s3.send(s3::abort_multipart_upload(bucket, "k", id)));
    const auto sent = bad(s3.send(part_of(id, 2, "v")));
    EXPECT_TRUE(is_refusal(sent, errc::not_found, "NoSuchUpload"));
    const auto listed = bad(s3.send(s3::list_parts(bucket, "k", id)));
    EXPECT_TRUE(is_error(listed, errc::not_found, effect::none, {"NoSuchUpload"}));
    expect_nothing_stored();
}

TEST_F(multipart, is_not_completed_when_it_was_aborted) {
    const auto id = begin();
    const auto part = upload(id, 1, "v");
    good(s3.send(s3::abort_multipart_upload(bucket, "k", id)));
    const auto completed = bad(s3.send(completion(id, {part})));
    EXPECT_TRUE(is_refusal(completed, errc::not_found, "NoSuchUpload"));
    expect_nothing_stored();
}

TEST_F(multipart, takes_parts_by_their_etags_only) {
    const auto id = begin();
    auto stale = upload(id, 1, "stale");
    auto fresh = upload(id, 1, "fresh");
    const auto e = bad(s3.send(completion(id, {std::move(stale)})));
    EXPECT_TRUE(is_refusal(e, errc::bad_request, "InvalidPart"));
    expect_nothing_stored();
    good(s3.send(completion(id, {std::move(fresh)})));
    EXPECT_EQ(get("k"), "fresh");
}

TEST_F(multipart, refuses_small_parts_but_the_last) {
    const auto id = begin();
    auto small = upload(id, 1, "small");
    auto last = upload(id, 2, "last");
    const auto e = bad(s3.send(completion(id, {std::move(small), std::move(last)})));
    EXPECT_TRUE(is_refusal(e, errc::bad_request, "EntityTooSmall"));
    expect_nothing_stored();
}

TEST_F(multipart, never_replaces_on_request) {
    const auto id = begin();
    auto request = completion(id, {upload(id, 1, "uploaded")});
    request.if_none_match = "*";
    put("k", "there first");
    const auto e = bad(s3.send(std::move(request)));
    EXPECT_TRUE(is_refusal(e, errc::precondition_failed, "PreconditionFailed"));
    EXPECT_EQ(get("k"), "there first");
}

TEST_F(multipart, copies_of_a_source_that_has_changed_are_refused) {
    put("source", "hello");
    const auto id = begin();
    s3::upload_part_copy copy(bucket, "k", id, 1, s3::copy_source(bucket, "source"));
    copy.copy_source_if_match = "\"00000000000000000000000000000000\"";
    const auto e = bad(s3.send(std::move(copy)));
    EXPECT_TRUE(is_refusal(e, errc::precondition_failed, "PreconditionFailed"));
}

TEST_F(multipart, refuses_a_part_with_a_wrong_checksum) {
    s3::create_multipart_upload create(bucket, "k");
    create.checksum_algorithm = s3::checksum_algorithm::crc32;
    const auto id = good(s3.send(std::move(create))).upload_id;
    const std::string data = "hello";
    auto request = part_of(id, 1, data);
    request.checksum_crc32 = "AAAAAA==";
    EXPECT_EQ(bad(s3.send(std::move(request))).code(), errc::bad_request);
}

/// Tags of objects.
class tags : public server_test {
  protected:
    using list = std::vector<std::pair<std::string, std::string>>;
    list of(const std::string& key) {
        list all;
        for (const auto& each : good(s3.send(s3::get_object_tagging(bucket, key))).tag_set)
            all.emplace_back(each.key, each.value);
        std::sort(all.begin(), all.end());
        return all;
    }
    void put_tagged(const std::string& key, const std::string& query) {
        s3::put_object request(bucket, key);
        request.body = "v";
        request.tagging = query;
        good(s3.send(std::move(request)));
    }
};

TEST_F(tags, come_with_an_upload) {
    put_tagged("k", "a=1&b%20c=d%2Be%3D");
    EXPECT_THAT(of("k"), ElementsAre(Pair("a", "1"), Pair("b c", "d+e=")));
    EXPECT_EQ(good(s3.head_object(bucket, "k")).tag_count, 2);
}

TEST_F(tags, come_with_an_upload_in_parts) {
    s3::create_multipart_upload create(bucket, "k");
    create.tagging = "a=1";
    const auto id = good(s3.send(std::move(create))).upload_id;
    s3::upload_part part(bucket, "k", id, 1);
    part.body = "v";
    const auto etag = good(s3.send(std::move(part))).etag.value();
    s3::complete_multipart_upload complete(bucket, "k", id);
    complete.multipart_upload.parts.emplace_back(1, etag);
    good(s3.send(std::move(complete)));
    EXPECT_THAT(of("k"), ElementsAre(Pair("a", "1")));
}

TEST_F(tags, are_replaced_and_removed) {
    put_tagged("k", "a=1");
    const std::vector<s3::tag> others{s3::tag("b", "2 / 3"), s3::tag("c", "")};
    good(s3.send(s3::put_object_tagging(bucket, "k", others)));
    EXPECT_THAT(of("k"), ElementsAre(Pair("b", "2 / 3"), Pair("c", "")));
    good(s3.send(s3::delete_object_tagging(bucket, "k")));
    EXPECT_THAT(of("k"), IsEmpty());
    EXPECT_EQ(get("k"), "v");
}

TEST_F(tags, of_what_does_not_exist_are_refused) {
    EXPECT_TRUE(is_error(bad(s3.send(s3::get_object_tagging(bucket, "missing"))), errc::not_found,
                         effect::none, {"GetObjectTagging " + path_of(bucket, "missing")}));
}

TEST_F(tags, go_with_a_copy) {
    put_tagged("k", "a=1");
    good(s3.copy_object(bucket, "k", bucket, "copy"));
    EXPECT_THAT(of("copy"), ElementsAre(Pair("a", "1")));
}

TEST_F(tags, of_a_copy_are_others_on_request) {
    put_tagged("k", "a=1");
    s3::copy_object request(bucket, "copy", s3::copy_source(bucket, "k"));
    request.tagging_directive = s3::tagging_directive::replace;
    request.tagging = "b=2";
    good(s3.send(std::move(request)));
    EXPECT_THAT(of("copy"), ElementsAre(Pair("b", "2")));
}

}  // namespace
}  // namespace cairn::test
