#pragma once

#include "s3/rows.hpp"

#include <cairn/s3/operations/common_prefix.hpp>
#include <cairn/s3/operations/owner.hpp>
#include <cairn/s3/operations/tag.hpp>

#include <array>

/// Structures that several operations share.
namespace cairn::s3 {

inline constexpr std::array owner_rows{
    rows::element<&owner::display_name>("DisplayName"),
    rows::element<&owner::id>("ID"),
};
inline constexpr shape owner_shape{"Owner", owner_rows};
/// The same, by another name.
inline constexpr shape initiator_shape{"Initiator", owner_rows};

inline constexpr std::array common_prefix_rows{
    rows::element<&common_prefix::prefix>("Prefix").decode_url(),
};
inline constexpr shape common_prefix_shape{"CommonPrefix", common_prefix_rows};

inline constexpr std::array tag_rows{
    rows::element<&tag::key>("Key"),
    rows::element<&tag::value>("Value"),
};
inline constexpr shape tag_shape{"Tag", tag_rows};

}  // namespace cairn::s3
