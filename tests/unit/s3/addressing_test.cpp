#include "requests.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace cairn::s3 {
namespace {

using namespace test;
using ::testing::HasSubstr;
using ::testing::Not;

void expect_address(const site::address& at, std::string_view host, std::string_view authority,
                    std::string_view path) {
    EXPECT_EQ(at.host, host);
    EXPECT_EQ(at.authority, authority);
    EXPECT_EQ(at.path, path);
}

std::string problem(const client_config& config) {
    const auto made = site::create(config);
    EXPECT_FALSE(made) << config.endpoint << " " << config.region;
    EXPECT_EQ(made.error().code(), errc::invalid_configuration);
    return made.error().detail();
}

TEST(Addressing, PutsTheBucketInTheHostOnAws) {
    const auto site = aws("eu-west-1");
    EXPECT_TRUE(site.tls());
    EXPECT_EQ(site.port(), 443);
    expect_address(site.of("photos"), "photos.s3.eu-west-1.amazonaws.com",
                   "photos.s3.eu-west-1.amazonaws.com", "");
    expect_address(site.of(""), "s3.eu-west-1.amazonaws.com", "s3.eu-west-1.amazonaws.com", "");
}

TEST(Addressing, KnowsThePartitionsOfAws) {
    EXPECT_EQ(aws("cn-north-1").of("").host, "s3.cn-north-1.amazonaws.com.cn");
    EXPECT_EQ(aws("us-gov-west-1").of("").host, "s3.us-gov-west-1.amazonaws.com");
    EXPECT_EQ(aws("eusc-de-east-1").of("").host, "s3.eusc-de-east-1.amazonaws.eu");
    EXPECT_EQ(aws("us-iso-east-1").of("").host, "s3.us-iso-east-1.c2s.ic.gov");
    EXPECT_EQ(aws("us-isob-east-1").of("").host, "s3.us-isob-east-1.sc2s.sgov.gov");
    EXPECT_EQ(aws("eu-isoe-west-1").of("").host, "s3.eu-isoe-west-1.cloud.adc-e.uk");
    EXPECT_EQ(aws("us-isof-south-1").of("").host, "s3.us-isof-south-1.csp.hci.ic.gov");
}

TEST(Addressing, PutsTheBucketInThePathWhenAskedTo) {
    expect_address(aws("us-west-2", addressing::path).of("photos"), "s3.us-west-2.amazonaws.com",
                   "s3.us-west-2.amazonaws.com", "/photos");
}

TEST(Addressing, PutsABucketInThePathThatNoCertificateOrNameCovers) {
    const auto site = aws();
    for (const std::string_view bucket :
         {"a.b.c", "Photos", "my_bucket", "ab", "-ab", "192.168.0.1"})
        EXPECT_EQ(site.of(bucket).path, "/" + std::string(bucket));
    EXPECT_EQ(site.of("ph otos").path, "/ph%20otos");
}

TEST(Addressing, AllowsDotsInTheHostWithoutTls) {
    const auto site = site_of(config_with("http://s3.local", addressing::virtual_host));
    EXPECT_EQ(site.of("a.bc").host, "a.bc.s3.local");
}

TEST(Addressing, PutsTheBucketInThePathOfACustomEndpoint) {
    const auto site = site_of(config_with("http://localhost:9000"));
    EXPECT_FALSE(site.tls());
    EXPECT_EQ(site.port(), 9000);
    expect_address(site.of("photos"), "localhost", "localhost:9000", "/photos");
}

TEST(Addressing, PutsTheBucketInTheHostOfACustomEndpointWhenAskedTo) {
    const auto site =
        site_of(config_with("https://S3.Example.com:8443/", addressing::virtual_host));
    expect_address(site.of("photos"), "photos.s3.example.com", "photos.s3.example.com:8443", "");
    expect_address(site.of(""), "s3.example.com", "s3.example.com:8443", "");
}

TEST(Addressing, PutsNothingBeforeAnIpAddress) {
    for (const auto how : {addressing::automatic, addressing::virtual_host}) {
        expect_address(site_of(config_with("http://127.0.0.1:9000", how)).of("photos"), "127.0.0.1",
                       "127.0.0.1:9000", "/photos");
        expect_address(site_of(config_with("http://[::1]:9000", how)).of("photos"), "::1",
                       "[::1]:9000", "/photos");
    }
}

TEST(Addressing, LeavesDefaultPortsOutOfTheHostHeader) {
    const auto plain = site_of(config_with("http://s3.local:80"));
    EXPECT_EQ(plain.port(), 80);
    EXPECT_EQ(plain.of("").authority, "s3.local");
    const auto tls = site_of(config_with("https://s3.local:443"));
    EXPECT_EQ(tls.port(), 443);
    EXPECT_EQ(tls.of("").authority, "s3.local");
    EXPECT_EQ(site_of(config_with("http://s3.local:443")).of("").authority, "s3.local:443");
    EXPECT_EQ(site_of(config_with("http://s3.local:")).port(), 80);
    EXPECT_EQ(site_of(config_with("https://[::1]")).of("").authority, "[::1]");
}

TEST(Addressing, KeepsTheBasePathOfAnEndpoint) {
    const auto site = site_of(config_with("https://example.com/storage/s3%20v1/"));
    EXPECT_EQ(site.of("").path, "/storage/s3%20v1");
    EXPECT_EQ(site.of("photos").path, "/storage/s3%20v1/photos");
    const auto in_host = site_of(config_with("https://example.com/s3", addressing::virtual_host));
    EXPECT_EQ(in_host.of("photos").path, "/s3");
}

TEST(Addressing, SaysWhatIsWrongWithAnEndpoint) {
    const std::pair<std::string, std::string> cases[] = {
        {"localhost:9000", "begin with http"},
        {"127.0.0.1:9000", "begin with http"},
        {"ftp://example.com", "begin with http"},
        {"http://", "no host"},
        {"http:///photos", "no host"},
        {"http://example.com:99999", "port"},
        {"http://example.com:0", "port"},
        {"http://exa mple.com", "not a URL"},
        {"http://[::1", "not a URL"},
        {"http://example.com?x=1", "query"},
        {"http://example.com#x", "fragment"},
        {"http://exa%20mple.com", "host"},
        {"http://example.com:port", "port"},
        {"http://[v1.x]", "address"},
    };
    for (const auto& [endpoint, what] : cases) {
        const auto said = problem(config_with(endpoint));
        EXPECT_THAT(said, HasSubstr(what)) << endpoint;
        EXPECT_THAT(said, HasSubstr("'" + endpoint + "'"));
    }
}

TEST(Addressing, NeverQuotesAnEndpointThatHoldsAPassword) {
    const auto said = problem(config_with("http://key:hunter2@example.com"));
    EXPECT_THAT(said, HasSubstr("user name"));
    EXPECT_THAT(said, Not(HasSubstr("hunter2")));
}

TEST(Addressing, RefusesARegionThatIsNone) {
    for (const std::string region : {"", "us east", "a.b", "x/y", "us-east-1\r\n"})
        EXPECT_THAT(problem(config_with("", addressing::automatic, region)), HasSubstr("region"));
}

}  // namespace
}  // namespace cairn::s3
