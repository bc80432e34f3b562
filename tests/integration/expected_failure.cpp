#include "integration/expected_failure.hpp"

namespace cairn::test {

void expected_failure::begin(std::string reason) {
    reason_ = std::move(reason);
    reporter_ = std::make_unique<::testing::ScopedFakeTestPartResultReporter>(
        ::testing::ScopedFakeTestPartResultReporter::INTERCEPT_ALL_THREADS, &kept_back_);
}

bool expected_failure::end() {
    reporter_.reset();
    for (int i = 0; i < kept_back_.size(); ++i)
        if (kept_back_.GetTestPartResult(i).failed()) return true;
    return false;
}

}  // namespace cairn::test
