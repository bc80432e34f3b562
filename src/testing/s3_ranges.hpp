#pragma once

#include "testing/s3_store.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace cairn::testing::simulated {

/// Some bytes of an object.
struct byte_range {
    std::size_t begin = 0;
    std::size_t size = 0;

    /// "bytes 0-9/100"
    std::string described(std::size_t whole) const;
};

/// The range that a `Range` field asks for, of an object of that size; nothing when it is empty or
/// no range, which HTTP has one ignore. Throws InvalidRange.
std::optional<byte_range> parse_range(std::string_view text, std::size_t whole);
/// "bytes=0-9", of which both ends have to lie within the source. Throws InvalidArgument and
/// InvalidRange.
byte_range parse_copy_range(const std::string& text, std::size_t whole);
/// The bytes of a part, from 1. Throws InvalidPartNumber.
byte_range range_of_part(const version& v, std::size_t number);

}  // namespace cairn::testing::simulated
