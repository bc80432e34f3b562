#include "s3/aws_chunked.hpp"

#include "support/io.hpp"

#include <cairn/core/bytes.hpp>
#include <cairn/s3/body.hpp>

#include <gmock/gmock.h>

#include <deque>

namespace cairn::s3 {
namespace {

using ::testing::HasSubstr;
using enum aws_chunked::signing;

const trailing_checksum crc{"x-amz-checksum-crc64nvme", codec::checksum_algorithm::crc64nvme};

class aws_chunked_test : public test::io {
  protected:
    // `size` bytes, so they say, that come in these pieces.
    static body::source pieces(std::uint64_t size, std::vector<std::string> all) {
        auto given = std::make_shared<std::size_t>(0);
        return body::generator(
            size,
            [all = std::move(all), given]() -> awaitable<result<asio::const_buffer>> {
                if (*given == all.size()) co_return asio::const_buffer();
                co_return asio::buffer(all[(*given)++]);
            },
            [given] { *given = 0; });
    }
    static awaitable<result<std::string>> all_of(aws_chunked& body) {
        std::string all;
        for (;;) {
            const auto piece = co_await body.next();
            if (!piece) co_return piece.error();
            if (piece->size() == 0) break;
            all.append(static_cast<const char*>(piece->data()), piece->size());
        }
        co_return all;
    }
    static wire::chunk_signer signer() {
        wire::request_head head;
        head.method = "PUT";
        head.target = "/b/k";
        const wire::signer s("us-east-1", "s3");
        s.sign(head, wire::unsigned_payload, {"AKIDEXAMPLE", "s3cr3t", ""},
               clock::utc_time{std::chrono::sys_days{std::chrono::year{2026} / 1 / 1}});
        return s.chunks_of(head, "s3cr3t");
    }
};

TEST_F(aws_chunked_test, HasTheLengthThatItSays) {
    for (const auto how : {unsigned_chunks, signed_chunks})
        for (const bool trailer : {false, true})
            for (const std::size_t size : {0, 1, 9, 10, 11, 15, 16, 17, 255, 256, 300}) {
                const std::string content(size, 'x');
                auto source = body::view(content);
                aws_chunked body(*source.get(), 16, how,
                                 trailer ? std::optional(crc) : std::nullopt);
                if (how == signed_chunks) body.sign_by(signer());
                EXPECT_EQ(run(all_of(body)).value().size(), body.size()) << size;
            }
}

TEST_F(aws_chunked_test, CarriesItsChecksumBehindIt) {
    auto source = pieces(9, {"1234", "56789"});
    aws_chunked body(*source.get(), 6, unsigned_chunks, crc);
    EXPECT_FALSE(body.sum());
    EXPECT_EQ(run(all_of(body)).value(),
              "6\r\n123456\r\n3\r\n789\r\n0\r\nx-amz-checksum-crc64nvme:rosUhgp5mIg=\r\n\r\n");
    EXPECT_EQ(body.sum()->base64(), "rosUhgp5mIg=");
}

TEST_F(aws_chunked_test, CopiesNothingThatNeedNotBe) {
    const std::string content(40, 'x');
    const auto is_inside = [&](asio::const_buffer piece) {
        const auto* at = static_cast<const char*>(piece.data());
        return at >= content.data() && at < content.data() + content.size();
    };
    for (const auto how : {unsigned_chunks, signed_chunks}) {
        auto source = body::view(content);
        aws_chunked body(*source.get(), 16, how, crc);
        if (how == signed_chunks) body.sign_by(signer());
        std::size_t uncopied = 0;
        for (;;) {
            const auto piece = run(body.next()).value();
            if (piece.size() == 0) break;
            if (is_inside(piece)) uncopied += piece.size();
        }
        EXPECT_EQ(uncopied, content.size());
    }
}

TEST_F(aws_chunked_test, IsTheSameEachTimeAndHoweverItComes) {
    for (const auto how : {unsigned_chunks, signed_chunks}) {
        std::string first;
        for (const auto& parts : {std::vector<std::string>{"abcdefghijklmnopqrstuvwxyz"},
                                  std::vector<std::string>{"a", "bcdefghijklmnopqrstuvwxy", "z"},
                                  std::vector<std::string>{"abcdefghij", "klmnopqrst", "uvwxyz"}}) {
            auto source = pieces(26, parts);
            aws_chunked body(*source.get(), 10, how, crc);
            if (how == signed_chunks) body.sign_by(signer());
            if (first.empty()) first = run(all_of(body)).value();
            for (int i = 0; i < 2; ++i) {
                // From the end, and from the middle.
                EXPECT_TRUE(body.rewind());
                EXPECT_EQ(run(all_of(body)).value(), first);
                EXPECT_TRUE(body.rewind());
                EXPECT_TRUE(run(body.next()));
                EXPECT_TRUE(run(body.next()));
            }
        }
    }
}

TEST_F(aws_chunked_test, OfAnotherLengthThanItSaysHasNoEnd) {
    for (const auto how : {unsigned_chunks, signed_chunks})
        for (const auto& [size, what] :
             {std::pair(27, "the body is shorter than its declared 27 bytes (26)"),
              std::pair(100, "the body is shorter than its declared 100 bytes (26)"),
              std::pair(25, "the body is longer than its declared 25 bytes (26)"),
              std::pair(20, "the body is longer than its declared 20 bytes (26)"),
              std::pair(0, "the body is longer than its declared 0 bytes (26)")}) {
            auto source = pieces(static_cast<std::uint64_t>(size), {"abcdefghijklmnopqrstuvwxyz"});
            aws_chunked body(*source.get(), 10, how, crc);
            if (how == signed_chunks) body.sign_by(signer());
            const auto all = run(all_of(body));
            ASSERT_FALSE(all) << all.value();
            EXPECT_EQ(all.error().code(), errc::body_failed);
            EXPECT_EQ(all.error().detail(), what);
            EXPECT_FALSE(body.sum());
        }
}

TEST_F(aws_chunked_test, ThatFailsHasNoEnd) {
    auto source = body::generator(9, [n = 0]() mutable -> awaitable<result<asio::const_buffer>> {
        if (n++ == 0) co_return asio::buffer("1234", 4);
        co_return error(errc::body_failed, "the disk is gone");
    });
    aws_chunked body(*source.get(), 8, unsigned_chunks, crc);
    EXPECT_EQ(run(all_of(body)).error().detail(), "the disk is gone");
}

}  // namespace
}  // namespace cairn::s3
