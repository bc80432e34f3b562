#include "integration/server.hpp"

#include <cstdio>

namespace {

// Suites named `http_...` or `https_...` are for a server that is reached that way.
void leave_out_suites_of_other_scheme() {
    std::string filter = GTEST_FLAG_GET(filter);
    filter += filter.find('-') == std::string::npos ? "-" : ":";
    filter += cairn::test::server_has_tls() ? "http_*" : "https_*";
    GTEST_FLAG_SET(filter, filter);
}

}  // namespace

int main(int argc, char** argv) {
    ::testing::InitGoogleMock(&argc, argv);
    if (!GTEST_FLAG_GET(list_tests) && cairn::test::server_name().empty()) {
        std::fputs(
            "CAIRN_TEST_SERVER is not set: these tests need a server. Run them through serve.py:\n"
            "tests/servers/serve.py with ceph -- build/debug/tests/integration\n",
            stderr);
        return 2;
    }
    leave_out_suites_of_other_scheme();
    return RUN_ALL_TESTS();
}
