#include <cairn/auth/config_file.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace cairn::auth {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::Pair;

shared_config parsed(std::string_view text, config_kind kind = config_kind::config) {
    return parse_config_file(text, kind, "file").value();
}

std::string fault(std::string_view text) {
    const auto out = parse_config_file(text, config_kind::config, "/home/me/.aws/config");
    EXPECT_FALSE(out);
    EXPECT_EQ(out.error().code(), errc::invalid_configuration);
    return out.error().detail();
}

TEST(config_file, errors_name_file_and_line) {
    EXPECT_EQ(fault("[profile a]\n\n# comment\nregion eu-west-1\n"),
              "/home/me/.aws/config:4: Expected an '=' sign defining a property");
    EXPECT_THAT(fault("\r\n[profile a\r\n"), HasSubstr("config:2: "));
}

TEST(config_file, errors_never_show_a_value) {
    EXPECT_THAT(fault("[default]\naws_secret_access_key: hush\n"), Not(HasSubstr("hush")));
}

TEST(config_file, byte_order_mark_is_skipped) {
    EXPECT_THAT(parsed("\xef\xbb\xbf[default]\na = 1").profiles,
                ElementsAre(Pair("default", ElementsAre(Pair("a", "1")))));
}

TEST(config_file, carriage_returns_are_blanks) {
    EXPECT_THAT(
        parsed("[default]\r\na = 1 \r # one\r\n\r\nb =\r\n c = 2\r\n").profiles.at("default"),
        ElementsAre(Pair("a", "1"), Pair("b", "\nc = 2")));
}

TEST(config_file, indented_comments_are_no_continuations) {
    const auto out = parsed("[default]\ns3 =\n  # how\n  addressing_style = path\n  ; more\n");
    EXPECT_EQ(out.profiles.at("default").at("s3"), "\naddressing_style = path");
}

TEST(config_file, sections_of_services_and_sso_are_apart_from_profiles) {
    const auto out =
        parsed("[services local]\ns3 =\n endpoint_url = http://x\n[sso-session s]\na = 1\n");
    EXPECT_THAT(out.profiles, IsEmpty());
    EXPECT_EQ(out.services.at("local").at("s3"), "\nendpoint_url = http://x");
    EXPECT_EQ(out.sso_sessions.at("s").at("a"), "1");
}

TEST(config_file, skipped_sections_may_hold_anything) {
    EXPECT_THAT(parsed("[plugins]\nno equals sign\n continued\n[profile a]\n").profiles,
                ElementsAre(Pair("a", IsEmpty())));
}

TEST(config_file, skipped_properties_take_their_continuations_along) {
    EXPECT_THAT(parsed("[profile a]\nb = 1\nin valid = 2\n 3\n").profiles.at("a"),
                ElementsAre(Pair("b", "1")));
}

TEST(config_file, credentials_win_over_config) {
    const auto both = merge(parsed("[profile a]\nx = 1\ny = 1\n[profile b]\n"),
                            parsed("[a]\nx = 2\n[c]\n[d]\nz = 3\n", config_kind::credentials));
    EXPECT_THAT(both.profiles, ElementsAre(Pair("a", ElementsAre(Pair("x", "2"), Pair("y", "1"))),
                                           Pair("b", IsEmpty()), Pair("c", IsEmpty()),
                                           Pair("d", ElementsAre(Pair("z", "3")))));
}

TEST(config_file, sub_properties_have_lower_case_names) {
    EXPECT_THAT(
        sub_properties("\nAddressing_Style = path\nempty =\nurl = a=b"),
        ElementsAre(Pair("addressing_style", "path"), Pair("empty", ""), Pair("url", "a=b")));
    EXPECT_THAT(sub_properties("plain value"), IsEmpty());
    EXPECT_THAT(sub_properties(""), IsEmpty());
}

}  // namespace
}  // namespace cairn::auth
