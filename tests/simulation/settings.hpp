#pragma once

#include <cairn/core/bytes.hpp>

#include <gtest/gtest.h>

#include <cstdint>
#include <cstdlib>
#include <stdexcept>
#include <string>

namespace cairn::test {

/// A number from the environment.
inline std::uint64_t setting(const char* variable, std::uint64_t fallback) {
    const char* const text = std::getenv(variable);
    if (!text) return fallback;
    const auto value = parse_u64(text);
    if (!value) throw std::invalid_argument(std::string(variable) + " must be a number: " + text);
    return *value;
}

/// The command line that shows a world again.
inline std::string command(std::uint64_t seed, const std::string& tests) {
    return "CAIRN_SEED=" + std::to_string(seed) + " " + ::testing::internal::GetArgvs().front() +
           " --gtest_filter=" + tests;
}

}  // namespace cairn::test
