#pragma once

#include <string_view>
#include <vector>

/// What each of the servers that the tests run on can't do.
namespace cairn::test {

/// Tests that a server fails, and why that is the server's doing.
struct lack {
    enum class how {
        fails,   ///< Always: a test is run all the same, and it fails the run when it passes.
        varies,  ///< From time to time: a test is not run.
    };
    enum class over { both, http, https };

    std::string_view server;
    std::string_view reason;
    std::vector<std::string_view> tests;  ///< "suite.name", as gtest has it.
    how outcome = how::fails;
    over scheme = over::both;
};

/// All of them.
const std::vector<lack>& lacks();

/// Why `test` fails on `server`; null when it must pass.
const lack* find_lack(std::string_view server, bool tls, std::string_view test);

}  // namespace cairn::test
