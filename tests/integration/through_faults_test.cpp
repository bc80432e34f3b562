#include "integration/through_faults.hpp"

#include "integration/server.hpp"

namespace cairn::test {
namespace {

TEST(through_faults, leaves_out_tests_that_exist) {
    const auto names = names_of_all_tests();
    for (const auto& each : tests_left_out_by_faults()) {
        const auto start = each.tests.substr(0, each.tests.find('*'));
        EXPECT_THAT(names, ::testing::Contains(::testing::StartsWith(start))) << each.tests;
    }
}

}  // namespace
}  // namespace cairn::test
