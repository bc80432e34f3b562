#pragma once

#include <gtest/gtest-spi.h>

#include <memory>
#include <string>

namespace cairn::test {

/// Keeps the failures of a test from its result while the test is expected to fail.
class expected_failure {
  public:
    /// From now on failures are kept back; `reason` is why they are expected.
    void begin(std::string reason);
    bool begun() const noexcept { return reporter_ != nullptr; }
    /// From now on failures count again. Gives whether there was one.
    bool end();
    const std::string& reason() const noexcept { return reason_; }

  private:
    std::string reason_;
    ::testing::TestPartResultArray kept_back_;
    std::unique_ptr<::testing::ScopedFakeTestPartResultReporter> reporter_;
};

}  // namespace cairn::test
