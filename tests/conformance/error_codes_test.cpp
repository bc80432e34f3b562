#include "s3/error_codes.hpp"

#include "s3/service_error.hpp"
#include "support/vectors.hpp"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>

#include <map>
#include <string>

// Every error code of S3's reference, with its status.
namespace cairn::test {
namespace {

struct exception {
    errc meaning;
    std::string_view reason;
};

/// Codes that mean something else than their status does.
const std::map<std::string_view, exception>& exceptions() {
    static const std::map<std::string_view, exception> all{
        {"503 SlowDown", {errc::throttled, "told from a failing service, to send less"}},
        {"SlowDown", {errc::throttled, "told from a failing service, to send less"}},
        {"ExpiredToken", {errc::access_denied, "new credentials help"}},
        {"InvalidToken", {errc::access_denied, "other credentials help"}},
        {"TokenRefreshRequired", {errc::access_denied, "new credentials help"}},
        {"EndpointNotFound", {errc::redirected, "another endpoint helps"}},
        {"IncorrectEndpoint", {errc::redirected, "another endpoint helps"}},
        {"InvalidObjectState", {errc::bad_request, "archived; no permission helps"}},
        {"RequestTimeout", {errc::service_failed, "sending it again helps"}},
        {"ServerSideEncryptionConfigurationNotFoundError", {errc::not_found, "S3 sends 404"}},
        {"NotImplemented", {errc::bad_request, "sending it again never helps"}},
    };
    return all;
}

errc meaning_of_status(std::int64_t status) {
    switch (status) {
        case 301:
        case 307:
            return errc::redirected;
        case 304:
            return errc::not_modified;
        case 403:
            return errc::access_denied;
        case 404:
            return errc::not_found;
        case 409:
            return errc::conflict;
        case 412:
            return errc::precondition_failed;
        case 416:
            return errc::range_not_satisfiable;
        case 500:
        case 503:
            return errc::service_failed;
        case 400:
        case 405:
        case 411:
            return errc::bad_request;
        default:
            break;
    }
    ADD_FAILURE() << "a status that this test doesn't know: " << status;
    return errc{};
}

errc expected_meaning(std::string_view code, std::int64_t status) {
    const auto found = exceptions().find(code);
    return found == exceptions().end() ? meaning_of_status(status) : found->second.meaning;
}

std::string document(std::string_view code) {
    return "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<Error><Code>" + std::string(code) +
           "</Code><Message>said so</Message><RequestId>R1</RequestId></Error>";
}

error reply(std::string_view code, std::int64_t status, bool modifies) {
    const s3::operation_table table{.name = "Any", .method = "PUT", .modifies = modifies};
    wire::response_head head;
    head.status = static_cast<unsigned>(status);
    return s3::service_error(table, head, document(code));
}

void check(std::string_view code, std::int64_t status) {
    SCOPED_TRACE(std::string(code));
    const auto e = reply(code, status, false);
    EXPECT_EQ(e.code(), make_error_code(expected_meaning(code, status)));
    EXPECT_EQ(e.s3_code(), code);
    EXPECT_EQ(e.s3_message(), "said so");
    EXPECT_EQ(e.request_id(), "R1");
    EXPECT_EQ(e.http_status(), status);
    EXPECT_EQ(e.effect(), effect::none);
    EXPECT_EQ(reply(code, status, true).effect(),
              status == 500 ? effect::unknown : effect::not_applied);
    EXPECT_EQ(s3::known_meaning(code), expected_meaning(code, status)) << "known by its code alone";
}

TEST(ErrorCodes, MeanWhatS3Says) {
    CAIRN_REQUIRE_VECTORS(file, "error-codes/s3_error_codes.json");
    const auto codes = read_json(file).at("S3").as_array();
    EXPECT_EQ(codes.size(), 133u);
    std::size_t excepted = 0;
    for (const auto& value : codes) {
        const auto& entry = value.as_object();
        const std::string_view code = entry.at("code").as_string();
        // Two old SOAP codes come with no status of their own; S3 sent them with 400.
        const auto& status = entry.at("http_status_code");
        check(code, status.is_null() ? 400 : status.as_int64());
        excepted += exceptions().contains(code);
    }
    EXPECT_EQ(excepted, exceptions().size()) << "an exception is for a code that isn't there";
}

}  // namespace
}  // namespace cairn::test
