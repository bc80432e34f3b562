// AWS's own cases of the shared config and credentials files: their format and where they are.
#include "support/vectors.hpp"

#include <cairn/auth/config_file.hpp>
#include <cairn/auth/profile.hpp>

#include <boost/json.hpp>
#include <gmock/gmock.h>

#include <set>

namespace cairn::auth {
namespace {

std::string text_of(const boost::json::object& object, std::string_view key) {
    const auto* value = object.if_contains(key);
    return value != nullptr ? std::string(value->as_string()) : std::string();
}

result<shared_config> parse_both(const boost::json::object& input) {
    auto config = parse_config_file(text_of(input, "configFile"), config_kind::config, "config");
    if (!config) return config;
    auto credentials = parse_config_file(text_of(input, "credentialsFile"),
                                         config_kind::credentials, "credentials");
    if (!credentials) return credentials;
    return merge(std::move(*config), std::move(*credentials));
}

sections sections_of(const boost::json::object& config, std::string_view kind) {
    sections out;
    const auto* all = config.if_contains(kind);
    if (all == nullptr) return out;
    for (const auto& [name, values] : all->as_object()) {
        auto& section = out[std::string(name)];
        for (const auto& [key, value] : values.as_object())
            section[std::string(key)] = std::string(value.as_string());
    }
    return out;
}

void check_format(const boost::json::object& c) {
    SCOPED_TRACE(text_of(c, "name"));
    const auto parsed = parse_both(c.at("input").as_object());
    const auto& output = c.at("output").as_object();
    if (output.contains("errorContaining")) {
        ASSERT_FALSE(parsed);
        EXPECT_THAT(parsed.error().detail(),
                    ::testing::HasSubstr(text_of(output, "errorContaining")));
        return;
    }
    ASSERT_TRUE(parsed) << parsed.error();
    const auto& config = output.at("config").as_object();
    EXPECT_EQ(parsed->profiles, sections_of(config, "profiles"));
    EXPECT_EQ(parsed->sso_sessions, sections_of(config, "sso_sessions"));
}

TEST(config_file, every_case_of_the_format) {
    CAIRN_REQUIRE_VECTORS(path, "config/profile-parser-tests.json");
    const auto json = test::read_json(path);
    const auto& cases = json.at("tests").as_array();
    for (const auto& c : cases) check_format(c.as_object());
    EXPECT_GE(cases.size(), 65U);
}

// cairn runs on POSIX systems: drive letters, USERPROFILE and HOMEDRIVE mean nothing there.
const std::set<std::string> windows_only{
    "User home is loaded from $HOME with highest priority on windows platforms.",
    "User home is loaded from $USERPROFILE on windows platforms when $HOME is not set.",
    "User home is loaded from $HOMEDRIVE$HOMEPATH on windows platforms when $HOME and $USERPROFILE "
    "are not set.",
    "The default config location can be overridden by the user on windows platforms.",
    "The default credentials location can be overridden by the user on windows platforms.",
};

void check_location(const boost::json::object& c) {
    SCOPED_TRACE(text_of(c, "name"));
    const auto& variables = c.at("environment").as_object();
    const environment env = [&](const std::string& name) -> std::optional<std::string> {
        if (!variables.contains(name)) return std::nullopt;
        return text_of(variables, name);
    };
    const auto files = locate_files(env);
    EXPECT_EQ(files.config, text_of(c, "configLocation"));
    EXPECT_EQ(files.credentials, text_of(c, "credentialsLocation"));
    if (c.contains("profile")) {
        EXPECT_EQ(selected_profile(env), text_of(c, "profile"));
    }
}

TEST(config_file, every_case_of_the_locations) {
    CAIRN_REQUIRE_VECTORS(path, "config/file-location-tests.json");
    const auto json = test::read_json(path);
    std::size_t checked = 0, skipped = 0;
    for (const auto& c : json.at("tests").as_array()) {
        if (windows_only.contains(text_of(c.as_object(), "name"))) {
            ++skipped;
            continue;
        }
        check_location(c.as_object());
        ++checked;
    }
    EXPECT_GE(checked, 4U);
    EXPECT_EQ(skipped, 5U);
}

}  // namespace
}  // namespace cairn::auth
