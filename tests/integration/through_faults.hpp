#pragma once

#include "support/fault_schedule.hpp"

#include <cairn/core/error.hpp>

#include <cstddef>
#include <string>
#include <vector>

/// The whole suite, sent to its server through a proxy that makes faults.
namespace cairn::test {

/// Whether it is.
bool is_through_faults();

/// Has every client and every test reach the server through a proxy from now on, if
/// CAIRN_TEST_FAULTS is set: "SEED", or "SEED:PERCENT" of the requests that something happens to.
/// What happens depends on the seed and on the test's name. Only faults happen that a client mends
/// which tries three times, and tests that none may meet are left out, so that every test
/// still expects what it always does. In the end each kind of fault must have happened, if all
/// tests were run. Throws `std::invalid_argument`.
///
/// Call it after gtest has read the command line, and once.
void go_through_faults_if_told();

/// Tests that no fault may meet, and why.
struct test_left_out {
    std::string tests;  ///< As `--gtest_filter` has it.
    std::string why;
};
const std::vector<test_left_out>& tests_left_out_by_faults();

/// Whether an error tells this effect. What was refused in the end is `unknown` rather than
/// `not_applied` if a fault has broken an earlier attempt, which may have been carried out.
bool tells_effect(const error& e, effect known);

/// While it lives, one more kind of fault may strike: what no client mends by itself, but who owns
/// this does. Nothing when the suite goes to its server directly.
class dealing_with {
  public:
    explicit dealing_with(wire_fault what);
    ~dealing_with();
    dealing_with(const dealing_with&) = delete;
    dealing_with& operator=(const dealing_with&) = delete;

    /// Whether it has struck since it was last asked.
    bool struck();

  private:
    std::size_t strikes() const;

    const wire_fault what_;
    std::size_t known_ = 0;
};

}  // namespace cairn::test
