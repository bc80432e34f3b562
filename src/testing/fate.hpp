#pragma once

#include <cairn/testing/connection_fate.hpp>
#include <cairn/testing/link_options.hpp>
#include <cairn/testing/seeded_random.hpp>

#include <string>

namespace cairn::testing {

/// What chance has in store for a connection between two ends; of replies and calls it decides when
/// they come.
connection_fate draw_fate(const fault_chances& machine, const fault_chances& host,
                          seeded_random& random);

/// As the real transport words it; the reason must be one.
std::string describe(tls_fault reason);

}  // namespace cairn::testing
