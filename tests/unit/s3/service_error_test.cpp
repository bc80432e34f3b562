#include "s3/service_error.hpp"

#include "s3/reply_document.hpp"

#include <cairn/s3/operations.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <initializer_list>
#include <utility>

namespace cairn::s3 {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::StartsWith;

using headers = std::initializer_list<std::pair<std::string_view, std::string_view>>;

template <class Operation>
error replied(unsigned status, std::string_view document, headers fields = {}) {
    wire::response_head head;
    head.status = status;
    for (const auto& [name, value] : fields) head.headers.add(name, value);
    return service_error(table_of<Operation>(), head, document);
}

std::string coded(std::string_view code, std::string_view more = {}) {
    return "<Error><Code>" + std::string(code) + "</Code>" + std::string(more) + "</Error>";
}

TEST(ServiceError, TellsAllThatS3Says) {
    const auto e = replied<get_object>(
        404,
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<Error><Code>NoSuchKey</Code><Message>The "
        "specified "
        "key does not "
        "exist.</Message><Key>a</Key><RequestId>R1</RequestId><HostId>H1</HostId></Error>");
    EXPECT_EQ(e.code(), errc::not_found);
    EXPECT_EQ(e.s3_code(), "NoSuchKey");
    EXPECT_EQ(e.s3_message(), "The specified key does not exist.");
    EXPECT_EQ(e.request_id(), "R1");
    EXPECT_EQ(e.host_id(), "H1");
    EXPECT_EQ(e.http_status(), 404u);
    EXPECT_EQ(e.effect(), effect::none);
}

TEST(ServiceError, PrefersTheIdsOfTheHead) {
    const auto e = replied<get_object>(
        403, coded("AccessDenied", "<RequestId>x</RequestId><HostId>y</HostId>"),
        {{"x-amz-request-id", "R"}, {"x-amz-id-2", "H"}});
    EXPECT_EQ(e.request_id(), "R");
    EXPECT_EQ(e.host_id(), "H");
}

TEST(ServiceError, ReadsWrappedErrors) {
    const auto e = replied<get_object>(403,
                                       "<ErrorResponse xmlns=\"x\"><Error><Type>Sender</Type>"
                                       "<Code>AccessDenied</Code><Message>no</Message></Error>"
                                       "<RequestId>R</RequestId></ErrorResponse>");
    EXPECT_EQ(e.code(), errc::access_denied);
    EXPECT_EQ(e.s3_message(), "no");
    EXPECT_EQ(e.request_id(), "R");
}

TEST(ServiceError, BelievesACodeMoreThanItsStatus) {
    EXPECT_EQ(replied<get_object>(400, coded("NoSuchKey")).code(), errc::not_found);
    EXPECT_EQ(replied<get_object>(500, coded("SlowDown")).code(), errc::throttled);
    EXPECT_EQ(replied<get_object>(400, coded("ExpiredToken")).code(), errc::access_denied);
}

TEST(ServiceError, FallsBackOnTheStatus) {
    const std::pair<unsigned, errc> cases[] = {
        {301, errc::redirected},
        {304, errc::not_modified},
        {307, errc::redirected},
        {308, errc::redirected},
        {400, errc::bad_request},
        {401, errc::access_denied},
        {403, errc::access_denied},
        {404, errc::not_found},
        {405, errc::bad_request},
        {409, errc::conflict},
        {411, errc::bad_request},
        {412, errc::precondition_failed},
        {416, errc::range_not_satisfiable},
        {418, errc::bad_request},
        {429, errc::throttled},
        {500, errc::service_failed},
        {501, errc::bad_request},
        {502, errc::service_failed},
        {503, errc::service_failed},
        {504, errc::service_failed},
        {599, errc::service_failed},
    };
    for (const auto& [status, meaning] : cases) {
        EXPECT_EQ(replied<get_object>(status, coded("NeverHeardOf")).code(), meaning) << status;
        EXPECT_EQ(replied<get_object>(status, "").code(), meaning) << status;
    }
}

TEST(ServiceError, UnderstandsAHeadWithoutADocument) {
    EXPECT_EQ(replied<head_object>(404, "").code(), errc::not_found);
    EXPECT_EQ(replied<head_object>(403, "").code(), errc::access_denied);
    EXPECT_EQ(replied<head_object>(412, "").code(), errc::precondition_failed);
    EXPECT_EQ(replied<head_object>(503, "").code(), errc::throttled);
    EXPECT_EQ(replied<get_object>(503, "").code(), errc::service_failed);
    const auto minio = replied<head_object>(
        404, "", {{"X-Minio-Error-Code", "NoSuchBucket"}, {"X-Minio-Error-Desc", "no bucket"}});
    EXPECT_EQ(minio.s3_code(), "NoSuchBucket");
    EXPECT_EQ(minio.s3_message(), "no bucket");
}

TEST(ServiceError, NamesTheRegionThatOwnsTheBucket) {
    const auto moved = replied<head_bucket>(301, "", {{"x-amz-bucket-region", "eu-west-1"}});
    EXPECT_EQ(moved.code(), errc::redirected);
    EXPECT_THAT(moved.hint(), HasSubstr("region eu-west-1"));
    const auto signed_for_another = replied<get_object>(
        400, coded("AuthorizationHeaderMalformed", "<Region>eu-west-2</Region>"));
    EXPECT_EQ(signed_for_another.code(), errc::redirected);
    EXPECT_THAT(signed_for_another.hint(), HasSubstr("region eu-west-2"));
    const auto head = replied<head_object>(400, "", {{"x-amz-bucket-region", "eu-west-3"}});
    EXPECT_THAT(head.hint(), HasSubstr("region eu-west-3"));
    EXPECT_EQ(replied<get_object>(400, coded("AuthorizationHeaderMalformed")).code(),
              errc::bad_request);
    EXPECT_THAT(replied<get_object>(
                    301, coded("PermanentRedirect", "<Endpoint>photos.s3.example</Endpoint>"))
                    .hint(),
                HasSubstr("photos.s3.example"));
    EXPECT_THAT(replied<get_object>(307, "", {{"Location", "http://elsewhere"}}).hint(),
                HasSubstr("http://elsewhere"));
}

TEST(ServiceError, DoesNotBlameTheRegionForWhatItIsNot) {
    const headers region = {{"x-amz-bucket-region", "eu-west-1"}};
    EXPECT_THAT(replied<head_object>(403, "", region).hint(), Not(HasSubstr("region")));
    EXPECT_THAT(replied<head_object>(404, "", region).hint(), HasSubstr("no such bucket, or no"));
    const auto at_home = coded("XMinioInvalidObjectName", "<Region>us-east-1</Region>");
    EXPECT_THAT(replied<get_object>(400, at_home).hint(), IsEmpty());
}

TEST(ServiceError, SaysWhatToDo) {
    const std::pair<std::string_view, std::string_view> cases[] = {
        {"SignatureDoesNotMatch", "secret access key"},
        {"InvalidAccessKeyId", "access key id"},
        {"RequestTimeTooSkewed", "clock"},
        {"NoSuchBucket", "create the bucket"},
        {"ExpiredToken", "get new ones"},
        {"BucketNotEmpty", "delete its objects"},
        {"InvalidObjectState", "restore"},
        {"SlowDown", "fewer requests"},
        {"XAmzContentSHA256Mismatch", "send it again"},
        {"BadDigest", "send it again"},
        {"IllegalLocationConstraintException", "location_constraint"},
    };
    for (const auto& [code, hint] : cases)
        EXPECT_THAT(replied<get_object>(403, coded(code)).hint(), HasSubstr(hint)) << code;
    EXPECT_THAT(
        replied<get_object>(404, coded("NoSuchKey"), {{"x-amz-delete-marker", "true"}}).detail(),
        HasSubstr("has been deleted"));
}

TEST(ServiceError, KeepsQuietOfWhatMayHoldSecrets) {
    const auto e =
        replied<get_object>(403, coded("SignatureDoesNotMatch",
                                       "<AWSAccessKeyId>AKID</AWSAccessKeyId><CanonicalRequest>GET "
                                       "x-amz-security-token:hunter2</CanonicalRequest>"));
    EXPECT_THAT(e.what(), Not(HasSubstr("hunter2")));
}

TEST(ServiceError, KnowsAPageOfAProxy) {
    const auto denied = replied<get_object>(
        403, "<html><head><title>Blocked by ACME</title></head><body>long</body></html>");
    EXPECT_EQ(denied.code(), errc::not_s3);
    EXPECT_THAT(denied.detail(), HasSubstr("'Blocked by ACME'"));
    EXPECT_EQ(replied<get_object>(404, "404 page not found\n").code(), errc::not_s3);
    EXPECT_EQ(replied<get_object>(404, "<feed/>").code(), errc::not_s3);
    const auto bad_gateway =
        replied<get_object>(502, "<html><title>502 Bad Gateway</title></html>");
    EXPECT_EQ(bad_gateway.code(), errc::service_failed);
    EXPECT_THAT(bad_gateway.detail(), HasSubstr("502 Bad Gateway"));
    EXPECT_THAT(bad_gateway.hint(), HasSubstr("proxy"));
}

TEST(ServiceError, GoesByTheStatusOfABrokenDocument) {
    const auto e = replied<get_object>(403, "<Error><Code>AccessDen");
    EXPECT_EQ(e.code(), errc::access_denied);
    EXPECT_THAT(e.detail(), HasSubstr("not well-formed"));
    EXPECT_EQ(replied<get_object>(404, "<Error></Error>").code(), errc::not_found);
}

TEST(ServiceError, TellsWhatAChangeHasDone) {
    for (const unsigned status : {301u, 400u, 403u, 404u, 409u, 412u, 429u, 501u})
        EXPECT_EQ(replied<put_object>(status, "").effect(), effect::not_applied) << status;
    for (const unsigned status : {408u, 500u, 502u, 503u, 504u, 520u})
        EXPECT_EQ(replied<put_object>(status, "").effect(), effect::unknown) << status;
    EXPECT_EQ(replied<put_object>(503, coded("SlowDown")).effect(), effect::not_applied);
    EXPECT_EQ(replied<put_object>(503, coded("SlowDownWrite")).effect(), effect::unknown);
    EXPECT_EQ(replied<put_object>(503, "<html>upstream reset</html>").effect(), effect::unknown);
    EXPECT_EQ(replied<copy_object>(200, coded("InternalError")).effect(), effect::unknown);
    EXPECT_EQ(replied<copy_object>(200, coded("AccessDenied")).effect(), effect::not_applied);
    EXPECT_EQ(replied<get_object>(500, "").effect(), effect::none);
}

TEST(Excerpt, IsTheTitleOrTheFirstCharacters) {
    EXPECT_EQ(excerpt("<html><title lang=\"en\">\n  A\n\tB </title>"), "A B");
    EXPECT_EQ(excerpt("  some\r\n text "), "some text");
    EXPECT_EQ(excerpt(std::string(81, 'x')), std::string(80, 'x') + "...");
    EXPECT_EQ(excerpt(std::string(80, 'x')), std::string(80, 'x'));
    EXPECT_EQ(excerpt(std::string(79, 'x') + "\xe2\x82\xac"), std::string(79, 'x') + "...");
    EXPECT_EQ(excerpt(""), "");
    EXPECT_THAT(excerpt("<title>"), StartsWith("<title>"));
}

}  // namespace
}  // namespace cairn::s3
