#include "transfer/context.hpp"
#include "unit/transfer/fixture.hpp"

#include <cairn/core/bytes.hpp>

#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <stdexcept>
#include <sys/stat.h>

namespace cairn::transfer {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using testing::s3_fault;

class uploads : public transfer_test {
  protected:
    error bad_upload(upload request) { return bad(transfers.send(std::move(request))); }
    upload_output good_upload(upload request) { return good(transfers.send(std::move(request))); }
    upload of_file(const std::string& data) const {
        return {source::file(write("source", data)), "bucket", "key"};
    }
    void abort_all() {
        const auto left = good(client.send(s3::list_multipart_uploads("bucket")));
        for (const auto& each : left.uploads)
            good(client.send(s3::abort_multipart_upload("bucket", each.key, each.upload_id)));
    }
    /// A stream that comes in pieces of 300 bytes, and fails where `data` ends if told so.
    class pieces final : public wire::body_stream {
      public:
        pieces(std::string data, error end) : data_(std::move(data)), end_(std::move(end)) {}
        std::optional<std::uint64_t> remaining() const noexcept override { return std::nullopt; }
        awaitable<result<std::size_t>> read_some(asio::mutable_buffer into) override {
            co_await asio::post(asio::use_awaitable);
            if (at_ == data_.size() && end_.code()) co_return end_;
            const auto n = std::min<std::size_t>({300, data_.size() - at_, into.size()});
            std::copy_n(data_.data() + at_, n, static_cast<char*>(into.data()));
            at_ += n;
            co_return n;
        }

      private:
        std::string data_;
        std::size_t at_ = 0;
        error end_;
    };
    class throwing final : public wire::body_stream {
      public:
        std::optional<std::uint64_t> remaining() const noexcept override { return std::nullopt; }
        awaitable<result<std::size_t>> read_some(asio::mutable_buffer into) override {
            if (left_ == 0) throw std::runtime_error("the stream threw");
            const auto n = std::min(left_, into.size());
            std::fill_n(static_cast<char*>(into.data()), n, 'x');
            left_ -= n;
            co_return n;
        }

      private:
        std::size_t left_ = 2500;
    };
    /// Runs `change` when the first request of an operation has come, and refuses that.
    void change_at(const std::string& operation, std::function<void()> change) {
        s3.follow([=, done = false](const testing::s3_call& call) mutable {
            if (done || call.operation != operation) return s3_fault();
            done = true;
            change();
            return s3_fault::slow_down();
        });
    }
    std::vector<std::function<void()>> changes_of(const std::filesystem::path& path) const {
        return {[path] { std::ofstream(path, std::ios::app) << "more"; },
                [path] { std::filesystem::resize_file(path, 1); },
                [path] {
                    std::fstream(path, std::ios::in | std::ios::out) << "x";
                    const auto now = std::filesystem::file_time_type::clock::now();
                    std::filesystem::last_write_time(path, now + std::chrono::hours(1));
                }};
    }
    /// A manager whose uploads have no more memory than one part takes.
    manager with_one_part_of_memory() const {
        auto o = small();
        o.upload_memory_bytes = part_bytes;
        return {client, o};
    }
    static source stream(std::string data, std::optional<std::uint64_t> size = {}, error end = {}) {
        return source::stream(
            body::reader(std::make_unique<pieces>(std::move(data), std::move(end))), size);
    }
};

TEST_F(uploads, of_every_size_around_parts_arrive_whole) {
    for (const std::size_t size :
         {0, 1, 999, 1000, 1001, 1999, 2000, 2001, 2999, 3000, 3001, 9999}) {
        const auto data = content(size);
        const auto expected_parts = size < threshold_bytes ? 0U : (size + 999) / 1000;
        const auto from_file = good_upload(of_file(data));
        EXPECT_EQ(from_file.size_bytes, size);
        EXPECT_EQ(from_file.parts, expected_parts) << size;
        EXPECT_TRUE(s3.object("bucket", "key") == data) << size;
        const auto from_memory = good_upload({source::view(data), "bucket", "key"});
        EXPECT_EQ(from_memory.etag, from_file.etag);
        const auto owned = good_upload({source::bytes(data), "bucket", "key"});
        EXPECT_EQ(owned.etag, from_file.etag);
        const auto piped = good_upload({stream(data), "bucket", "streamed"});
        EXPECT_EQ(piped.size_bytes, size);
        EXPECT_TRUE(s3.object("bucket", "streamed") == data) << size;
        EXPECT_EQ(piped.parts, size < 1000 ? 0U : (size + 999) / 1000) << size;
    }
    EXPECT_EQ(s3.uploads("bucket"), 0U);
}

TEST_F(uploads, keep_what_describes_the_object) {
    for (const std::size_t size : {10, 5000}) {
        auto request = of_file(content(size));
        request.object.content_type = "text/plain";
        request.object.cache_control = "no-cache";
        request.object.metadata["color"] = "blue";
        request.object.storage_class = "STANDARD_IA";
        request.object.tagging = "a=1&b=2";
        good_upload(std::move(request));
        const auto stored = good(client.head_object("bucket", "key"));
        EXPECT_EQ(stored.content_type, "text/plain");
        EXPECT_EQ(stored.cache_control, "no-cache");
        EXPECT_EQ(stored.metadata.at("color"), "blue");
        EXPECT_EQ(stored.storage_class, "STANDARD_IA");
        EXPECT_EQ(stored.tag_count, 2);
    }
}

TEST_F(uploads, tell_the_checksum_of_the_whole_object) {
    using enum codec::checksum_algorithm;
    for (const auto algorithm : {crc32, crc32c, crc64nvme})
        for (const std::size_t size : {1500, 4500}) {
            const auto data = content(size);
            auto request = of_file(data);
            request.object.checksum_algorithm = codec::name_of(algorithm);
            EXPECT_EQ(good_upload(std::move(request)).checksum,
                      codec::checksum_of(algorithm, as_bytes(data)).base64())
                << codec::name_of(algorithm) << size;
        }
    auto request = of_file("data");
    request.object.checksum_algorithm = "SHA256";
    EXPECT_EQ(good_upload(std::move(request)).checksum,
              codec::checksum_of(sha256, as_bytes("data")).base64());
    EXPECT_EQ(good_upload(of_file("data")).checksum,
              codec::checksum_of(crc64nvme, as_bytes("data")).base64());
}

TEST_F(uploads, in_parts_store_only_under_their_condition) {
    good(client.put_object("bucket", "key", "old"));
    auto request = of_file(content(5000));
    request.object.if_none_match = "*";
    const auto e = bad_upload(std::move(request));
    EXPECT_EQ(e.code(), errc::precondition_failed);
    EXPECT_EQ(s3.object("bucket", "key"), "old");
    EXPECT_EQ(s3.uploads("bucket"), 0U);
}

TEST_F(uploads, tell_how_far_they_are) {
    auto request = of_file(content(2500));
    std::vector<std::uint64_t> seen;
    request.on_progress = [&](const progress& p) {
        seen.push_back(p.bytes);
        EXPECT_EQ(p.total_bytes, 2500U);
    };
    good_upload(std::move(request));
    EXPECT_TRUE(std::ranges::is_sorted(seen));
    EXPECT_EQ(seen.front(), 0U);
    EXPECT_EQ(seen.back(), 2500U);
}

TEST_F(uploads, tell_how_far_each_request_is) {
    constexpr std::uint64_t pieces = 9;
    const auto data = content(pieces * piece_bytes);
    const auto path = write("source", data);
    for (const auto threshold : {pieces + 1, pieces}) {
        auto o = small();
        o.multipart_threshold_bytes = threshold * piece_bytes;
        o.part_size_bytes = 3 * piece_bytes;
        o.max_parts_at_once = 1;
        transfers = manager(client, o);
        for (const bool from_file : {false, true}) {
            std::vector<std::uint64_t> seen;
            upload request(from_file ? source::file(path) : source::view(data), "bucket", "key");
            request.on_progress = [&](const progress& p) { seen.push_back(p.bytes); };
            good_upload(std::move(request));
            EXPECT_TRUE(std::ranges::is_sorted(seen));
            for (std::uint64_t n = 0; n <= pieces; ++n)
                EXPECT_THAT(seen, ::testing::Contains(n * piece_bytes)) << threshold << from_file;
        }
    }
}

TEST_F(uploads, take_back_what_they_send_again) {
    auto request = of_file(content(1500));
    s3.follow([](const testing::s3_call& call) {
        return call.nth == 0 ? s3_fault::lost_reply() : s3_fault();
    });
    std::uint64_t most = 0;
    request.on_progress = [&](const progress& p) { most = std::max(most, p.bytes); };
    good_upload(std::move(request));
    EXPECT_EQ(most, 1500U);
}

TEST_F(uploads, of_a_stream_of_another_length_than_declared_fail) {
    for (const std::size_t size : {500, 4500}) {
        const auto longer = bad_upload({stream(content(size), size - 1), "bucket", "key"});
        EXPECT_EQ(longer.code(), errc::body_failed);
        EXPECT_THAT(longer.detail(), HasSubstr("longer"));
        const auto shorter = bad_upload({stream(content(size), size + 1), "bucket", "key"});
        EXPECT_THAT(shorter.detail(), HasSubstr("shorter"));
        EXPECT_EQ(good_upload({stream(content(size), size), "bucket", "right"}).size_bytes, size);
    }
    EXPECT_THAT(s3.keys("bucket"), ElementsAre("right"));
    EXPECT_EQ(s3.uploads("bucket"), 0U);
}

// Of one byte each: memory lets them not grow.
TEST_F(uploads, of_a_stream_have_as_many_parts_as_S3_takes_and_no_more) {
    auto o = small();
    o.part_size_bytes = o.upload_memory_bytes = 1;
    transfers = manager(client, o);
    EXPECT_EQ(good_upload({stream(content(10'000)), "bucket", "all"}).parts, 10'000U);
    EXPECT_EQ(good_upload({stream(content(10'000), 10'000), "bucket", "told"}).parts, 10'000U);
    const auto e = bad_upload({stream(content(10'001)), "bucket", "more"});
    EXPECT_EQ(e.code(), errc::limit_exceeded);
    EXPECT_THAT(e.hint(), HasSubstr("larger parts"));
    EXPECT_TRUE(s3.object("bucket", "all") == content(10'000));
    EXPECT_THAT(s3.keys("bucket"), ElementsAre("all", "told"));
    EXPECT_EQ(s3.uploads("bucket"), 0U);
}

TEST_F(uploads, whose_stream_fails_are_aborted) {
    const error broken(errc::connection_lost, "the source is gone");
    const auto e = bad_upload({stream(content(4500), {}, broken), "bucket", "key"});
    EXPECT_EQ(e.detail(), "the source is gone");
    EXPECT_EQ(s3.object("bucket", "key"), std::nullopt);
    EXPECT_EQ(s3.uploads("bucket"), 0U);
    const auto requests = s3.log().size();
    bad_upload({stream(content(500), {}, broken), "bucket", "key"});
    EXPECT_EQ(s3.log().size(), requests);
}

TEST_F(uploads, whose_stream_throws_are_aborted) {
    auto from = source::stream(body::reader(std::make_unique<throwing>()));
    EXPECT_THROW(run(transfers.send({std::move(from), "bucket", "key"})), std::runtime_error);
    EXPECT_GT(asked("CreateMultipartUpload"), 0U);
    EXPECT_EQ(s3.object("bucket", "key"), std::nullopt);
    EXPECT_EQ(s3.uploads("bucket"), 0U);
}

TEST_F(uploads, of_a_file_that_changes_meanwhile_fail) {
    for (const auto* what : {"longer", "as long"}) {
        auto request = of_file(content(5000));
        request.on_progress = [&, what](const progress&) {
            std::ofstream file(at("source"), std::ios::app);
            if (what == std::string("longer")) file << "more";
            file.close();
            std::filesystem::last_write_time(
                at("source"),
                std::filesystem::file_time_type::clock::now() + std::chrono::hours(1));
        };
        const auto e = bad_upload(std::move(request));
        EXPECT_EQ(e.code(), errc::body_failed) << what;
        EXPECT_THAT(e.detail(), HasSubstr("changed")) << what;
    }
    EXPECT_EQ(s3.object("bucket", "key"), std::nullopt);
    EXPECT_EQ(s3.uploads("bucket"), 0U);
}

TEST_F(uploads, of_a_file_that_shrinks_meanwhile_fail) {
    auto request = of_file(content(9000));
    request.on_progress = [&](const progress&) {
        std::filesystem::resize_file(at("source"), 3000);
    };
    const auto e = bad_upload(std::move(request));
    EXPECT_EQ(e.code(), errc::body_failed);
    EXPECT_EQ(s3.object("bucket", "key"), std::nullopt);
    EXPECT_EQ(s3.uploads("bucket"), 0U);
}

// Small ones have been read by then, and are read again; of large ones most is still to be sent.
TEST_F(uploads, by_one_request_of_a_file_that_changes_meanwhile_fail) {
    auto o = small();
    o.multipart_threshold_bytes = 4UL << 20U;
    transfers = manager(client, o);
    for (const std::size_t size : {1500, 1'500'000, 3'000'000})
        for (const auto& change : changes_of(at("source"))) {
            auto request = of_file(content(size));
            change_at("PutObject", change);
            const auto e = bad_upload(std::move(request));
            EXPECT_EQ(e.code(), errc::body_failed) << size;
            EXPECT_THAT(e.what(), HasSubstr(at("source").string()));
            EXPECT_EQ(e.effect(), effect::not_applied) << size;
        }
    EXPECT_EQ(s3.object("bucket", "key"), std::nullopt);
    EXPECT_EQ(asked("CreateMultipartUpload"), 0U);
}

TEST_F(uploads, in_parts_of_a_file_that_changes_before_a_part_is_sent_again_fail) {
    for (const auto& change : changes_of(at("source"))) {
        auto request = of_file(content(2500));
        change_at("UploadPart", change);
        EXPECT_EQ(bad_upload(std::move(request)).code(), errc::body_failed);
    }
    EXPECT_EQ(s3.object("bucket", "key"), std::nullopt);
    EXPECT_EQ(s3.uploads("bucket"), 0U);
}

TEST_F(uploads, that_are_compressed_of_a_file_that_changes_meanwhile_fail) {
    for (const auto& change : changes_of(at("source"))) {
        auto request = of_file(content(3'000'000));
        request.compression = codec::zstd_options(1);
        request.part_size_bytes = 100'000;
        change_at("UploadPart", change);
        const auto e = bad_upload(std::move(request));
        EXPECT_EQ(e.code(), errc::body_failed);
        EXPECT_THAT(e.what(), HasSubstr(at("source").string()));
    }
    EXPECT_EQ(s3.object("bucket", "key"), std::nullopt);
    EXPECT_EQ(s3.uploads("bucket"), 0U);
}

// Nothing is mapped at its first address, so that it can't be read.
TEST_F(uploads, of_a_file_that_can_not_be_read_say_so) {
    upload request(source::file("/proc/self/mem"), "bucket", "key");
    request.compression = codec::zstd_options(1);
    const auto e = bad_upload(std::move(request));
    EXPECT_EQ(e.code(), errc::body_failed);
    EXPECT_THAT(e.what(), HasSubstr("/proc/self/mem can't be read"));
    EXPECT_EQ(s3.log().size(), 0U);
}

// It is made as it is read, and says that it is empty.
TEST_F(uploads, of_a_file_without_a_size_are_refused) {
    const auto e = bad_upload({source::file("/proc/self/status"), "bucket", "key"});
    EXPECT_EQ(e.code(), errc::body_failed);
    EXPECT_THAT(e.hint(), HasSubstr("stream"));
    EXPECT_EQ(s3.log().size(), 0U);
}

TEST_F(uploads, of_what_is_no_file_say_so) {
    const auto missing = bad_upload({source::file(at("none")), "bucket", "key"});
    EXPECT_EQ(missing.code(), errc::body_failed);
    EXPECT_THAT(missing.what(), HasSubstr(at("none").string()));
    EXPECT_EQ(missing.operation(), "upload s3://bucket/key");
    const auto directory_ = bad_upload({source::file(directory.path()), "bucket", "key"});
    EXPECT_THAT(directory_.detail(), HasSubstr("not a regular file"));
    ASSERT_EQ(::mkfifo(at("pipe").c_str(), 0600), 0);
    const auto pipe = bad_upload({source::file(at("pipe")), "bucket", "key"});
    EXPECT_THAT(pipe.detail(), HasSubstr("not a regular file"));
    EXPECT_EQ(asked("PutObject"), 0U);
}

TEST_F(uploads, refuse_what_is_their_own_matter) {
    auto request = of_file("data");
    request.object.content_md5 = "1B2M2Y8AsgTpgAmY7PhCfg==";
    const auto e = bad_upload(std::move(request));
    EXPECT_EQ(e.code(), errc::invalid_argument);
    EXPECT_THAT(e.detail(), HasSubstr("content_md5"));
}

// The last one is S3's, too, but none that is computed here.
TEST_F(uploads, refuse_checksums_that_they_could_not_send) {
    for (const auto* name : {"", "FOO", "crc32c", "XXHASH64"})
        for (const std::size_t size : {500, 4500}) {
            auto request = of_file(content(size));
            request.object.checksum_algorithm = name;
            const auto e = bad_upload(std::move(request));
            EXPECT_EQ(e.code(), errc::invalid_argument) << name;
            EXPECT_THAT(e.hint(), HasSubstr("CRC32C, SHA1")) << name;
            EXPECT_EQ(e.operation(), "upload s3://bucket/key");
        }
    EXPECT_TRUE(s3.log().empty());
}

// Each request of the upload fails in each way, once.
TEST_F(uploads, arrive_or_leave_nothing_whatever_request_fails) {
    transfers = manager(once, small());
    const auto data = content(2500);
    for (const auto& fault : {s3_fault::refusal(500, "InternalError"), s3_fault::lost_request(),
                              s3_fault::lost_reply(), s3_fault::error_within_200()}) {
        for (std::size_t n = 0; n < 5; ++n) {
            std::size_t nth = 0;
            bool failed = false;
            s3.follow([&](const testing::s3_call& call) {
                if (call.operation == "AbortMultipartUpload" || call.operation == "HeadObject" ||
                    nth++ != n)
                    return s3_fault();
                failed = true;
                return fault;
            });
            const auto ended = run(transfers.send(of_file(data)));
            ASSERT_TRUE(failed);
            s3.follow(nullptr);
            if (ended) {
                EXPECT_TRUE(s3.object("bucket", "key") == data);
            } else {
                EXPECT_EQ(s3.object("bucket", "key"), std::nullopt) << ended.error();
            }
            // Whoever lost the reply to the creation does not know what to abort.
            const bool unknown = n == 0 && !fault.answered && fault.carried_out;
            EXPECT_EQ(s3.uploads("bucket"), unknown ? 1U : 0U) << n;
            good(client.delete_object("bucket", "key"));
            abort_all();
        }
    }
}

TEST_F(uploads, whose_completion_lost_its_reply_are_found_to_be_done) {
    transfers = manager(once, small());
    const auto data = content(2500);
    s3.follow([](const testing::s3_call& call) {
        return call.operation == "CompleteMultipartUpload" ? s3_fault::lost_reply() : s3_fault();
    });
    const auto stored = good_upload(of_file(data));
    EXPECT_EQ(stored.etag, good(client.head_object("bucket", "key")).etag);
    EXPECT_TRUE(s3.object("bucket", "key") == data);
}

// Its ETag and its checksum are those of the new one; what describes it is not.
TEST_F(uploads, whose_completion_failed_are_not_taken_for_what_was_there) {
    transfers = manager(once, small());
    const auto data = content(2500);
    good_upload(of_file(data));
    s3.follow([](const testing::s3_call& call) {
        return call.operation == "CompleteMultipartUpload" ? s3_fault::lost_request() : s3_fault();
    });
    auto request = of_file(data);
    request.object.metadata["color"] = "blue";
    EXPECT_EQ(bad_upload(std::move(request)).code(), errc::connection_lost);
    EXPECT_EQ(s3.uploads("bucket"), 0U);
    EXPECT_TRUE(good(client.head_object("bucket", "key")).metadata.empty());
}

// Whoever may not look at the upload can't tell it from one that was done before.
TEST_F(uploads, that_nobody_may_look_at_are_not_taken_for_what_was_there) {
    transfers = manager(once, small());
    const auto data = content(2500);
    good_upload(of_file(data));
    for (const unsigned status : {403U, 503U}) {
        s3.follow([status](const testing::s3_call& call) {
            if (call.operation == "CompleteMultipartUpload") return s3_fault::lost_request();
            return call.operation == "ListParts" ? s3_fault::refusal(status, "AccessDenied")
                                                 : s3_fault();
        });
        auto request = of_file(data);
        request.object.metadata["color"] = "blue";
        EXPECT_EQ(bad_upload(std::move(request)).effect(), effect::unknown);
    }
    s3.follow(nullptr);
    EXPECT_TRUE(good(client.head_object("bucket", "key")).metadata.empty());
    EXPECT_EQ(s3.uploads("bucket"), 0U);
}

TEST_F(uploads, whose_completion_fails_once_are_completed_again) {
    transfers = manager(once, small());
    const auto data = content(2500);
    for (const auto& fault : {s3_fault::refusal(500, "InternalError"), s3_fault::lost_request(),
                              s3_fault::error_within_200()}) {
        s3.follow([fault, done = false](const testing::s3_call& call) mutable {
            if (call.operation != "CompleteMultipartUpload" || std::exchange(done, true))
                return s3_fault();
            return fault;
        });
        good_upload(of_file(data));
        EXPECT_TRUE(s3.object("bucket", "key") == data);
        EXPECT_EQ(s3.uploads("bucket"), 0U);
        good(client.delete_object("bucket", "key"));
    }
}

TEST_F(uploads, whose_completion_cannot_be_settled_say_so) {
    transfers = manager(once, small());
    s3.follow([](const testing::s3_call& call) {
        if (call.operation == "CompleteMultipartUpload") return s3_fault::lost_reply();
        if (call.operation == "HeadObject") return s3_fault::refusal(403, "AccessDenied");
        return s3_fault();
    });
    EXPECT_EQ(bad_upload(of_file(content(2500))).effect(), effect::unknown);
}

TEST_F(uploads, that_cannot_be_aborted_name_what_is_left) {
    transfers = manager(once, small());
    s3.follow([](const testing::s3_call& call) {
        if (call.operation == "UploadPart") return s3_fault::refusal(403, "AccessDenied");
        if (call.operation == "AbortMultipartUpload")
            return s3_fault::refusal(500, "InternalError");
        return s3_fault();
    });
    const auto e = bad_upload(of_file(content(5000)));
    EXPECT_EQ(e.code(), errc::access_denied);
    EXPECT_THAT(e.hint(), HasSubstr("could not be aborted"));
    EXPECT_EQ(e.effect(), effect::not_applied);
    EXPECT_EQ(asked("AbortMultipartUpload"), 3U);
    EXPECT_EQ(s3.uploads("bucket"), 1U);
    s3.follow([](const testing::s3_call& call) {
        if (call.operation == "UploadPart") return s3_fault::refusal(403, "AccessDenied");
        return call.operation == "AbortMultipartUpload" && call.nth < 5
                   ? s3_fault::refusal(500, "InternalError")
                   : s3_fault();
    });
    EXPECT_THAT(bad_upload(of_file(content(5000))).hint(), Not(HasSubstr("aborted")));
}

TEST_F(uploads, are_aborted_past_an_open_breaker) {
    auto guards = s3::resilience::none();
    guards.breaker.emplace();
    guards.breaker->minimum_calls = 2;
    guards.breaker->failure_ratio = 0.1;
    guards.breaker->open_for = std::chrono::minutes(1);
    transfers = manager(client.with(guards), small());
    s3.follow([](const testing::s3_call& call) {
        return call.operation == "UploadPart" ? s3_fault::refusal(500, "InternalError")
                                              : s3_fault();
    });
    EXPECT_THAT(bad_upload(of_file(content(9000))).hint(), Not(HasSubstr("could not be aborted")));
    EXPECT_EQ(s3.uploads("bucket"), 0U);
}

TEST_F(uploads, that_are_cancelled_name_what_cannot_be_aborted) {
    transfers = manager(once, small());
    s3.follow([](const testing::s3_call& call) {
        return call.operation == "AbortMultipartUpload" ? s3_fault::refusal(500, "InternalError")
                                                        : s3_fault();
    });
    const auto path = write("source", content(2500));
    std::optional<result<upload_output>> ended;
    const auto send = [&]() -> awaitable<void> {
        upload request(source::file(path), "bucket", "key");
        auto outcome = co_await transfers.send(std::move(request));
        ended.emplace(std::move(outcome));
    };
    int named = 0;
    cancel_everywhere(send, [&](int n) {
        if (ended && !*ended) {
            const auto& why = ended->error();
            EXPECT_EQ(why.code(), errc::canceled) << n;
            EXPECT_THAT(why.operation(), HasSubstr("s3://bucket/key")) << n;
            if (why.hint().find("could not be aborted") != std::string::npos) ++named;
        }
        ended.reset();
    });
    EXPECT_GT(named, 5);
}

TEST_F(uploads, leave_nothing_behind_wherever_they_are_cancelled) {
    const auto data = content(2500);
    const auto path = write("source", data);
    std::optional<result<upload_output>> ended;
    const auto send = [&](source from) -> awaitable<void> {
        upload request(std::move(from), "bucket", "key");
        auto outcome = co_await transfers.send(std::move(request));
        ended.emplace(std::move(outcome));
    };
    std::size_t completions = 0;
    const auto check = [&](int n) {
        expect_honest(ended, s3.object("bucket", "key").has_value(), n);
        if (ended && !*ended && asked("CompleteMultipartUpload") == completions) {
            EXPECT_EQ(ended->error().effect(), effect::not_applied) << n;
        }
        completions = asked("CompleteMultipartUpload");
        ended.reset();
        if (s3.object("bucket", "key")) {
            EXPECT_TRUE(s3.object("bucket", "key") == data) << n;
        }
        EXPECT_EQ(s3.uploads("bucket"), 0U) << n;
    };
    const auto send_afresh = [&] {
        good(client.delete_object("bucket", "key"));
        return send(source::file(path));
    };
    const int runs = cancel_everywhere(send_afresh, check);
    EXPECT_GT(runs, 20);
    EXPECT_TRUE(s3.object("bucket", "key") == data);
}

TEST_F(uploads, share_memory_for_no_more_than_one_part) {
    transfers = with_one_part_of_memory();
    int stored = 0;
    const auto send = [&](upload request) -> awaitable<void> {
        const auto ended = co_await transfers.send(std::move(request));
        stored += ended.has_value();
    };
    write("source", content(4500));
    for (int i = 0; i < 4; ++i) {
        const auto key = std::to_string(i);
        world.spawn(send({stream(content(4500)), "bucket", "stream" + key}));
        world.spawn(send({source::file(at("source")), "bucket", "file" + key}));
    }
    settle();
    EXPECT_EQ(stored, 8);
    for (const auto& key : s3.keys("bucket"))
        EXPECT_TRUE(s3.object("bucket", key) == content(4500)) << key;
}

// What kept some of it would wait for itself for ever.
TEST_F(uploads, give_their_memory_back_however_they_end) {
    transfers = with_one_part_of_memory();
    const error broken(errc::connection_lost, "the source is gone");
    bad_upload({stream(content(2500), {}, broken), "bucket", "key"});
    bad_upload({stream(content(2500), 2600), "bucket", "key"});
    s3.follow([](const testing::s3_call& call) {
        return call.operation == "UploadPart" ? s3_fault::refusal(403, "AccessDenied") : s3_fault();
    });
    bad_upload({stream(content(2500)), "bucket", "key"});
    bad_upload(of_file(content(2500)));
    s3.follow(nullptr);
    const auto send = [&](source from) -> awaitable<void> {
        co_await transfers.send({std::move(from), "bucket", "key"});
    };
    const int runs =
        cancel_everywhere([&] { return send(stream(content(2500))); }, [&](int) { abort_all(); });
    EXPECT_GT(runs, 20);
    EXPECT_EQ(good_upload({stream(content(2500)), "bucket", "key"}).parts, 3U);
}

}  // namespace
}  // namespace cairn::transfer
