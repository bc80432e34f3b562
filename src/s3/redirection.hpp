#pragma once

#include "s3/operation_table.hpp"

#include <cairn/core/error.hpp>

#include <string_view>

namespace cairn::s3 {

/// Whether a refusal says that the request belongs to the region `named`: a redirect, a signature
/// for another region, a bucket that another region's endpoint was asked for.
///
/// Only the name of a region counts, never a host that a server points to.
/// @param named what the reply says; may be anything.
bool belongs_elsewhere(const operation_table& table, const error& refused, std::string_view named);

}  // namespace cairn::s3
