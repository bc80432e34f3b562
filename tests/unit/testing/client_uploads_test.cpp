#include "unit/testing/simulated_s3_fixture.hpp"

// Uploads in parts and tags, from the client to the simulated S3 and back.
namespace cairn::testing {
namespace {

using ::testing::ElementsAre;
using ::testing::EndsWith;

const std::string five_mebibytes(5 << 20, 'x');

class client_uploads : public simulated_s3_test {
  protected:
    std::string begin(const std::string& key = "k") {
        return good(client.send(s3::create_multipart_upload("bucket", key))).upload_id;
    }
    s3::completed_part upload(const std::string& id, std::int64_t number, std::string data) {
        s3::upload_part request("bucket", "k", id, number);
        request.body = std::move(data);
        const auto stored = good(client.send(std::move(request)));
        return s3::completed_part(number, stored.etag.value());
    }
    static s3::complete_multipart_upload completion(const std::string& id,
                                                    std::vector<s3::completed_part> parts) {
        s3::complete_multipart_upload request("bucket", "k", id);
        request.multipart_upload.parts = std::move(parts);
        return request;
    }
    std::size_t asked(std::string_view operation) {
        const auto log = s3.log();
        return static_cast<std::size_t>(std::count_if(
            log.begin(), log.end(), [&](const auto& e) { return e.operation == operation; }));
    }
};

TEST_F(client_uploads, make_an_object_of_parts) {
    good(client.put_object("bucket", "source", "0123456789"));
    s3::create_multipart_upload create("bucket", "k");
    create.content_type = "text/x-test";
    create.metadata["from"] = "parts";
    create.tagging = "a=1&b=2";
    const auto id = good(client.send(std::move(create))).upload_id;
    auto first = upload(id, 1, five_mebibytes);
    s3::upload_part_copy copy("bucket", "k", id, 2, s3::copy_source("bucket", "source"));
    copy.copy_source_range = "bytes=2-5";
    const auto copied = good(client.send(std::move(copy)));
    s3::completed_part second(2, copied.copy_part_result.value().etag.value());
    const auto done = good(client.send(completion(id, {std::move(first), std::move(second)})));
    EXPECT_THAT(done.etag.value(), EndsWith("-2\""));
    EXPECT_EQ(done.key, "k");
    EXPECT_TRUE(get("k") == five_mebibytes + "2345");
    const auto head = good(client.head_object("bucket", "k"));
    EXPECT_EQ(head.etag, done.etag);
    EXPECT_EQ(head.content_type, "text/x-test");
    EXPECT_EQ(head.metadata.at("from"), "parts");
    EXPECT_EQ(head.tag_count, 2);
    EXPECT_EQ(s3.uploads("bucket"), 0u);
}

TEST_F(client_uploads, are_listed_and_aborted) {
    const auto id = begin();
    const auto other = begin("l");
    for (const int number : {1, 2, 3}) upload(id, number, std::string(number, 'x'));
    s3::list_parts few("bucket", "k", id);
    few.max_parts = 2;
    s3::paginator<s3::list_parts> pages(client, std::move(few));
    std::vector<std::int64_t> sizes;
    for (auto page = good(pages.next()); page; page = good(pages.next()))
        for (const auto& part : page->parts) sizes.push_back(part.size.value());
    EXPECT_THAT(sizes, ElementsAre(1, 2, 3));
    s3::list_multipart_uploads one("bucket");
    one.max_uploads = 1;
    s3::paginator<s3::list_multipart_uploads> uploads(client, std::move(one));
    std::vector<std::string> ids;
    for (auto page = good(uploads.next()); page; page = good(uploads.next()))
        for (const auto& each : page->uploads) ids.push_back(each.upload_id);
    EXPECT_THAT(ids, ElementsAre(id, other));
    good(client.send(s3::abort_multipart_upload("bucket", "k", id)));
    const auto e = bad(client.send(s3::abort_multipart_upload("bucket", "k", id)));
    EXPECT_EQ(e.code(), errc::not_found);
    EXPECT_EQ(e.s3_code(), "NoSuchUpload");
    EXPECT_EQ(e.effect(), effect::not_applied);
}

TEST_F(client_uploads, send_a_part_again_that_did_not_arrive) {
    const auto id = begin();
    s3.follow([](const s3_call& call) {
        if (call.operation != "UploadPart" || call.nth > 1) return s3_fault();
        return call.nth == 0 ? s3_fault::lost_reply() : s3_fault::slow_down();
    });
    const auto part = upload(id, 1, "v");
    EXPECT_EQ(asked("UploadPart"), 3u);
    good(client.send(completion(id, {part})));
    EXPECT_EQ(get("k"), "v");
}

// Sent again, it would be told that there is no such upload: for it has succeeded.
TEST_F(client_uploads, do_not_complete_again_when_the_reply_is_lost) {
    const auto id = begin();
    const auto part = upload(id, 1, "v");
    s3.follow([](const s3_call& call) {
        const bool first = call.operation == "CompleteMultipartUpload" && call.nth == 0;
        return first ? s3_fault::lost_reply() : s3_fault();
    });
    const auto e = bad(client.send(completion(id, {part})));
    EXPECT_EQ(e.code(), errc::connection_lost);
    EXPECT_EQ(e.effect(), effect::unknown);
    EXPECT_EQ(asked("CompleteMultipartUpload"), 1u);
    EXPECT_EQ(get("k"), "v");
    EXPECT_EQ(bad(client.send(completion(id, {part}))).s3_code(), "NoSuchUpload");
}

TEST_F(client_uploads, find_the_error_of_a_completion_within_a_200) {
    const auto id = begin();
    const auto part = upload(id, 1, "v");
    s3.follow([](const s3_call& call) {
        const bool first = call.operation == "CompleteMultipartUpload" && call.nth == 0;
        return first ? s3_fault::error_within_200() : s3_fault();
    });
    const auto e = bad(client.send(completion(id, {part})));
    EXPECT_EQ(e.code(), errc::service_failed);
    EXPECT_EQ(e.effect(), effect::unknown);
}

TEST_F(client_uploads, are_refused_when_their_parts_are_not_as_named) {
    const auto id = begin();
    auto part = upload(id, 1, "v");
    const auto small = bad(client.send(completion(id, {part, upload(id, 2, "w")})));
    EXPECT_EQ(small.s3_code(), "EntityTooSmall");
    EXPECT_EQ(small.effect(), effect::not_applied);
    part.etag = "\"00000000000000000000000000000000\"";
    EXPECT_EQ(bad(client.send(completion(id, {part}))).s3_code(), "InvalidPart");
    auto conditional = completion(id, {upload(id, 1, "v")});
    conditional.if_none_match = "*";
    good(client.put_object("bucket", "k", "there first"));
    EXPECT_EQ(bad(client.send(std::move(conditional))).code(), errc::precondition_failed);
    EXPECT_EQ(get("k"), "there first");
}

TEST_F(client_uploads, have_tags_that_can_be_changed) {
    s3::put_object put("bucket", "k");
    put.tagging = "a=1+2";
    good(client.send(std::move(put)));
    const auto tags = [&] {
        std::string all;
        const auto found = good(client.send(s3::get_object_tagging("bucket", "k")));
        for (const auto& each : found.tag_set) all += each.key + "=" + each.value + ";";
        return all;
    };
    EXPECT_EQ(tags(), "a=1 2;");
    const std::vector<s3::tag> others{s3::tag("b", "1+2=3"), s3::tag("c", "")};
    good(client.send(s3::put_object_tagging("bucket", "k", others)));
    EXPECT_EQ(tags(), "b=1+2=3;c=;");
    good(client.send(s3::delete_object_tagging("bucket", "k")));
    EXPECT_EQ(tags(), "");
}

}  // namespace
}  // namespace cairn::testing
