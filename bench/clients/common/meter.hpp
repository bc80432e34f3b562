#pragma once

#include "workload.hpp"

#include <chrono>

namespace cairn::bench {

/// What this process has used so far.
struct usage {
    double user_seconds;
    double system_seconds;
    std::chrono::steady_clock::time_point when;

    static usage now();
};

/// Prints what was done since `start` as one line of JSON, for the driver to read.
void print_measurement(const usage& start, const tally& done);

}  // namespace cairn::bench
