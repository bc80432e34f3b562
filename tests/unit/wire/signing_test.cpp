#include "wire/sha256.hpp"

#include <cairn/core/bytes.hpp>
#include <cairn/wire/signing.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <thread>

namespace cairn::wire {
namespace {

using ::testing::EndsWith;
using ::testing::HasSubstr;
using ::testing::Not;
using namespace std::chrono_literals;

const signing_credentials keys{"AKID", "secret-key", ""};
const clock::utc_time noon{std::chrono::sys_days{std::chrono::year{2024} / 2 / 29} + 12h + 3min +
                           4s + 999ms};

request_head get(std::string target = "/key") {
    request_head head;
    head.method = "GET";
    head.target = std::move(target);
    head.headers.add("Host", "bucket.s3.amazonaws.com");
    return head;
}

std::string canonical(const request_head& head, canonical_path path = canonical_path::as_sent) {
    return signer("us-east-1", "s3", path).canonical_request(head, unsigned_payload);
}

std::string line(const std::string& text, std::size_t number) {
    std::size_t start = 0;
    while (number-- > 0) start = text.find('\n', start) + 1;
    return text.substr(start, text.find('\n', start) - start);
}

std::string uri(std::string target, canonical_path path = canonical_path::as_sent) {
    return line(canonical(get(std::move(target)), path), 1);
}
std::string query(std::string target) {
    return line(canonical(get(std::move(target))), 2);
}

std::string signed_with(const signer& s, const signing_credentials& credentials,
                        clock::utc_time now = noon) {
    auto head = get();
    s.sign(head, unsigned_payload, credentials, now);
    return std::string(head.headers["Authorization"]);
}

TEST(sha256, digests_of_fips_180) {
    EXPECT_EQ(sha256_hex(""), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    EXPECT_EQ(sha256_hex("abc"),
              "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

TEST(sha256, pieces_make_one_message_and_finish_starts_the_next) {
    sha256 hasher;
    hasher.update(as_bytes("a"));
    hasher.update(as_bytes("bc"));
    EXPECT_EQ(to_hex(hasher.finish()), sha256_hex("abc"));
    EXPECT_EQ(to_hex(hasher.finish()), sha256_hex(""));
}

TEST(hmac_sha256, cases_of_rfc_4231) {
    sha256 hasher;
    const auto mac = [&](std::string_view key, std::string_view data) {
        return to_hex(hmac_sha256(hasher, as_bytes(key), as_bytes(data)));
    };
    EXPECT_EQ(mac("Jefe", "what do ya want for nothing?"),
              "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
    EXPECT_EQ(
        mac(std::string(131, '\xaa'), "Test Using Larger Than Block-Size Key - Hash Key First"),
        "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54");
}

TEST(canonical_request, path_of_s3_is_as_sent) {
    EXPECT_EQ(uri("/a//b/../c%20d/./%7e"), "/a//b/../c%20d/./%7e");
    EXPECT_EQ(uri(""), "/");
    EXPECT_EQ(uri("?acl"), "/");
}

TEST(canonical_request, path_of_other_services_is_normalized_and_encoded_again) {
    const auto normalized = [](std::string target) {
        return uri(std::move(target), canonical_path::normalized);
    };
    EXPECT_EQ(normalized("/a//b/./c%20d"), "/a/b/c%2520d");
    EXPECT_EQ(normalized("/a/b/.."), "/a/");
    EXPECT_EQ(normalized("/a/b/../"), "/a/");
    EXPECT_EQ(normalized("/../../a"), "/a");
    EXPECT_EQ(normalized("/a/."), "/a/");
    EXPECT_EQ(normalized(""), "/");
    EXPECT_EQ(normalized("//"), "/");
}

TEST(canonical_request, query_is_sorted_by_encoded_name_then_value) {
    EXPECT_EQ(query("/?b=2&a=2&a=1&a-b=3&A=0"), "A=0&a=1&a=2&a-b=3&b=2");
}

TEST(canonical_request, query_is_encoded_strictly_once) {
    EXPECT_EQ(query("/?prefix=a/b%20c&k=%7e*+%2b"), "k=~%2A%2B%2B&prefix=a%2Fb%20c");
    EXPECT_EQ(query("/?a=100%&b=%zz"), "a=100%25&b=%25zz");
    EXPECT_EQ(query("/?a=b=c"), "a=b%3Dc");
}

TEST(canonical_request, query_value_may_be_empty) {
    EXPECT_EQ(query("/?uploads"), "uploads=");
    EXPECT_EQ(query("/?uploads="), "uploads=");
    EXPECT_EQ(query("/?&a=1&&"), "a=1");
    EXPECT_EQ(query("/?"), "");
}

TEST(canonical_request, headers_are_sorted_lowered_and_folded) {
    auto head = get();
    head.headers.add("X-Amz-Meta-B", "  two  \t words  ");
    head.headers.add("x-amz-meta-a", "");
    head.headers.add("X-AMZ-META-B", "again");
    EXPECT_EQ(
        canonical(head),
        "GET\n/key\n\nhost:bucket.s3.amazonaws.com\nx-amz-meta-a:\nx-amz-meta-b:two words,again\n\n"
        "host;x-amz-meta-a;x-amz-meta-b\nUNSIGNED-PAYLOAD");
}

TEST(canonical_request, many_repeats_keep_their_order) {
    auto head = get();
    std::string expected;
    for (int i = 0; i < 100; ++i) {
        head.headers.add(i % 2 != 0 ? "x-a" : "X-A", std::to_string(99 - i));
        expected += (i != 0 ? "," : "x-a:") + std::to_string(99 - i);
    }
    EXPECT_EQ(line(canonical(head), 4), expected);
}

TEST(canonical_request, leaves_out_what_proxies_change) {
    for (const std::string_view name :
         {"Authorization", "User-Agent", "Expect", "Connection", "Transfer-Encoding",
          "X-Amzn-Trace-Id", "Accept-Encoding", "TE"})
        EXPECT_TRUE(signer::is_unsigned(name)) << name;
    for (const std::string_view name : {"host", "range", "content-length", "content-md5",
                                        "x-amz-date", "x-amz-trailer", "cache-control", ""})
        EXPECT_FALSE(signer::is_unsigned(name)) << name;
    auto head = get();
    const auto before = canonical(head);
    head.headers.add("User-Agent", "cairn");
    EXPECT_EQ(canonical(head), before);
}

TEST(signer, dates_are_utc_and_padded) {
    auto head = get();
    signer("eu-west-1", "s3").sign(head, unsigned_payload, keys, noon);
    EXPECT_EQ(head.headers["x-amz-date"], "20240229T120304Z");
    EXPECT_THAT(
        std::string(head.headers["authorization"]),
        HasSubstr(
            "Credential=AKID/20240229/eu-west-1/s3/aws4_request, SignedHeaders=host;x-amz-date, "));
}

TEST(signer, string_to_sign_holds_scope_and_digest) {
    EXPECT_EQ(signer("eu-west-1", "s3").string_to_sign("abc", noon),
              "AWS4-HMAC-SHA256\n20240229T120304Z\n20240229/eu-west-1/s3/aws4_request\n" +
                  sha256_hex("abc"));
}

TEST(signer, signing_again_gives_what_signing_once_gives) {
    const signer s("us-east-1", "s3");
    auto once = get();
    s.sign(once, unsigned_payload, keys, noon);
    auto again = get();
    s.sign(again, unsigned_payload, {"OTHER", "other", "a-token"}, noon - 25h);
    EXPECT_EQ(again.headers["x-amz-security-token"], "a-token");
    s.sign(again, unsigned_payload, keys, noon);
    EXPECT_EQ(again.headers["authorization"], once.headers["authorization"]);
    EXPECT_FALSE(again.headers.contains("x-amz-security-token"));
    EXPECT_EQ(again.headers.size(), once.headers.size());
}

TEST(signer, payload_hash_may_be_a_view_of_the_headers) {
    const signer s("us-east-1", "s3");
    auto head = get();
    head.headers.add("x-amz-content-sha256", sha256_hex("body"));
    auto other = head;
    s.sign(head, head.headers["x-amz-content-sha256"], keys, noon);
    s.sign(other, sha256_hex("body"), keys, noon);
    EXPECT_EQ(head.headers["authorization"], other.headers["authorization"]);
}

TEST(signer, session_token_is_signed) {
    auto head = get();
    signer("us-east-1", "s3").sign(head, unsigned_payload, {"AKID", "secret-key", "token"}, noon);
    EXPECT_THAT(std::string(head.headers["authorization"]), HasSubstr(";x-amz-security-token,"));
}

TEST(signer, kept_key_never_serves_another_secret_or_day) {
    const signer kept("us-east-1", "s3");
    const signing_credentials other{"AKID", "secret-kez", ""};
    const auto fresh = [](const signing_credentials& c, clock::utc_time now) {
        return signed_with(signer("us-east-1", "s3"), c, now);
    };
    for (const auto& credentials : {keys, other, keys})
        for (const auto now : {noon, noon + 12h, noon})
            EXPECT_EQ(signed_with(kept, credentials, now), fresh(credentials, now));
}

TEST(signer, region_and_service_change_the_signature) {
    const auto signature = [](const signer& s) {
        const auto text = signed_with(s, keys);
        return text.substr(text.rfind('='));
    };
    const auto base = signature(signer("us-east-1", "s3"));
    EXPECT_NE(signature(signer("us-east-2", "s3")), base);
    EXPECT_NE(signature(signer("us-east-1", "sts")), base);
}

TEST(signer, never_writes_the_secret) {
    EXPECT_THAT(signed_with(signer("us-east-1", "s3"), keys), Not(HasSubstr("secret-key")));
}

TEST(signer, threads_may_share_one) {
    const signer s("us-east-1", "s3");
    const signing_credentials other{"AKID", "other-secret", ""};
    const auto expected = signed_with(s, keys), expected_other = signed_with(s, other);
    std::vector<std::thread> threads;
    for (int t = 0; t < 4; ++t) {
        threads.emplace_back([&, t] {
            for (int i = 0; i < 200; ++i)
                EXPECT_EQ(signed_with(s, t % 2 != 0 ? keys : other),
                          t % 2 != 0 ? expected : expected_other);
        });
    }
    for (auto& thread : threads) thread.join();
}

}  // namespace
}  // namespace cairn::wire
