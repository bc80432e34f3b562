#include "integration/server.hpp"
#include "integration/through_faults.hpp"

namespace cairn::test {
namespace {

// Base64 checksums of "hello", by zlib and openssl dgst.
constexpr auto crc32_of_hello = "NhCmhg==";
constexpr auto sha1_of_hello = "qvTGHdzF6KLavt4PO0gs2a6pQ00=";
constexpr auto sha256_of_hello = "LPJNul+wow4m6DsqxbninhsWHlwfp0JecwQzYpOLmCQ=";
constexpr auto md5_of_hello = "XUFAKrxLKna5cZ2REBfFkg==";

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

// In the clear the body is part of the signature.
TEST_F(checksums, of_a_signature_catch_a_body_that_changes) {
    auto config = server_config();
    config.payload_signing = s3::payload_signing::always;
    const auto client = connect(std::move(config));
    std::string content = "first";
    bool given = false;
    auto changing = body::generator(
        content.size(),
        [&]() -> awaitable<result<asio::const_buffer>> {
            if (std::exchange(given, true)) co_return asio::const_buffer();
            co_return asio::buffer(content);
        },
        [&] {
            // Signed before, sent after.
            if (given) content = "other";
            given = false;
        });
    s3::put_object request(bucket, "k");
    request.body = std::move(changing);
    const auto e = bad(client.send(std::move(request)));
    EXPECT_TRUE(tells_effect(e, effect::not_applied)) << e;
    EXPECT_EQ(e.http_status(), 400u) << e;
    EXPECT_EQ(bad(s3.get_object(bucket, "k")).code(), errc::not_found);
}

}  // namespace
}  // namespace cairn::test
