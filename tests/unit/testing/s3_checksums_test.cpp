#include "unit/testing/s3_core_fixture.hpp"

namespace cairn::testing::simulated {
namespace {

class s3_checksums : public core_test {};

// The check values of the catalogue of CRC algorithms, of "123456789".
TEST(checksum, is_what_others_compute) {
    const auto hex = [](checksum_algorithm a) {
        return to_hex(as_bytes(raw_checksum(a, "123456789")));
    };
    EXPECT_EQ(hex(checksum_algorithm::crc32), "cbf43926");
    EXPECT_EQ(hex(checksum_algorithm::crc32c), "e3069283");
    EXPECT_EQ(hex(checksum_algorithm::crc64nvme), "ae8b14860a799888");
    EXPECT_EQ(full_checksum(checksum_algorithm::sha1, "hello").value,
              "qvTGHdzF6KLavt4PO0gs2a6pQ00=");
    EXPECT_EQ(full_checksum(checksum_algorithm::sha256, "hello").value,
              "LPJNul+wow4m6DsqxbninhsWHlwfp0JecwQzYpOLmCQ=");
}

TEST_F(s3_checksums, are_verified_and_given_back) {
    for (const auto algorithm :
         {checksum_algorithm::crc32, checksum_algorithm::crc32c, checksum_algorithm::crc64nvme,
          checksum_algorithm::sha1, checksum_algorithm::sha256}) {
        const auto header = header_of(algorithm);
        const auto right = full_checksum(algorithm, "hello").value;
        const auto wrong = full_checksum(algorithm, "other").value;
        const auto stored = good("PUT", "/bucket/k", {{header, right}}, "hello");
        EXPECT_EQ(stored.headers[header], right);
        const auto got = good("GET", "/bucket/k", {{"x-amz-checksum-mode", "ENABLED"}});
        EXPECT_EQ(got.headers[header], right);
        EXPECT_EQ(got.headers["x-amz-checksum-type"], "FULL_OBJECT");
        EXPECT_FALSE(good("GET", "/bucket/k").headers.contains(header));
        expect_refused(send("PUT", "/bucket/k", {{header, wrong}}, "hello"), 400, "BadDigest");
        expect_refused(send("PUT", "/bucket/k", {{header, "nonsense"}}, "hello"), 400,
                       "InvalidRequest");
    }
}

TEST_F(s3_checksums, are_computed_if_none_is_sent) {
    EXPECT_EQ(good("PUT", "/bucket/k", {}, "123456789").headers["x-amz-checksum-crc64nvme"],
              "rosUhgp5mIg=");
}

TEST_F(s3_checksums, by_md5_are_verified) {
    put("k", "hello", {{"Content-MD5", "XUFAKrxLKna5cZ2REBfFkg=="}});
    expect_refused(send("PUT", "/bucket/k", {{"Content-MD5", "AAAAKrxLKna5cZ2REBfFkg=="}}, "hello"),
                   400, "BadDigest");
    expect_refused(send("PUT", "/bucket/k", {{"Content-MD5", "nonsense"}}, "hello"), 400,
                   "InvalidDigest");
}

TEST_F(s3_checksums, come_alone_and_as_announced) {
    const auto crc = full_checksum(checksum_algorithm::crc32, "hello").value;
    const auto sha = full_checksum(checksum_algorithm::sha1, "hello").value;
    expect_refused(send("PUT", "/bucket/k",
                        {{"x-amz-checksum-crc32", crc}, {"x-amz-checksum-sha1", sha}}, "hello"),
                   400, "InvalidRequest");
    expect_refused(send("PUT", "/bucket/k", {{"x-amz-sdk-checksum-algorithm", "CRC32"}}, "hello"),
                   400, "InvalidRequest");
    expect_refused(
        send("PUT", "/bucket/k",
             {{"x-amz-sdk-checksum-algorithm", "SHA1"}, {"x-amz-checksum-crc32", crc}}, "hello"),
        400, "InvalidRequest");
}

// --- Payloads
// -------------------------------------------------------------------------------------

class s3_payloads : public core_test {
  protected:
    static headers streaming(const std::string& kind, const std::string& length,
                             const headers& more = {}) {
        headers all{{"x-amz-content-sha256", "STREAMING-" + kind},
                    {"x-amz-decoded-content-length", length},
                    {"Content-Encoding", "aws-chunked"}};
        all.insert(all.end(), more.begin(), more.end());
        return all;
    }
};

TEST_F(s3_payloads, are_what_was_signed) {
    expect_refused(
        send("PUT", "/bucket/k", {{"x-amz-content-sha256", wire::sha256_hex("other")}}, "hello"),
        400, "XAmzContentSHA256Mismatch");
    expect_refused(send("PUT", "/bucket/k", {{"x-amz-content-sha256", "short"}}, "hello"), 400,
                   "InvalidArgument");
    put("k", "hello", {{"x-amz-content-sha256", "UNSIGNED-PAYLOAD"}});
}

TEST_F(s3_payloads, come_in_chunks_with_a_trailer) {
    const auto chunked = [&](const std::string& trailer, const std::string& length = "9") {
        return send("PUT", "/bucket/k",
                    streaming("UNSIGNED-PAYLOAD-TRAILER", length,
                              {{"x-amz-trailer", "x-amz-checksum-crc32"}}),
                    "5\r\n12345\r\n4\r\n6789\r\n0\r\n" + trailer + "\r\n");
    };
    const auto r = chunked("x-amz-checksum-crc32:y/Q5Jg==\r\n");
    expect_ok(r);
    EXPECT_EQ(r.headers["x-amz-checksum-crc32"], "y/Q5Jg==");
    EXPECT_EQ(get("k"), "123456789");
    EXPECT_FALSE(good("HEAD", "/bucket/k").headers.contains("Content-Encoding"));
    expect_refused(chunked("x-amz-checksum-crc32:AAAAAA==\r\n"), 400, "BadDigest");
    expect_refused(chunked(""), 400, "InvalidRequest");
    expect_refused(chunked("x-amz-checksum-crc32:y/Q5Jg==\r\n", "10"), 400, "IncompleteBody");
}

TEST_F(s3_payloads, that_break_off_are_refused) {
    for (const std::string body : {"", "5", "5\r\n123", "zz\r\n", "5\r\n12345678\r\n"})
        expect_refused(send("PUT", "/bucket/k", streaming("UNSIGNED-PAYLOAD-TRAILER", "5"), body),
                       400, "IncompleteBody");
}

// By the rules, written down once more: each chunk's signature goes on from the one before.
TEST_F(s3_payloads, have_every_chunk_signed) {
    auto head = head_of("PUT", "/bucket/k", streaming("AWS4-HMAC-SHA256-PAYLOAD", "5"));
    sign(head);
    const std::string authorization(head.headers["Authorization"]);
    const auto seed = authorization.substr(authorization.rfind('=') + 1);
    wire::sha256 hasher;
    auto key =
        wire::hmac_sha256(hasher, as_bytes("AWS4" + std::string(secret_key)), as_bytes("20260101"));
    for (const std::string_view part : {"us-east-1", "s3", "aws4_request"})
        key = wire::hmac_sha256(hasher, key, as_bytes(part));
    const auto next = [&](const std::string& previous, std::string_view chunk) {
        return simulated::sign(key,
                               "AWS4-HMAC-SHA256-PAYLOAD\n20260101T000000Z\n20260101/us-east-1/s3/"
                               "aws4_request\n" +
                                   previous + '\n' + wire::sha256_hex("") + '\n' +
                                   wire::sha256_hex(chunk));
    };
    const auto first = next(seed, "hello");
    const auto last = next(first, "");
    const auto body = [&](const std::string& content) {
        return "5;chunk-signature=" + first + "\r\n" + content + "\r\n0;chunk-signature=" + last +
               "\r\n\r\n";
    };
    expect_ok(s3.handle(head, body("hello"), now));
    EXPECT_EQ(get("k"), "hello");
    expect_refused(s3.handle(head, body("hallo"), now), 403, "SignatureDoesNotMatch");
}

}  // namespace
}  // namespace cairn::testing::simulated
