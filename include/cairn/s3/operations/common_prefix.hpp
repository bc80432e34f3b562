#pragma once

#include <string>

namespace cairn::s3 {

/// The common start of keys that were rolled into one.
struct common_prefix {
    common_prefix() = default;
    std::string prefix;
};

}  // namespace cairn::s3
