#include "unit/testing/s3_core_fixture.hpp"

namespace cairn::testing::simulated {
namespace {

using namespace std::chrono_literals;

class s3_signatures : public core_test {
  protected:
    wire::request_head signed_head() const {
        auto head = head_of("GET", "/bucket?list-type=2&prefix=a%20b%2Fc");
        sign(head);
        return head;
    }
    reply handle(const wire::request_head& head) { return s3.handle(head, {}, now); }
    static void replace(wire::request_head& head, std::string_view what, std::string_view by) {
        std::string text(head.headers["Authorization"]);
        const auto at = text.find(what);
        ASSERT_NE(at, text.npos);
        head.headers.set("Authorization", text.replace(at, what.size(), by));
    }
};

TEST_F(s3_signatures, of_the_account_are_taken) {
    expect_ok(handle(signed_head()));
}

TEST_F(s3_signatures, by_another_secret_are_refused) {
    auto head = head_of("GET", "/bucket");
    sign(head, "another secret");
    const auto r = handle(head);
    expect_refused(r, 403, "SignatureDoesNotMatch");
    EXPECT_EQ(text(r, "AWSAccessKeyId"), access_key);
    EXPECT_NE(text(r, "CanonicalRequest"), "");
    EXPECT_NE(text(r, "StringToSign"), "");
    EXPECT_EQ(r.body.find(secret_key), std::string::npos);
}

TEST_F(s3_signatures, cover_method_target_and_fields) {
    auto head = signed_head();
    head.method = "HEAD";
    EXPECT_EQ(handle(head).status, 403u);
    head = signed_head();
    head.target += "x";
    expect_refused(handle(head), 403, "SignatureDoesNotMatch");
    head = signed_head();
    head.headers.set("Host", "s3.example:81");
    expect_refused(handle(head), 403, "SignatureDoesNotMatch");
}

TEST_F(s3_signatures, have_to_cover_what_is_s3s) {
    auto head = signed_head();
    head.headers.set("x-amz-request-payer", "requester");
    const auto r = handle(head);
    expect_refused(r, 403, "AccessDenied");
    EXPECT_EQ(text(r, "HeadersNotSigned"), "x-amz-request-payer");
}

TEST_F(s3_signatures, of_strangers_are_refused) {
    auto head = signed_head();
    replace(head, access_key, "AKIDOTHER");
    expect_refused(handle(head), 403, "InvalidAccessKeyId");
}

TEST_F(s3_signatures, are_required) {
    expect_refused(handle(head_of("GET", "/bucket")), 403, "AccessDenied");
    auto head = signed_head();
    head.headers.set("Authorization", "AWS AKIDEXAMPLE:c2lnbmF0dXJl");
    expect_refused(handle(head), 400, "InvalidRequest");
    head.headers.set("Authorization", "AWS4-HMAC-SHA256 Credential=x");
    expect_refused(handle(head), 400, "AuthorizationHeaderMalformed");
    head = signed_head();
    replace(head, "/s3/", "/ec2/");
    expect_refused(handle(head), 400, "AuthorizationHeaderMalformed");
    head.target = "/bucket?X-Amz-Algorithm=AWS4-HMAC-SHA256";
    expect_refused(handle(head), 501, "NotImplemented");
}

TEST_F(s3_signatures, are_good_for_a_quarter_of_an_hour) {
    const auto head = signed_head();
    wait(15min);
    expect_ok(handle(head));
    wait(1s);
    const auto r = handle(head);
    expect_refused(r, 403, "RequestTimeTooSkewed");
    EXPECT_EQ(text(r, "RequestTime"), "20260101T000000Z");
    EXPECT_EQ(text(r, "ServerTime"), "2026-01-01T00:15:01.000Z");
    EXPECT_EQ(text(r, "MaxAllowedSkewMilliseconds"), "900000");
    wait(-31min);
    expect_refused(handle(head), 403, "RequestTimeTooSkewed");
}

TEST_F(s3_signatures, want_to_know_the_payload) {
    auto head = head_of("GET", "/bucket");
    head.headers.erase("x-amz-content-sha256");
    sign(head);
    expect_refused(handle(head), 400, "InvalidRequest");
}

TEST_F(s3_signatures, have_the_token_of_their_account) {
    auto head = head_of("GET", "/bucket");
    wire::signer("us-east-1", "s3")
        .sign(head, head.headers["x-amz-content-sha256"], {access_key, secret_key, "token"}, now);
    expect_refused(handle(head), 400, "InvalidToken");
}

TEST_F(s3_signatures, are_checked_before_anything_is_told) {
    auto head = head_of("GET", "/nowhere/k");
    sign(head, "another secret");
    expect_refused(handle(head), 403, "SignatureDoesNotMatch");
}

}  // namespace
}  // namespace cairn::testing::simulated
