#include "integration/server.hpp"
#include "integration/through_faults.hpp"

#include <cstdio>

int main(int argc, char** argv) {
    ::testing::InitGoogleMock(&argc, argv);
    if (!GTEST_FLAG_GET(list_tests) && cairn::test::server_name().empty()) {
        std::fputs(
            "CAIRN_TEST_SERVER is not set: these tests need a server. Run them through serve.py:\n"
            "tests/servers/serve.py with ceph -- build/debug/tests/integration\n",
            stderr);
        return 2;
    }
    try {
        cairn::test::go_through_faults_if_told();
    } catch (const std::invalid_argument& e) {
        std::fprintf(stderr, "%s\n", e.what());
        return 2;
    }
    // Suites named `http_...` or `https_...` are for a server that is reached that way.
    cairn::test::leave_out_tests(cairn::test::server_has_tls() ? "http_*" : "https_*");
    return RUN_ALL_TESTS();
}
