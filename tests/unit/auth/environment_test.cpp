#include "unit/auth/scratch.hpp"

#include <gtest/gtest.h>

namespace cairn::auth {
namespace {

TEST(environment, of_the_process) {
    const auto env = process_environment();
    EXPECT_TRUE(env("PATH").has_value());
    EXPECT_EQ(env("CAIRN_NO_SUCH_VARIABLE"), std::nullopt);
}

TEST(environment, first_set_skips_unset_and_empty) {
    const auto env = env_of({{"EMPTY", ""}, {"FULL", "x"}, {"OTHER", "y"}});
    EXPECT_EQ(first_set(env, {"UNSET", "EMPTY", "FULL", "OTHER"}), "x");
    EXPECT_EQ(first_set(env, {"UNSET", "EMPTY"}), std::nullopt);
}

}  // namespace
}  // namespace cairn::auth
