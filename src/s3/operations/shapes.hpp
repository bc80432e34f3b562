#pragma once

#include "s3/rows.hpp"

#include <cairn/s3/operations/owner.hpp>

#include <array>

/// Structures that several operations share.
namespace cairn::s3 {

inline constexpr std::array owner_rows{
    rows::element<&owner::display_name>("DisplayName"),
    rows::element<&owner::id>("ID"),
};
inline constexpr shape owner_shape{"Owner", owner_rows};

}  // namespace cairn::s3
