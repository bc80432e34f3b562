#include "unit/auth/scratch.hpp"

#include <cairn/auth/providers.hpp>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace cairn::auth {
namespace {

using answer = credentials_provider::answer;
using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;

answer ask(const provider_ptr& provider) {
    asio::io_context io;
    std::optional<answer> out;
    asio::co_spawn(io, provider->get(), [&](std::exception_ptr thrown, answer a) {
        EXPECT_EQ(thrown, nullptr);
        out = std::move(a);
    });
    io.run();
    return out.value();
}

void expect_keys(const provider_ptr& provider, std::string_view id, std::string_view key,
                 std::string_view token = "") {
    const auto a = ask(provider);
    ASSERT_TRUE(a) << a.error();
    ASSERT_NE(*a, nullptr);
    EXPECT_EQ((*a)->access_key_id, id);
    EXPECT_EQ((*a)->secret_access_key.reveal(), key);
    EXPECT_EQ((*a)->session_token.reveal(), token);
    EXPECT_EQ((*a)->expires, std::nullopt);
}

std::string fault(const provider_ptr& provider, errc code) {
    const auto a = ask(provider);
    EXPECT_FALSE(a);
    if (a) return "";
    EXPECT_EQ(a.error().code(), code) << a.error();
    return a.error().detail();
}

environment keys_env(std::map<std::string, std::string> more = {}) {
    more.emplace("AWS_ACCESS_KEY_ID", "AKID");
    more.emplace("AWS_SECRET_ACCESS_KEY", "hush");
    return env_of(std::move(more));
}

// Counts its calls, and answers what it is told to.
class scripted final : public credentials_provider {
  public:
    explicit scripted(answer a) : next(std::move(a)) {}
    awaitable<answer> get() override {
        ++calls;
        co_return next;
    }
    answer next;
    int calls = 0;
};

answer keys(std::string id) {
    return std::make_shared<const credentials>(std::move(id), secret("s"));
}

TEST(static_credentials, answer_as_given) {
    expect_keys(static_credentials(credentials("id", secret("key"), secret("token"))), "id", "key",
                "token");
}

TEST(anonymous_credentials, are_null) {
    const auto a = ask(anonymous_credentials());
    ASSERT_TRUE(a);
    EXPECT_EQ(*a, nullptr);
}

TEST(environment_credentials, keys_and_token) {
    expect_keys(environment_credentials(keys_env()), "AKID", "hush");
    expect_keys(environment_credentials(keys_env({{"AWS_SESSION_TOKEN", "t"}})), "AKID", "hush",
                "t");
    expect_keys(environment_credentials(keys_env({{"AWS_SESSION_TOKEN", ""}})), "AKID", "hush");
}

TEST(environment_credentials, unset_is_missing) {
    EXPECT_EQ(fault(environment_credentials(env_of({})), errc::missing_credentials),
              "AWS_ACCESS_KEY_ID is not set");
    EXPECT_EQ(fault(environment_credentials(env_of({{"AWS_SESSION_TOKEN", "t"}})),
                    errc::missing_credentials),
              "AWS_ACCESS_KEY_ID is not set");
}

TEST(environment_credentials, half_set_is_an_error) {
    EXPECT_EQ(fault(environment_credentials(env_of({{"AWS_ACCESS_KEY_ID", "AKID"}})),
                    errc::invalid_configuration),
              "AWS_ACCESS_KEY_ID is set, but AWS_SECRET_ACCESS_KEY is not");
    EXPECT_EQ(fault(environment_credentials(env_of({{"AWS_SECRET_ACCESS_KEY", "hush"}})),
                    errc::invalid_configuration),
              "AWS_SECRET_ACCESS_KEY is set, but AWS_ACCESS_KEY_ID is not");
}

TEST(environment_credentials, empty_is_an_error) {
    EXPECT_EQ(fault(environment_credentials(keys_env({{"AWS_ACCESS_KEY_ID", ""}})),
                    errc::invalid_configuration),
              "AWS_ACCESS_KEY_ID is empty");
    EXPECT_EQ(fault(environment_credentials(keys_env({{"AWS_SECRET_ACCESS_KEY", ""}})),
                    errc::invalid_configuration),
              "AWS_SECRET_ACCESS_KEY is empty");
}

TEST(environment_credentials, blanks_and_line_breaks_are_errors_that_hide_the_value) {
    for (const char* name : {"AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN"}) {
        for (const char* value : {"hush\n", " hush", "hush hush", "hush\t", "\r", "hush\x7f"}) {
            const auto a = ask(environment_credentials(keys_env({{name, value}})));
            ASSERT_FALSE(a) << name;
            EXPECT_EQ(a.error().code(), errc::invalid_configuration);
            EXPECT_THAT(a.error().what(), AllOf(HasSubstr(std::string(name) + " has a blank"),
                                                Not(HasSubstr("hush"))));
        }
    }
}

TEST(profile_credentials, from_either_file) {
    home h;
    h.config("[profile a]\naws_access_key_id = A\naws_secret_access_key = a\n");
    h.credentials("[b]\naws_access_key_id = B\naws_secret_access_key = b\naws_session_token = t\n");
    expect_keys(profile_credentials(h.env(), "a"), "A", "a");
    expect_keys(profile_credentials(h.env({{"AWS_PROFILE", "b"}})), "B", "b", "t");
}

TEST(profile_credentials, answer_from_memory) {
    home h;
    h.credentials("[default]\naws_access_key_id = A\naws_secret_access_key = a\n");
    const auto provider = profile_credentials(h.env());
    h.credentials("broken");
    expect_keys(provider, "A", "a");
}

TEST(profile_credentials, missing_when_default_has_none) {
    home h;
    EXPECT_THAT(fault(profile_credentials(h.env()), errc::missing_credentials),
                AllOf(StartsWith("profile 'default' ("), HasSubstr(h.path(".aws/credentials"))));
    h.config("[default]\nregion = x\n");
    EXPECT_THAT(fault(profile_credentials(h.env()), errc::missing_credentials),
                HasSubstr("has no aws_access_key_id"));
}

TEST(profile_credentials, half_set_empty_and_malformed_are_errors_that_name_profile_and_files) {
    home h;
    const auto of = [&](std::string_view text) {
        h.credentials(text);
        return fault(profile_credentials(h.env()), errc::invalid_configuration);
    };
    const auto place =
        " in profile 'default' (" + h.path(".aws/config") + ", " + h.path(".aws/credentials") + ")";
    EXPECT_EQ(of("[default]\naws_access_key_id = A\n"),
              "aws_access_key_id is set, but aws_secret_access_key is not" + place);
    EXPECT_EQ(of("[default]\naws_access_key_id =\naws_secret_access_key = hush\n"),
              "aws_access_key_id is empty" + place);
    EXPECT_THAT(of("[default]\naws_access_key_id = A\naws_secret_access_key = hush\n more\n"),
                AllOf(HasSubstr("aws_secret_access_key has a blank, a line break"),
                      Not(HasSubstr("hush"))));
}

TEST(profile_credentials, other_kinds_are_named_rather_than_passed_over) {
    home h;
    h.config(
        "[profile sso]\nsso_session = s\n[profile process]\ncredential_process = x\n"
        "[profile role]\nrole_arn = r\naws_access_key_id = A\naws_secret_access_key = a\n"
        "[profile both]\nsso_session = s\naws_access_key_id = A\naws_secret_access_key = a\n");
    for (const auto& [name, key] :
         {std::pair("sso", "sso_session"), std::pair("process", "credential_process"),
          std::pair("role", "role_arn")})
        EXPECT_THAT(fault(profile_credentials(h.env(), name), errc::invalid_configuration),
                    HasSubstr(key));
    expect_keys(profile_credentials(h.env(), "both"), "A", "a");
}

TEST(credentials_chain, first_answer_wins_and_is_kept_to) {
    const auto empty = std::make_shared<scripted>(error(errc::missing_credentials, "none"));
    const auto full = std::make_shared<scripted>(keys("full"));
    const auto later = std::make_shared<scripted>(keys("later"));
    const auto chain = credentials_chain({empty, full, later});
    for (int i = 0; i < 3; ++i) expect_keys(chain, "full", "s");
    EXPECT_EQ(empty->calls, 1);
    EXPECT_EQ(full->calls, 3);
    EXPECT_EQ(later->calls, 0);
}

TEST(credentials_chain, starts_over_when_the_kept_link_has_none_any_more) {
    const auto first = std::make_shared<scripted>(error(errc::missing_credentials, "none"));
    const auto second = std::make_shared<scripted>(keys("second"));
    const auto chain = credentials_chain({first, second});
    expect_keys(chain, "second", "s");
    first->next = keys("first");
    second->next = error(errc::missing_credentials, "gone");
    expect_keys(chain, "first", "s");
}

TEST(credentials_chain, a_broken_link_stops_it) {
    const auto broken = std::make_shared<scripted>(error(errc::invalid_configuration, "broken"));
    const auto full = std::make_shared<scripted>(keys("full"));
    EXPECT_EQ(fault(credentials_chain({broken, full}), errc::invalid_configuration), "broken");
    EXPECT_EQ(full->calls, 0);
}

TEST(credentials_chain, null_credentials_are_an_answer) {
    const auto a = ask(credentials_chain(
        {anonymous_credentials(), static_credentials(credentials("x", secret("y")))}));
    ASSERT_TRUE(a);
    EXPECT_EQ(*a, nullptr);
}

TEST(credentials_chain, failure_lists_everything_looked_for) {
    const auto a = std::make_shared<scripted>(error(errc::missing_credentials, "no a"));
    const auto b = std::make_shared<scripted>(error(errc::missing_credentials, "no b"));
    EXPECT_EQ(fault(credentials_chain({a, b}), errc::missing_credentials), "no a; no b");
}

TEST(default_chain, environment_goes_before_the_profile) {
    home h;
    h.credentials("[default]\naws_access_key_id = FILE\naws_secret_access_key = file\n");
    expect_keys(default_chain(h.env()), "FILE", "file");
    expect_keys(
        default_chain(h.env({{"AWS_ACCESS_KEY_ID", "ENV"}, {"AWS_SECRET_ACCESS_KEY", "env"}})),
        "ENV", "env");
}

TEST(default_chain, a_profile_asked_for_goes_before_the_environment) {
    home h;
    h.credentials("[mine]\naws_access_key_id = FILE\naws_secret_access_key = file\n");
    expect_keys(
        default_chain(h.env({{"AWS_ACCESS_KEY_ID", "ENV"}, {"AWS_SECRET_ACCESS_KEY", "env"}}),
                      "mine"),
        "FILE", "file");
}

TEST(default_chain, failure_lists_variables_and_files) {
    home h;
    const auto a = ask(default_chain(h.env()));
    ASSERT_FALSE(a);
    EXPECT_EQ(a.error().code(), errc::missing_credentials);
    EXPECT_THAT(
        a.error().what(),
        AllOf(HasSubstr("AWS_ACCESS_KEY_ID is not set"), HasSubstr(h.path(".aws/config")),
              HasSubstr(h.path(".aws/credentials")), HasSubstr("set AWS_ACCESS_KEY_ID and")));
}

}  // namespace
}  // namespace cairn::auth
