#include "unit/auth/scratch.hpp"

#include <cairn/auth/settings.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace cairn::auth {
namespace {

using ::testing::HasSubstr;

settings loaded(const environment& env) {
    return load_settings(env).value();
}

std::string fault(const environment& env) {
    const auto s = load_settings(env);
    EXPECT_FALSE(s);
    if (s) return "";
    EXPECT_EQ(s.error().code(), errc::invalid_configuration);
    return s.error().detail();
}

TEST(settings, nothing_anywhere_is_nothing) {
    const auto s = loaded(env_of({}));
    EXPECT_EQ(s.profile, "default");
    EXPECT_EQ(s.region, std::nullopt);
    EXPECT_EQ(s.endpoint_url, std::nullopt);
    EXPECT_EQ(s.ca_bundle, std::nullopt);
    EXPECT_EQ(s.addressing, std::nullopt);
}

TEST(settings, profile_gives_them_all) {
    home h;
    h.config(
        "[profile a]\nregion = eu-west-1\nendpoint_url = http://p\nca_bundle = /ca file\ns3 =\n  "
        "addressing_style = "
        "path\n");
    const auto s = loaded(h.env({{"AWS_PROFILE", "a"}}));
    EXPECT_EQ(s.profile, "a");
    EXPECT_EQ(s.region, "eu-west-1");
    EXPECT_EQ(s.endpoint_url, "http://p");
    EXPECT_EQ(s.ca_bundle, "/ca file");
    EXPECT_EQ(s.addressing, addressing_style::path);
}

TEST(settings, of_checksums_are_read) {
    const auto none = loaded(env_of({}));
    EXPECT_EQ(none.request_checksum_calculation, std::nullopt);
    EXPECT_EQ(none.response_checksum_validation, std::nullopt);
    home h;
    h.config(
        "[default]\nrequest_checksum_calculation = when_required\nresponse_checksum_validation = "
        "WHEN_SUPPORTED\n");
    const auto s = loaded(h.env({}));
    EXPECT_EQ(s.request_checksum_calculation, checksum_rule::when_required);
    EXPECT_EQ(s.response_checksum_validation, checksum_rule::when_supported);
    const auto e = loaded(h.env({{"AWS_REQUEST_CHECKSUM_CALCULATION", "when_supported"},
                                 {"AWS_RESPONSE_CHECKSUM_VALIDATION", "when_required"}}));
    EXPECT_EQ(e.request_checksum_calculation, checksum_rule::when_supported);
    EXPECT_EQ(e.response_checksum_validation, checksum_rule::when_required);
    EXPECT_THAT(fault(h.env({{"AWS_REQUEST_CHECKSUM_CALCULATION", "never"}})),
                HasSubstr("AWS_REQUEST_CHECKSUM_CALCULATION is 'never'"));
    EXPECT_THAT(fault(h.env({{"AWS_RESPONSE_CHECKSUM_VALIDATION", "never"}})),
                HasSubstr("neither when_supported nor when_required"));
}

TEST(settings, of_attempts_are_read) {
    EXPECT_EQ(loaded(env_of({})).max_attempts, std::nullopt);
    home h;
    h.config("[default]\nmax_attempts = 5\n");
    EXPECT_EQ(loaded(h.env({})).max_attempts, 5U);
    EXPECT_EQ(loaded(h.env({{"AWS_MAX_ATTEMPTS", "1"}})).max_attempts, 1U);
    for (const auto* wrong : {"0", "-1", "many", "99999999999"})
        EXPECT_THAT(fault(h.env({{"AWS_MAX_ATTEMPTS", wrong}})),
                    HasSubstr("AWS_MAX_ATTEMPTS is '" + std::string(wrong)));
}

TEST(settings, wanted_profile_goes_before_the_variable) {
    home h;
    h.config("[profile a]\nregion = a\n[profile b]\nregion = b\n");
    EXPECT_EQ(load_settings(h.env({{"AWS_PROFILE", "a"}}), "b").value().region, "b");
}

TEST(settings, environment_goes_before_the_profile) {
    home h;
    h.config("[default]\nregion = profile\nca_bundle = profile\n");
    EXPECT_EQ(loaded(h.env({{"AWS_REGION", "one"}, {"AWS_DEFAULT_REGION", "two"}})).region, "one");
    EXPECT_EQ(loaded(h.env({{"AWS_DEFAULT_REGION", "two"}})).region, "two");
    EXPECT_EQ(loaded(h.env({{"AWS_REGION", ""}})).region, "profile");
    EXPECT_EQ(loaded(h.env({{"AWS_CA_BUNDLE", "variable"}})).ca_bundle, "variable");
}

TEST(settings, endpoint_of_s3_goes_before_the_general_one) {
    home h;
    h.config(
        "[default]\nservices = mine\nendpoint_url = http://profile\n[services mine]\ns3 =\n "
        "endpoint_url = http://service\n");
    EXPECT_EQ(
        loaded(h.env({{"AWS_ENDPOINT_URL_S3", "http://s3"}, {"AWS_ENDPOINT_URL", "http://all"}}))
            .endpoint_url,
        "http://s3");
    EXPECT_EQ(loaded(h.env({{"AWS_ENDPOINT_URL", "http://all"}})).endpoint_url, "http://all");
    EXPECT_EQ(loaded(h.env()).endpoint_url, "http://service");
}

TEST(settings, services_without_s3_leave_the_profile_s_endpoint) {
    home h;
    h.config(
        "[default]\nservices = mine\nendpoint_url = http://profile\n[services mine]\nec2 =\n "
        "endpoint_url = http://ec2\n");
    EXPECT_EQ(loaded(h.env()).endpoint_url, "http://profile");
}

TEST(settings, services_must_exist) {
    home h;
    h.config("[default]\nservices = mine\n");
    EXPECT_THAT(fault(h.env()), HasSubstr("services 'mine', which doesn't exist"));
}

TEST(settings, configured_endpoints_can_be_ignored) {
    home h;
    h.config(
        "[default]\nendpoint_url = http://profile\n[profile off]\nignore_configured_endpoint_urls "
        "= true\nendpoint_url = http://profile\n");
    EXPECT_EQ(loaded(h.env({{"AWS_ENDPOINT_URL", "http://x"},
                            {"AWS_IGNORE_CONFIGURED_ENDPOINT_URLS", "True"}}))
                  .endpoint_url,
              std::nullopt);
    EXPECT_EQ(loaded(h.env({{"AWS_ENDPOINT_URL", "http://x"},
                            {"AWS_IGNORE_CONFIGURED_ENDPOINT_URLS", "false"}}))
                  .endpoint_url,
              "http://x");
    EXPECT_EQ(loaded(h.env({{"AWS_PROFILE", "off"}})).endpoint_url, std::nullopt);
    EXPECT_EQ(
        loaded(h.env({{"AWS_PROFILE", "off"}, {"AWS_IGNORE_CONFIGURED_ENDPOINT_URLS", "false"}}))
            .endpoint_url,
        "http://profile");
}

TEST(settings, every_addressing_style_and_no_other) {
    home h;
    const auto style = [&](const std::string& text) {
        h.config("[default]\ns3 =\n addressing_style = " + text + "\n");
        return load_settings(h.env());
    };
    EXPECT_EQ(style("auto").value().addressing, addressing_style::automatic);
    EXPECT_EQ(style("virtual").value().addressing, addressing_style::virtual_host);
    EXPECT_EQ(style("").value().addressing, std::nullopt);
    EXPECT_THAT(style("vhost").error().detail(), HasSubstr("'vhost'"));
}

TEST(settings, region_and_endpoint_with_a_line_break_are_errors_that_name_them) {
    home h;
    EXPECT_EQ(fault(h.env({{"AWS_REGION", "us-east-1\n"}})),
              "AWS_REGION has a blank, a line break or another control character");
    EXPECT_THAT(fault(h.env({{"AWS_ENDPOINT_URL_S3", "http://a b"}})),
                HasSubstr("AWS_ENDPOINT_URL_S3 has"));
    h.config("[default]\nregion = us east\n");
    EXPECT_THAT(fault(h.env()), HasSubstr("region of profile 'default' (" + h.path(".aws/config")));
}

TEST(settings, missing_profile_is_an_error) {
    home h;
    EXPECT_THAT(fault(h.env({{"AWS_PROFILE", "gone"}})), HasSubstr("profile 'gone'"));
}

}  // namespace
}  // namespace cairn::auth
