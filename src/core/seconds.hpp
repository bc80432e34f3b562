#pragma once

#include <cairn/core/clock.hpp>

#include <string>

namespace cairn {

/// For errors: "3.1 s".
std::string in_seconds(clock::duration d);

}  // namespace cairn
