#include "unit/auth/scratch.hpp"

#include <cairn/auth/profile.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <unistd.h>

namespace cairn::auth {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Pair;

TEST(locate_files, home_is_used_unless_a_variable_says_else) {
    const auto usual = locate_files(env_of({{"HOME", "/home/me/"}}));
    EXPECT_EQ(usual.config, "/home/me/.aws/config");
    EXPECT_EQ(usual.credentials, "/home/me/.aws/credentials");
    const auto other = locate_files(env_of(
        {{"HOME", "/h"}, {"AWS_CONFIG_FILE", "~/c"}, {"AWS_SHARED_CREDENTIALS_FILE", "/k"}}));
    EXPECT_EQ(other.config, "/h/c");
    EXPECT_EQ(other.credentials, "/k");
}

TEST(locate_files, nowhere_without_home) {
    EXPECT_EQ(locate_files(env_of({})).config, "");
    EXPECT_EQ(locate_files(env_of({{"HOME", ""}})).credentials, "");
}

TEST(selected_profile, what_is_wanted_goes_before_variables_and_default) {
    const auto env = env_of({{"AWS_PROFILE", "a"}, {"AWS_DEFAULT_PROFILE", "b"}});
    EXPECT_EQ(selected_profile(env, "c"), "c");
    EXPECT_EQ(selected_profile(env), "a");
    EXPECT_EQ(selected_profile(env_of({{"AWS_PROFILE", ""}, {"AWS_DEFAULT_PROFILE", "b"}})), "b");
    EXPECT_EQ(selected_profile(env_of({})), "default");
}

TEST(load_profile, both_files_make_one_profile) {
    home h;
    h.config("[profile a]\nregion = r\nkey = config\n");
    h.credentials("[a]\nkey = credentials\n");
    const auto p = load_profile(h.env(), "a").value();
    EXPECT_TRUE(p.found);
    EXPECT_THAT(p.values, ElementsAre(Pair("key", "credentials"), Pair("region", "r")));
    EXPECT_EQ(p["region"], "r");
    EXPECT_EQ(p["none"], "");
}

TEST(load_profile, default_may_be_nowhere) {
    for (const auto& env : {env_of({}), env_of({{"HOME", "/no/such/home"}}),
                            env_of({{"AWS_CONFIG_FILE", "/dev/null/x"}})}) {
        const auto p = load_profile(env);
        ASSERT_TRUE(p) << p.error();
        EXPECT_FALSE(p->found);
        EXPECT_THAT(p->values, IsEmpty());
    }
}

TEST(load_profile, a_named_one_must_exist_and_the_error_says_where_it_does_not) {
    home h;
    h.config("[profile dev]\n[prod]\n");
    h.credentials("[old]\n");
    const auto p = load_profile(h.env({{"AWS_PROFILE", "prod"}}));
    ASSERT_FALSE(p);
    EXPECT_EQ(p.error().code(), errc::invalid_configuration);
    EXPECT_EQ(p.error().detail(), "profile 'prod' (" + h.path(".aws/config") + ", " +
                                      h.path(".aws/credentials") + ") doesn't exist");
    EXPECT_EQ(p.error().hint(), "the files have: dev, old");
}

TEST(load_profile, without_home_the_error_says_so) {
    EXPECT_THAT(load_profile(env_of({}), "a").error().detail(), HasSubstr("HOME is not set"));
}

TEST(load_profile, broken_file_is_an_error_with_its_name) {
    home h;
    h.credentials("[a");
    EXPECT_THAT(load_profile(h.env()).error().detail(),
                HasSubstr(h.path(".aws/credentials") + ":1: "));
}

TEST(load_profile, file_that_cannot_be_read_is_an_error) {
    home h;
    const auto p = load_profile(h.env({{"AWS_CONFIG_FILE", h.path()}}));
    ASSERT_FALSE(p);
    EXPECT_EQ(p.error().detail(), "can't read " + h.path());
    EXPECT_EQ(p.error().cause(), boost::system::errc::is_a_directory);
}

TEST(load_profile, a_closed_folder_has_no_files_but_a_closed_file_is_an_error) {
    if (::geteuid() == 0) GTEST_SKIP() << "nothing is closed to root";
    home h;
    h.credentials("[a]\n");
    std::filesystem::permissions(h.path(".aws/credentials"), std::filesystem::perms::none);
    EXPECT_EQ(load_profile(h.env()).error().cause(), boost::system::errc::permission_denied);
    std::filesystem::permissions(h.path(".aws"), std::filesystem::perms::none);
    EXPECT_FALSE(load_profile(h.env()).value().found);
    std::filesystem::permissions(h.path(".aws"), std::filesystem::perms::owner_all);
}

TEST(load_profile, file_of_absurd_size_is_an_error) {
    const auto p = load_profile(env_of({{"AWS_CONFIG_FILE", "/dev/zero"}}));
    ASSERT_FALSE(p);
    EXPECT_EQ(p.error().detail(), "/dev/zero is larger than 4 MiB");
}

}  // namespace
}  // namespace cairn::auth
