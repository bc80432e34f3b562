#include "integration/server_traits.hpp"

#include <gtest/gtest.h>

#include <set>
#include <string>

namespace cairn::test {
namespace {

std::set<std::string> names_of_all_tests() {
    std::set<std::string> names;
    const auto& program = *::testing::UnitTest::GetInstance();
    for (int s = 0; s < program.total_test_suite_count(); ++s) {
        const auto& suite = *program.GetTestSuite(s);
        for (int t = 0; t < suite.total_test_count(); ++t)
            names.insert(std::string(suite.name()) + "." + suite.GetTestInfo(t)->name());
    }
    return names;
}

TEST(server_traits, name_tests_that_exist) {
    const auto names = names_of_all_tests();
    for (const auto& each : lacks())
        for (const auto test : each.tests)
            EXPECT_TRUE(names.contains(std::string(test)))
                << each.server << " lacks " << test << ", which is no test";
}

TEST(server_traits, give_every_lack_one_reason) {
    std::set<std::string> seen;
    for (const auto& each : lacks()) {
        EXPECT_FALSE(each.reason.empty());
        for (const auto test : each.tests)
            EXPECT_TRUE(seen.insert(std::string(each.server) + " " + std::string(test)).second)
                << each.server << " " << test;
    }
}

}  // namespace
}  // namespace cairn::test
