#include "integration/server_traits.hpp"

#include "integration/server.hpp"

#include <set>
#include <string>

namespace cairn::test {
namespace {

TEST(server_traits, name_tests_that_exist) {
    const auto names = names_of_all_tests();
    for (const auto& each : lacks())
        for (const auto test : each.tests)
            EXPECT_THAT(names, ::testing::Contains(std::string(test)))
                << each.server << " lacks it, and it is no test";
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
