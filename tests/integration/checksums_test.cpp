#include "integration/server.hpp"
#include "integration/through_faults.hpp"

namespace cairn::test {
namespace {

// Base64 checksums of "hello", by zlib and openssl dgst.
constexpr auto crc32_of_hello = "NhCmhg==";
constexpr auto sha1_of_hello = "qvTGHdzF6KLavt4PO0gs2a6pQ00=";
constexpr auto sha256_of_hello = "LPJNul+wow4m6DsqxbninhsWHlwfp0JecwQzYpOLmCQ=";
constexpr auto md5_of_hello = "XUFAKrxLKna5cZ2REBfFkg==";

// And CRC64NVME of "123456789", by the catalogue of CRC algorithms.
constexpr auto crc64nvme_of_digits = "rosUhgp5mIg=";

class checksums : public server_test {
  protected:
    using member = std::optional<std::string> s3::put_object::*;

    s3::put_object with(member checksum, std::string_view algorithm, const char* value) {
        s3::put_object request(bucket, "k");
        request.body = "hello";
        request.*checksum = value;
        if (!algorithm.empty()) request.checksum_algorithm = algorithm;
        return request;
    }
    void expect_taken(s3::put_object request) {
        good(s3.send(std::move(request)));
        EXPECT_EQ(get("k"), "hello");
    }
    void expect_refused(s3::put_object request) {
        const auto e = bad(s3.send(std::move(request)));
        EXPECT_TRUE(is_error(e, errc::bad_request, effect::not_applied,
                             {path_of(bucket, "k"), e.s3_code()}));
        EXPECT_EQ(e.http_status(), 400u) << e;
        EXPECT_EQ(bad(s3.get_object(bucket, "k")).code(), errc::not_found);
    }
};

TEST_F(checksums, by_crc32_are_taken_if_right) {
    expect_taken(
        with(&s3::put_object::checksum_crc32, s3::checksum_algorithm::crc32, crc32_of_hello));
}

TEST_F(checksums, by_crc32_are_refused_if_wrong) {
    expect_refused(
        with(&s3::put_object::checksum_crc32, s3::checksum_algorithm::crc32, "AAAAAA=="));
}

TEST_F(checksums, by_sha1_are_taken_if_right) {
    expect_taken(with(&s3::put_object::checksum_sha1, s3::checksum_algorithm::sha1, sha1_of_hello));
}

TEST_F(checksums, by_sha256_are_taken_if_right) {
    expect_taken(
        with(&s3::put_object::checksum_sha256, s3::checksum_algorithm::sha256, sha256_of_hello));
}

TEST_F(checksums, by_sha256_are_refused_if_wrong) {
    expect_refused(with(&s3::put_object::checksum_sha256, s3::checksum_algorithm::sha256,
                        "AAAAul+wow4m6DsqxbninhsWHlwfp0JecwQzYpOLmCQ="));
}

TEST_F(checksums, by_md5_are_taken_if_right) {
    expect_taken(with(&s3::put_object::content_md5, {}, md5_of_hello));
}

TEST_F(checksums, by_md5_are_refused_if_wrong) {
    expect_refused(with(&s3::put_object::content_md5, {}, "AAAAKrxLKna5cZ2REBfFkg=="));
}

TEST_F(checksums, are_given_on_request) {
    expect_taken(
        with(&s3::put_object::checksum_sha256, s3::checksum_algorithm::sha256, sha256_of_hello));
    s3::head_object head(bucket, "k");
    head.checksum_mode = s3::checksum_mode::enabled;
    EXPECT_EQ(good(s3.send(std::move(head))).checksum_sha256, sha256_of_hello);
    s3::get_object request(bucket, "k");
    request.checksum_mode = s3::checksum_mode::enabled;
    auto got = good(s3.send(std::move(request)));
    EXPECT_EQ(got.checksum_sha256, sha256_of_hello);
    EXPECT_EQ(good(got.body.read_all(100)), "hello");
}

TEST_F(checksums, are_sent_and_kept_by_default) {
    const auto stored = good(s3.put_object(bucket, "k", "123456789"));
    EXPECT_EQ(stored.checksum_crc64nvme, crc64nvme_of_digits);
    s3::head_object head(bucket, "k");
    head.checksum_mode = s3::checksum_mode::enabled;
    EXPECT_EQ(good(s3.send(std::move(head))).checksum_crc64nvme, crc64nvme_of_digits);
}

TEST_F(checksums, of_what_is_read_whole_are_told) {
    put("k", "123456789");
    auto got = good(s3.get_object(bucket, "k"));
    EXPECT_EQ(got.checksum_crc64nvme, crc64nvme_of_digits);
    EXPECT_EQ(good(got.body.read_all(100)), "123456789");
}

TEST_F(checksums, of_the_whole_are_not_taken_for_those_of_a_range) {
    put("k", "123456789");
    s3::get_object request(bucket, "k");
    request.range = "bytes=2-4";
    auto got = good(s3.send(std::move(request)));
    EXPECT_EQ(good(got.body.read_all(100)), "345");
}

class trailing_checksums : public checksums {
  protected:
    // Uploads `content` so that nothing of it can be known before it is sent.
    result<s3::put_object_output> upload(const s3::client& client, std::string_view content,
                                         std::string_view algorithm) {
        auto rest = std::make_shared<std::string_view>(content);
        s3::put_object request(bucket, "k");
        if (!algorithm.empty()) request.checksum_algorithm = algorithm;
        request.body =
            body::generator(content.size(), [rest]() -> awaitable<result<asio::const_buffer>> {
                const auto piece = rest->substr(0, 300'000);
                rest->remove_prefix(piece.size());
                co_return asio::buffer(piece);
            });
        return run(client.send(std::move(request)));
    }
    static void expect_stored(const result<s3::put_object_output>& stored) {
        EXPECT_TRUE(stored) << stored.error();
    }
    static s3::client_config config(s3::payload_signing signing) {
        auto made = server_config();
        made.checksums.trailers = true;
        made.payload_signing = signing;
        return made;
    }
};

TEST_F(trailing_checksums, are_verified_and_kept) {
    const auto content = pattern(17 * 1024 * 1024);
    for (const auto signing : {s3::payload_signing::always, s3::payload_signing::never})
        for (const std::size_t size : {0, 9, 65'536, 100'000, 17 * 1024 * 1024}) {
            const auto client = connect(config(signing));
            const auto wanted = std::string_view(content).substr(0, size);
            const auto stored = upload(client, wanted, {}).value();
            auto got = good(s3.get_object(bucket, "k"));
            EXPECT_EQ(got.checksum_crc64nvme, stored.checksum_crc64nvme);
            EXPECT_TRUE(good(got.body.read_all(content.size())) == wanted) << size;
        }
}

TEST_F(trailing_checksums, leave_nothing_of_their_coding_behind) {
    const auto client = connect(config(s3::payload_signing::never));
    for (const std::string own : {"", "gzip"}) {
        s3::put_object request(bucket, "k");
        if (!own.empty()) request.content_encoding = own;
        request.body =
            body::generator(5, [given = false]() mutable -> awaitable<result<asio::const_buffer>> {
                co_return std::exchange(given, true) ? asio::const_buffer()
                                                     : asio::buffer("hello", 5);
            });
        good(client.send(std::move(request)));
        EXPECT_EQ(good(s3.head_object(bucket, "k")).content_encoding.value_or(""), own);
    }
}

TEST_F(trailing_checksums, are_of_any_algorithm) {
    for (const auto algorithm : {s3::checksum_algorithm::crc32, s3::checksum_algorithm::crc64nvme,
                                 s3::checksum_algorithm::sha1, s3::checksum_algorithm::sha256}) {
        expect_stored(upload(connect(config(s3::payload_signing::never)), "123456789", algorithm));
        expect_stored(upload(connect(config(s3::payload_signing::always)), "123456789", algorithm));
    }
}

TEST_F(trailing_checksums, are_of_crc32c) {
    const auto client = connect(config(s3::payload_signing::never));
    expect_stored(upload(client, "123456789", s3::checksum_algorithm::crc32c));
    EXPECT_EQ(get("k"), "123456789");
}

// What is read of it first says one thing, and what is sent another.
class changing_bodies : public checksums {
  protected:
    void expect_caught(s3::client_config config) {
        const auto client = connect(std::move(config));
        auto changing = body::generator(
            content_.size(),
            [this]() -> awaitable<result<asio::const_buffer>> {
                if (std::exchange(given_, true)) co_return asio::const_buffer();
                co_return asio::buffer(content_);
            },
            [this] {
                if (given_) content_ = "other";
                given_ = false;
            });
        s3::put_object request(bucket, "k");
        request.body = std::move(changing);
        const auto e = bad(client.send(std::move(request)));
        EXPECT_TRUE(tells_effect(e, effect::not_applied)) << e;
        EXPECT_EQ(e.http_status(), 400u) << e;
        EXPECT_EQ(bad(s3.get_object(bucket, "k")).code(), errc::not_found);
    }

  private:
    std::string content_ = "first";
    bool given_ = false;
};

// In the clear the body is part of the signature.
TEST_F(changing_bodies, are_caught_by_their_signature) {
    auto config = server_config();
    config.payload_signing = s3::payload_signing::always;
    config.checksums.uploads.reset();
    expect_caught(std::move(config));
}

TEST_F(changing_bodies, are_caught_by_their_checksum) {
    auto config = server_config();
    config.payload_signing = s3::payload_signing::never;
    config.checksums.trailers = false;
    expect_caught(std::move(config));
}

}  // namespace
}  // namespace cairn::test
