#include "transfer/streams.hpp"
#include "unit/transfer/fixture.hpp"

namespace cairn::transfer {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using testing::s3_fault;

class resumed_uploads : public transfer_test {
  protected:
    resumed_uploads() {
        auto o = small();
        o.max_parts_at_once = 1;
        transfers = manager(once, o);
    }
    upload request(const std::string& key = "key") const {
        upload r(source::file(at("source")), "bucket", key);
        r.resume_file = at("token");
        return r;
    }
    /// Uploads all that come before part `nth`, from 0.
    void stop_at_part(std::size_t nth) {
        const auto from = asked("UploadPart");
        s3.follow([nth, from](const testing::s3_call& call) {
            return call.operation == "UploadPart" && call.nth >= from + nth
                       ? s3_fault::lost_request()
                       : s3_fault();
        });
        const auto e = bad(transfers.send(request()));
        EXPECT_THAT(e.hint(), HasSubstr("go on"));
        s3.follow(nullptr);
    }
    std::size_t parts_of(upload r) {
        const auto before = asked("UploadPart");
        good(transfers.send(std::move(r)));
        return asked("UploadPart") - before;
    }
};

TEST_F(resumed_uploads, go_on_at_every_part) {
    const auto data = content(4500);
    write("source", data);
    for (std::size_t done = 0; done < 5; ++done) {
        stop_at_part(done);
        EXPECT_EQ(s3.uploads("bucket"), 1U);
        EXPECT_EQ(parts_of(request()), 5 - done);
        EXPECT_TRUE(s3.object("bucket", "key") == data);
        EXPECT_THAT(files(), ElementsAre("source"));
        EXPECT_EQ(s3.uploads("bucket"), 0U);
    }
}

TEST_F(resumed_uploads, of_another_file_begin_afresh_and_leave_nothing) {
    write("source", content(4500));
    stop_at_part(3);
    write("source", "x" + content(4500));
    EXPECT_EQ(parts_of(request()), 5U);
    EXPECT_TRUE(s3.object("bucket", "key") == "x" + content(4500));
    EXPECT_EQ(s3.uploads("bucket"), 0U);
}

// It would go by one request, had it not been begun in parts.
TEST_F(resumed_uploads, of_what_is_described_otherwise_begin_afresh) {
    write("source", content(4500));
    stop_at_part(3);
    auto r = request();
    r.object.metadata["version"] = "2";
    EXPECT_EQ(parts_of(std::move(r)), 5U);
    EXPECT_EQ(good(client.head_object("bucket", "key")).metadata.at("version"), "2");
    EXPECT_EQ(s3.uploads("bucket"), 0U);
}

TEST_F(resumed_uploads, say_what_has_failed_and_how_to_go_on) {
    write("source", content(4500));
    s3.follow([](const testing::s3_call& call) {
        return call.operation == "UploadPart" ? s3_fault::refusal(403, "SignatureDoesNotMatch")
                                              : s3_fault();
    });
    const auto e = bad(transfers.send(request()));
    EXPECT_THAT(e.hint(), HasSubstr("secret"));
    EXPECT_THAT(e.hint(), HasSubstr("go on"));
}

TEST_F(resumed_uploads, write_to_no_file_that_somebody_has_linked_there) {
    write("source", content(4500));
    write("victim", "mine");
    std::filesystem::create_symlink("victim", at("token.new"));
    EXPECT_EQ(bad(transfers.send(request())).code(), errc::body_failed);
    EXPECT_EQ(read("victim"), "mine");
    EXPECT_EQ(s3.uploads("bucket"), 0U);
}

TEST_F(resumed_uploads, of_a_file_that_is_small_by_now_leave_nothing_either) {
    for (const std::size_t size : {0, 500}) {
        write("source", content(4500));
        stop_at_part(3);
        write("source", content(size));
        good(transfers.send(request()));
        EXPECT_TRUE(s3.object("bucket", "key") == content(size));
        EXPECT_EQ(s3.uploads("bucket"), 0U) << size;
        EXPECT_THAT(files(), ElementsAre("source")) << size;
    }
}

// Its id is nowhere else.
TEST_F(resumed_uploads, keep_the_token_of_what_can_not_be_aborted) {
    write("source", content(4500));
    stop_at_part(3);
    const auto token = read("token");
    for (const std::size_t size : {500, 4501}) {
        write("source", content(size));
        s3.follow([](const testing::s3_call& call) {
            return call.operation == "AbortMultipartUpload" ? s3_fault::refusal(403, "AccessDenied")
                                                            : s3_fault();
        });
        const auto e = bad(transfers.send(request()));
        EXPECT_EQ(e.code(), errc::access_denied);
        EXPECT_THAT(e.hint(), HasSubstr("could not be aborted"));
        EXPECT_THAT(e.hint(), HasSubstr("remove the resume file"));
        EXPECT_EQ(read("token"), token);
        EXPECT_EQ(s3.object("bucket", "key"), std::nullopt);
        s3.follow(nullptr);
    }
    good(transfers.send(request()));
    EXPECT_EQ(s3.uploads("bucket"), 0U);
    EXPECT_THAT(files(), ElementsAre("source"));
}

// Its time and length say that it is the same, its bytes do not.
TEST_F(resumed_uploads, send_again_what_is_not_as_the_file_has_it) {
    auto data = content(4500);
    write("source", data);
    const auto written = std::filesystem::last_write_time(at("source"));
    stop_at_part(3);
    data[1200] = static_cast<char>(data[1200] ^ 1);
    write("source", data);
    std::filesystem::last_write_time(at("source"), written);
    EXPECT_EQ(parts_of(request()), 3U);
    EXPECT_TRUE(s3.object("bucket", "key") == data);
}

TEST_F(resumed_uploads, whose_upload_is_gone_begin_afresh) {
    write("source", content(4500));
    stop_at_part(3);
    const auto left = good(client.send(s3::list_multipart_uploads("bucket")));
    const auto& upload_id = left.uploads.at(0).upload_id;
    good(client.send(s3::abort_multipart_upload("bucket", "key", upload_id)));
    EXPECT_EQ(parts_of(request()), 5U);
    EXPECT_EQ(s3.uploads("bucket"), 0U);
}

TEST_F(resumed_uploads, refuse_a_token_that_is_not_theirs) {
    write("source", content(4500));
    stop_at_part(3);
    const auto token = *read("token");
    const auto e = bad(transfers.send(request("other")));
    EXPECT_EQ(e.code(), errc::invalid_argument);
    EXPECT_THAT(e.detail(), HasSubstr("s3://bucket/key"));
    EXPECT_EQ(read("token"), token);
    for (const auto* text : {"", "no json", "[]", R"({"cairn_upload":1})"}) {
        write("token", text);
        const auto bad_token = bad(transfers.send(request()));
        EXPECT_EQ(bad_token.code(), errc::invalid_argument) << text;
        EXPECT_THAT(bad_token.hint(), HasSubstr("remove it")) << text;
    }
    write("token", R"({"cairn_upload":2})");
    EXPECT_THAT(bad(transfers.send(request())).detail(), HasSubstr("newer version"));
}

TEST_F(resumed_uploads, are_of_files) {
    const auto data = content(4500);
    write("source", data);
    const auto refuse = [&](upload r) {
        r.resume_file = at("token");
        const auto e = bad(transfers.send(std::move(r)));
        EXPECT_EQ(e.code(), errc::invalid_argument);
        EXPECT_THAT(e.hint(), HasSubstr("resume_file"));
    };
    refuse({source::bytes(data), "bucket", "key"});
    refuse({source::view(data), "bucket", "key"});
    refuse({source::stream(body::reader(stream_of(data))), "bucket", "key"});
    auto compressed = request();
    compressed.compression = codec::gzip_options();
    refuse(std::move(compressed));
    EXPECT_TRUE(s3.log().empty());
}

TEST_F(resumed_uploads, refuse_a_token_that_is_a_folder) {
    write("source", content(2500));
    std::filesystem::create_directory(at("token"));
    EXPECT_EQ(bad(transfers.send(request())).code(), errc::invalid_argument);
    EXPECT_TRUE(s3.log().empty());
}

TEST_F(resumed_uploads, can_be_gone_on_with_wherever_they_were_cancelled) {
    const auto data = content(2500);
    write("source", data);
    const auto send = [&]() -> awaitable<void> { co_await transfers.send(request()); };
    const int runs = cancel_everywhere(send, [&](int n) {
        EXPECT_LE(s3.uploads("bucket"), read("token") ? 1U : 0U) << n;
        good(transfers.send(request()));
        EXPECT_TRUE(s3.object("bucket", "key") == data) << n;
        EXPECT_EQ(s3.uploads("bucket"), 0U) << n;
        EXPECT_THAT(files(), ElementsAre("source")) << n;
    });
    EXPECT_GT(runs, 20);
}

}  // namespace
}  // namespace cairn::transfer
