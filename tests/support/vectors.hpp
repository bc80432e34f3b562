#pragma once

#include <boost/json/value.hpp>
#include <gtest/gtest.h>

#include <filesystem>
#include <optional>
#include <string>

namespace cairn::test {

/// The folder of conformance cases, from CAIRN_VECTORS; nothing when it is unset or empty.
std::optional<std::filesystem::path> vectors_dir();

/// Whether a run without the cases is a failure: under CI=true.
bool vectors_are_required();

/// The whole file. A file that can't be read fails the test and gives an empty string.
std::string read_file(const std::filesystem::path& path);

/// The file as JSON. One that can't be read fails the test and gives null.
boost::json::value read_json(const std::filesystem::path& path);

}  // namespace cairn::test

/// Declares `variable`, the path of `folder` (or file) under CAIRN_VECTORS. Without the cases the
/// test is skipped; under CI=true it fails, so that a run which checks nothing never looks green.
#define CAIRN_REQUIRE_VECTORS(variable, folder)                                                  \
    if (!::cairn::test::vectors_dir() && ::cairn::test::vectors_are_required())                  \
        FAIL() << "CAIRN_VECTORS is not set, and CI=true needs the cases of " << (folder);       \
    if (!::cairn::test::vectors_dir())                                                           \
        GTEST_SKIP() << "CAIRN_VECTORS is not set: the cases of " << (folder) << " did not run"; \
    const std::filesystem::path variable = *::cairn::test::vectors_dir() / (folder);             \
    ASSERT_TRUE(std::filesystem::exists(variable)) << variable
