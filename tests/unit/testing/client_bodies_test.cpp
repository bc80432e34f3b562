#include "unit/testing/simulated_s3_fixture.hpp"

#include <cairn/resilience/classify.hpp>

#include <array>
#include <set>
#include <utility>

// Bodies that don't arrive as they were sent, and replies that aren't what their status says.
namespace cairn::testing {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

class client_bodies_test : public simulated_s3_test {
  protected:
    /// The first `times` requests for `operation` fail so.
    void fail(const std::string& operation, const s3_fault& how, std::size_t times = 1) {
        s3.follow([=](const s3_call& call) {
            return call.operation == operation && call.nth < times ? how : s3_fault();
        });
    }
    std::size_t requests(const std::string& operation) {
        std::size_t count = 0;
        for (const auto& each : s3.log()) count += each.operation == operation;
        return count;
    }
    static constexpr std::size_t always = 1'000'000;
};

// --- Bodies that end early
// ------------------------------------------------------------------------

TEST_F(client_bodies_test, ADownloadIsNeverWholeWhereverItIsCut) {
    const std::string content(300, 'x');
    good(client.put_object("bucket", "k", content));
    for (std::size_t cut = 0; cut < content.size(); ++cut) {
        fail("GetObject", s3_fault::truncated_body(cut), always);
        auto got = good(client.get_object("bucket", "k"));
        const auto e = bad(got.body.read_all(1000));
        EXPECT_EQ(e.code(), errc::connection_lost);
        EXPECT_THAT(e.what(), HasSubstr("after " + std::to_string(cut) + " of 300 bytes"));
        EXPECT_EQ(e.effect(), effect::none);
        EXPECT_EQ(classify(e).retry, retryability::transient) << "its reader may ask again";
    }
    EXPECT_EQ(net->open(), 0) << "a broken connection was kept";
}

TEST_F(client_bodies_test, ADownloadThatIsCutDoesNotEnd) {
    good(client.put_object("bucket", "k", "0123456789"));
    fail("GetObject", s3_fault::truncated_body(7));
    auto got = good(client.get_object("bucket", "k"));
    std::array<char, 4> piece{};
    EXPECT_EQ(good(got.body.read(asio::buffer(piece))), 4U);
    EXPECT_EQ(bad(got.body.read(asio::buffer(piece))).code(), errc::connection_lost);
    EXPECT_EQ(bad(got.body.read_some(asio::buffer(piece))).code(), errc::connection_lost)
        << "asked again, it has ended";
}

TEST_F(client_bodies_test, AListingThatIsCutIsAskedForAgain) {
    good(client.put_object("bucket", "k", "v"));
    for (const std::uint64_t cut : {0, 1, 50, 200}) {
        s3.follow([cut, hit = false](const s3_call&) mutable {
            return std::exchange(hit, true) ? s3_fault() : s3_fault::truncated_body(cut);
        });
        const auto page = good(client.send(s3::list_objects_v2("bucket")));
        EXPECT_EQ(page.contents.size(), 1U);
    }
    EXPECT_EQ(requests("ListObjectsV2"), 8U);
    fail("ListObjectsV2", s3_fault::truncated_body(200), always);
    EXPECT_EQ(bad(once.send(s3::list_objects_v2("bucket"))).code(), errc::connection_lost);
}

TEST_F(client_bodies_test, AChangeWhoseReplyIsCutIsUnknown) {
    good(client.put_object("bucket", "k", "v"));
    fail("CopyObject", s3_fault::truncated_body(30));
    const auto e = bad(once.copy_object("bucket", "k", "bucket", "copy"));
    EXPECT_EQ(e.code(), errc::connection_lost);
    EXPECT_EQ(e.effect(), effect::unknown) << "the end may have been that of an error";
    EXPECT_EQ(get("copy"), "v");
    fail("DeleteObjects", s3_fault::truncated_body(30));
    const auto deleted = good(once.delete_objects("bucket", {"k"}));
    ASSERT_EQ(deleted.size(), 1U);
    EXPECT_EQ(deleted[0].outcome.error().code(), errc::connection_lost);
    EXPECT_EQ(deleted[0].outcome.error().effect(), effect::unknown);
}

TEST_F(client_bodies_test, OfARefusalThatIsCutTheStatusIsLeft) {
    fail("GetObject", s3_fault::truncated_body(30));
    const auto e = bad(client.get_object("bucket", "missing"));
    EXPECT_EQ(e.code(), errc::not_found);
    EXPECT_EQ(e.http_status(), 404U);
    EXPECT_EQ(e.s3_code(), "");
}

// --- Bodies that are changed
// ----------------------------------------------------------------------

/// What comes from a peer, with `from` changed to `to` where it comes first.
class changed_stream final : public wire::stream {
  public:
    changed_stream(std::unique_ptr<wire::stream> plain, std::string from, std::string to)
        : plain_(std::move(plain)), from_(std::move(from)), to_(std::move(to)) {}

    awaitable<wire::io_result> read_some(asio::mutable_buffer into) override {
        const auto moved = co_await plain_->read_some(into);
        auto* const bytes = static_cast<char*>(into.data());
        const auto at = std::string_view(bytes, std::get<1>(moved)).find(from_);
        if (at != std::string_view::npos && !std::exchange(done_, true))
            to_.copy(bytes + at, to_.size());
        co_return moved;
    }
    awaitable<wire::io_result> write_some(std::span<const asio::const_buffer> from) override {
        return plain_->write_some(from);
    }
    bool is_quiet() noexcept override { return plain_->is_quiet(); }
    void shutdown() noexcept override { plain_->shutdown(); }

  private:
    std::unique_ptr<wire::stream> plain_;
    std::string from_;
    std::string to_;
    bool done_ = false;
};

class client_corruption_test : public client_bodies_test {
  protected:
    /// Every connection's first `from` comes to S3 as `to`, which is as long.
    void change(const std::string& from, const std::string& to) {
        net = std::make_shared<test::simulated_transport>([=, this](test::peer& at, int) {
            return s3.serve(std::make_unique<changed_stream>(at.take(), from, to));
        });
        client = s3::client::create(config(net, time)).value();
        once = client.with(s3::resilience::none());
    }
};

TEST_F(client_corruption_test, AnUploadIsRefusedAndNotTriedAgain) {
    change("hello", "hallo");
    const auto e = bad(client.put_object("bucket", "k", "hello"));
    EXPECT_EQ(e.s3_code(), "XAmzContentSHA256Mismatch");
    EXPECT_EQ(e.code(), errc::bad_request);
    EXPECT_EQ(e.effect(), effect::not_applied);
    EXPECT_EQ(e.attempts(), 1U) << "by AWS's rules a 400 is the caller's to send again";
    EXPECT_THAT(e.hint(), HasSubstr("changed on its way: send it again"));
    EXPECT_EQ(s3.object("bucket", "k"), std::nullopt);
}

TEST_F(client_corruption_test, ALargeUploadIsRefused) {
    change("needle", "noodle");
    const auto e = bad(client.put_object("bucket", "k", std::string(2'000'000, 'x') + "needle"));
    EXPECT_EQ(e.s3_code(), "XAmzContentSHA256Mismatch");
    EXPECT_EQ(s3.object("bucket", "k"), std::nullopt);
}

TEST_F(client_corruption_test, AnUnsignedUploadIsRefusedByItsDigest) {
    change("hello", "hallo");
    auto unsigned_config = config(net, time);
    unsigned_config.payload_signing = s3::payload_signing::never;
    client = s3::client::create(std::move(unsigned_config)).value();
    s3::put_object request("bucket", "k");
    request.body = "hello";
    request.content_md5 = "XUFAKrxLKna5cZ2REBfFkg==";
    const auto e = bad(client.send(std::move(request)));
    EXPECT_EQ(e.s3_code(), "BadDigest");
    EXPECT_EQ(e.effect(), effect::not_applied);
    EXPECT_EQ(e.attempts(), 1U);
    EXPECT_EQ(s3.object("bucket", "k"), std::nullopt);
}

TEST_F(client_corruption_test, AnUploadIsRefusedByTheChecksumBehindIt) {
    for (const auto& [signing, code] :
         {std::pair(s3::payload_signing::never, "BadDigest"),
          std::pair(s3::payload_signing::automatic, "SignatureDoesNotMatch")}) {
        change("hello", "hallo");
        auto c = config(net, time);
        c.payload_signing = signing;
        client = s3::client::create(std::move(c)).value();
        const auto next = [given = false]() mutable -> awaitable<result<asio::const_buffer>> {
            co_return std::exchange(given, true) ? asio::const_buffer() : asio::buffer("hello", 5);
        };
        const auto e = bad(client.put_object("bucket", "k", body::generator(5, next)));
        EXPECT_EQ(e.s3_code(), code);
        EXPECT_EQ(e.effect(), effect::not_applied);
        EXPECT_EQ(s3.object("bucket", "k"), std::nullopt);
    }
}

TEST_F(client_corruption_test, ARequestForAnotherKeyIsRefused) {
    change("/bucket/right", "/bucket/wrong");
    const auto e = bad(client.put_object("bucket", "right", "v"));
    EXPECT_EQ(e.s3_code(), "SignatureDoesNotMatch");
    EXPECT_EQ(e.effect(), effect::not_applied);
    EXPECT_THAT(s3.keys("bucket"), ElementsAre());
}

// --- Ways for a body to travel
// --------------------------------------------------------------------

TEST_F(client_bodies_test, InEveryWayABodyArrivesWithItsChecksum) {
    const auto content = std::string(200'001, 'x');
    const auto made = [&](std::size_t size, bool again) {
        auto at = std::make_shared<std::size_t>(0);
        const auto next = [&content, at, size]() -> awaitable<result<asio::const_buffer>> {
            const auto piece = std::min<std::size_t>(size - *at, 50'000);
            *at += piece;
            co_return asio::buffer(content, piece);
        };
        const auto restart = [at] { *at = 0; };
        return body::generator(size, next, again ? std::function<void()>(restart) : nullptr);
    };
    using enum s3::payload_signing;
    for (const auto signing : {automatic, never, always})
        for (const bool trailers : {true, false})
            for (const std::size_t size : {0, 1, 65'536, 65'537, 200'001})
                for (int form = 0; form < 3; ++form) {
                    auto c = config(net, time);
                    c.payload_signing = signing;
                    c.checksums.trailers = trailers;
                    client = s3::client::create(std::move(c)).value();
                    s3::put_object request("bucket", "k");
                    const auto wanted = std::string_view(content).substr(0, size);
                    request.body = form == 0 ? body::view(wanted) : made(size, form == 1);
                    request.content_encoding = "gzip";
                    const auto put = good(client.send(std::move(request)));
                    EXPECT_TRUE(put.checksum_crc64nvme);
                    EXPECT_EQ(s3.object("bucket", "k"), wanted);
                    const auto kept = good(client.head_object("bucket", "k"));
                    EXPECT_EQ(kept.content_encoding, "gzip");
                }
}

TEST_F(client_bodies_test, AnUploadWithAChecksumBehindItIsCancelledAnywhere) {
    auto c = config(net, time);
    c.payload_signing = s3::payload_signing::never;
    client = s3::client::create(std::move(c)).value();
    const auto upload = [&]() -> awaitable<void> {
        auto next = [given = 0]() mutable -> awaitable<result<asio::const_buffer>> {
            co_return given++ == 3 ? asio::const_buffer() : asio::buffer("hello", 5);
        };
        auto body = body::generator(15, std::move(next));
        const auto put = co_await client.put_object("bucket", "k", std::move(body));
        if (put) co_return;
        EXPECT_EQ(put.error().code(), errc::canceled);
        const bool may_be_there = put.error().effect() != effect::not_applied;
        EXPECT_TRUE(may_be_there || !s3.object("bucket", "k"));
    };
    const auto steps = cancel_everywhere(upload, [](int) {});
    EXPECT_GT(steps, 3);
    EXPECT_EQ(get("k"), "hellohellohello");
}

// Nothing covers a reply: a changed letter stays, a broken document is told.
TEST_F(client_bodies_test, AListingThatIsBrokenIsMalformed) {
    good(client.put_object("bucket", "k", "v"));
    std::set<error_code> told;
    for (std::uint64_t at = 0; at < 600; ++at) {
        fail("ListObjectsV2", s3_fault::corrupted_body(at), always);
        const auto page = run(once.send(s3::list_objects_v2("bucket")));
        if (!page) told.insert(page.error().code());
    }
    EXPECT_THAT(told, ElementsAre(errc::not_s3, errc::malformed_reply));
}

TEST_F(client_bodies_test, AChangeWhoseReplyIsBrokenIsUnknown) {
    good(client.put_object("bucket", "k", "v"));
    fail("CopyObject", s3_fault::corrupted_body(0));
    const auto e = bad(client.copy_object("bucket", "k", "bucket", "copy"));
    EXPECT_EQ(e.effect(), effect::unknown);
    EXPECT_EQ(requests("CopyObject"), 1U);
}

// --- A 200 with an error in it
// --------------------------------------------------------------------

TEST_F(client_bodies_test, AnErrorWithinA200IsTriedAgain) {
    good(client.put_object("bucket", "k", "v"));
    fail("CopyObject", s3_fault::error_within_200(), 2);
    good(client.copy_object("bucket", "k", "bucket", "copy"));
    EXPECT_EQ(get("copy"), "v");
    EXPECT_EQ(requests("CopyObject"), 3U);
}

TEST_F(client_bodies_test, AnErrorWithinA200ThatStaysIsTold) {
    good(client.put_object("bucket", "k", "v"));
    fail("CopyObject", s3_fault::error_within_200(), always);
    const auto e = bad(client.copy_object("bucket", "k", "bucket", "copy"));
    EXPECT_EQ(e.code(), errc::service_failed);
    EXPECT_EQ(e.s3_code(), "InternalError");
    EXPECT_EQ(e.http_status(), 200U);
    EXPECT_EQ(e.attempts(), 3U);
    EXPECT_EQ(e.effect(), effect::unknown);
    EXPECT_EQ(s3.object("bucket", "copy"), std::nullopt);
}

TEST_F(client_bodies_test, AnErrorWithinA200MayBeOfWhatWasDone) {
    good(client.put_object("bucket", "k", "v"));
    auto fault = s3_fault::error_within_200();
    fault.carried_out = true;
    fail("CopyObject", fault);
    const auto e = bad(once.copy_object("bucket", "k", "bucket", "copy"));
    EXPECT_EQ(e.effect(), effect::unknown);
    EXPECT_EQ(get("copy"), "v");
}

TEST_F(client_bodies_test, ThrottlingWithinA200IsThrottling) {
    good(client.put_object("bucket", "k", "v"));
    fail("CopyObject", s3_fault::error_within_200("SlowDown"), always);
    EXPECT_EQ(bad(once.copy_object("bucket", "k", "bucket", "copy")).code(), errc::throttled);
    fail("DeleteObjects", s3_fault::error_within_200("SlowDown"), 1);
    EXPECT_TRUE(good(client.delete_objects("bucket", {"k"})).at(0).outcome);
    EXPECT_EQ(s3.object("bucket", "k"), std::nullopt);
}

}  // namespace
}  // namespace cairn::testing
