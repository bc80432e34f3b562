#include "transfer/part_plan.hpp"

#include <algorithm>
#include <bit>
#include <string>

namespace cairn::transfer {
namespace {

constexpr std::uint64_t part_unit_bytes = 1ULL << 20U;
// From 8 MiB on, 10,000 parts then hold 7.8 TiB.
constexpr std::uint64_t parts_of_one_size = 1'000;

std::uint64_t divided_up(std::uint64_t a, std::uint64_t b) {
    return a / b + (a % b != 0);
}

}  // namespace

result<part_plan> part_plan::of_object(std::uint64_t object_bytes,
                                       std::uint64_t wanted_part_bytes) {
    if (object_bytes > max_object_bytes)
        return error(errc::invalid_argument, std::to_string(object_bytes) +
                                                 " bytes are more than an S3 object can have (" +
                                                 std::to_string(max_object_bytes) + ")");
    auto part = std::clamp<std::uint64_t>(wanted_part_bytes, 1, max_part_bytes);
    const auto least = divided_up(object_bytes, max_parts);
    if (part < least) part = divided_up(least, part_unit_bytes) * part_unit_bytes;
    return part_plan(object_bytes, part);
}

std::uint64_t part_plan::count() const noexcept {
    return std::max<std::uint64_t>(divided_up(object_bytes_, part_bytes_), 1);
}

byte_range part_plan::part(std::uint64_t index) const noexcept {
    const auto offset = index * part_bytes_;
    return {offset, std::min(part_bytes_, object_bytes_ - offset)};
}

std::uint64_t growing_part_bytes(std::uint64_t index, std::uint64_t first_part_bytes) noexcept {
    const auto first = std::clamp<std::uint64_t>(first_part_bytes, 1, max_part_bytes);
    const auto doublings = std::min<std::uint64_t>(index / parts_of_one_size, 32);
    return std::min(first << doublings, max_part_bytes);
}

}  // namespace cairn::transfer
