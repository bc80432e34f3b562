#pragma once

#include <cairn/core/result.hpp>
#include <cairn/transfer/copy.hpp>

#include <string>

namespace cairn::transfer {

/// What has become of one object of a prefix that was copied or moved.
struct copy_outcome {
    copy_outcome(std::string key, result<copy_output> outcome);
    std::string key;  ///< The source's.
    result<copy_output> outcome;
};

}  // namespace cairn::transfer
