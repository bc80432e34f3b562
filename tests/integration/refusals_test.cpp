#include "integration/server.hpp"
#include "integration/through_faults.hpp"
#include "support/skewed_clock.hpp"

#include <cairn/auth/providers.hpp>

#include <cstdlib>

namespace cairn::test {
namespace {

/// What a server says to clients that are set up wrongly.
class refusals : public server_test {
  protected:
    static s3::client_config with_keys(std::string access_key, std::string secret_key) {
        auto config = server_config();
        config.credentials = auth::static_credentials(
            auth::credentials(std::move(access_key), secret(std::move(secret_key))));
        return config;
    }
    static std::string access_key() { return std::getenv("AWS_ACCESS_KEY_ID"); }
    static std::string secret_key() { return std::getenv("AWS_SECRET_ACCESS_KEY"); }

    /// The error of an upload, after which nothing is stored.
    error refusal_of(const s3::client_config& config) {
        const auto client = connect(config);
        auto e = bad(client.put_object(bucket, "k", "v"));
        EXPECT_EQ(bad(s3.get_object(bucket, "k")).code(), errc::not_found);
        return e;
    }
    /// The same, of a client that puts nothing right by itself; one that may, succeeds.
    error first_refusal_of(s3::client_config config) {
        config.resilience = s3::resilience::none();
        auto e = refusal_of(config);
        config.resilience = s3::resilience();
        good(connect(config).put_object(bucket, "k", "v"));
        return e;
    }
};

TEST_F(refusals, wrong_secret) {
    const auto e = refusal_of(with_keys(access_key(), "wrong-secret"));
    EXPECT_TRUE(is_error(e, errc::access_denied, effect::not_applied,
                         {"PutObject " + path_of(bucket, "k"), "SignatureDoesNotMatch",
                          "check the secret access key", "HTTP 403"}));
    EXPECT_THAT(e.what(), ::testing::Not(::testing::HasSubstr("wrong-secret")));
}

TEST_F(refusals, wrong_access_key) {
    const auto e = refusal_of(with_keys("AKIAUNKNOWN", secret_key()));
    EXPECT_TRUE(is_error(e, errc::access_denied, effect::not_applied,
                         {"PutObject " + path_of(bucket, "k"), "InvalidAccessKeyId",
                          "check the access key id", "HTTP 403"}));
}

TEST_F(refusals, wrong_secret_for_head_in_its_few_words) {
    const auto client = connect(with_keys(access_key(), "wrong-secret"));
    EXPECT_TRUE(is_error(bad(client.head_object(bucket, "k")), errc::access_denied, effect::none,
                         {"HeadObject " + path_of(bucket, "k"), "HTTP 403"}));
}

TEST_F(refusals, no_signature) {
    auto config = server_config();
    config.credentials = auth::anonymous_credentials();
    EXPECT_TRUE(is_error(refusal_of(config), errc::access_denied, effect::not_applied,
                         {path_of(bucket, "k"), "AccessDenied"}));
}

TEST_F(refusals, wrong_session_token) {
    auto config = server_config();
    config.credentials = auth::static_credentials(
        auth::credentials(access_key(), secret(secret_key()), secret("not a token")));
    const auto e = refusal_of(config);
    EXPECT_TRUE(tells_effect(e, effect::not_applied)) << e;
}

TEST_F(refusals, a_clock_that_is_a_day_ahead) {
    auto config = server_config();
    config.clock = std::make_shared<skewed_clock>(system_clock(), std::chrono::hours(24));
    EXPECT_TRUE(is_error(first_refusal_of(config), errc::access_denied, effect::not_applied,
                         {path_of(bucket, "k"), "RequestTimeTooSkewed", "clock"}));
}

TEST_F(refusals, a_clock_that_is_a_day_behind) {
    auto config = server_config();
    config.clock = std::make_shared<skewed_clock>(system_clock(), -std::chrono::hours(24));
    EXPECT_TRUE(is_error(first_refusal_of(config), errc::access_denied, effect::not_applied,
                         {path_of(bucket, "k"), "RequestTimeTooSkewed", "clock"}));
}

TEST_F(refusals, another_region) {
    auto config = server_config();
    config.region = "eu-central-1";
    const auto e = first_refusal_of(config);
    EXPECT_TRUE(e.code() == errc::redirected || e.code() == errc::bad_request) << e;
    EXPECT_EQ(e.effect(), effect::not_applied) << e;
    EXPECT_THAT(e.what(), ::testing::HasSubstr(path_of(bucket, "k")));
    EXPECT_THAT(e.what(), ::testing::HasSubstr("us-east-1")) << "the region to use";
}

TEST_F(refusals, a_body_that_a_digest_does_not_fit) {
    s3::put_object request(bucket, "k");
    request.body = "hello";
    request.content_md5 = "not base64 of anything";
    EXPECT_TRUE(is_error(bad(s3.send(std::move(request))), errc::bad_request, effect::not_applied,
                         {path_of(bucket, "k")}));
    EXPECT_EQ(bad(s3.get_object(bucket, "k")).code(), errc::not_found);
}

TEST_F(refusals, leave_the_connection_in_use) {
    auto config = with_keys(access_key(), "wrong-secret");
    const auto network = std::make_shared<local_transport>(config.tls);
    config.transport = network;
    const auto client = connect(std::move(config));
    for (int i = 0; i < 5; ++i) EXPECT_EQ(bad(client.get_object(bucket, "k")).http_status(), 403u);
    EXPECT_EQ(network->connections(), 1);
}

// --- Found before anything is sent --------------------------------------------------------------

/// Configurations that no server is asked about.
class configurations : public server_test {};

TEST_F(configurations, without_credentials_name_what_was_looked_for) {
    const auto env = [](const std::string& name) -> std::optional<std::string> {
        if (name == "AWS_CONFIG_FILE" || name == "AWS_SHARED_CREDENTIALS_FILE") return "/dev/null";
        return std::nullopt;
    };
    auto config = server_config();
    config.credentials = auth::default_chain(env);
    const auto client = connect(std::move(config));
    EXPECT_TRUE(is_error(bad(client.put_object(bucket, "k", "v")), errc::missing_credentials,
                         effect::not_applied, {path_of(bucket, "k"), "AWS_ACCESS_KEY_ID"}));
}

TEST_F(configurations, with_empty_credentials_name_the_variable) {
    const auto env = [](const std::string& name) -> std::optional<std::string> {
        if (name == "AWS_ACCESS_KEY_ID") return "";
        if (name == "AWS_SECRET_ACCESS_KEY") return "secret-of-mine";
        return std::nullopt;
    };
    auto config = server_config();
    config.credentials = auth::environment_credentials(env);
    const auto client = connect(std::move(config));
    const auto e = bad(client.put_object(bucket, "k", "v"));
    EXPECT_TRUE(is_error(e, errc::invalid_configuration, effect::not_applied,
                         {path_of(bucket, "k"), "AWS_ACCESS_KEY_ID"}));
    EXPECT_THAT(e.what(), ::testing::Not(::testing::HasSubstr("secret-of-mine")));
}

TEST_F(configurations, with_endpoints_that_are_none_are_refused) {
    for (const std::string endpoint :
         {"localhost:9000", "ftp://localhost", "http://", "http://user:pass@localhost",
          "http://localhost:99999", "http://localhost:port", "http://localhost/?query",
          "http://local host"}) {
        auto config = server_config();
        config.endpoint = endpoint;
        const auto made = s3::client::create(std::move(config));
        ASSERT_FALSE(made) << endpoint;
        EXPECT_EQ(made.error().code(), errc::invalid_configuration) << endpoint;
        EXPECT_THAT(made.error().what(), ::testing::Not(::testing::HasSubstr("pass@")));
    }
}

TEST_F(configurations, with_a_region_that_is_none_are_refused) {
    for (const std::string region : {"", "us east 1", "us-east-1/../x", "us-east-1\r\n"}) {
        auto config = server_config();
        config.region = region;
        const auto made = s3::client::create(std::move(config));
        ASSERT_FALSE(made) << region;
        EXPECT_EQ(made.error().code(), errc::invalid_configuration) << region;
    }
}

TEST_F(configurations, with_a_ca_file_that_is_none_name_it) {
    auto config = server_config();
    config.tls.ca_file = "/nowhere/ca.pem";
    const auto made = s3::client::create(std::move(config));
    ASSERT_FALSE(made);
    EXPECT_EQ(made.error().code(), errc::invalid_configuration);
    EXPECT_THAT(made.error().what(), ::testing::HasSubstr("/nowhere/ca.pem"));
}

}  // namespace
}  // namespace cairn::test
