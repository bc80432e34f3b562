#include "testing/s3_ranges.hpp"

#include "testing/s3_refusal.hpp"

#include <algorithm>
#include <numeric>

namespace cairn::testing::simulated {
namespace {

constexpr std::string_view unit = "bytes=";

refusal invalid_range(std::string_view text, std::size_t whole) {
    return refusal(416, "InvalidRange", "The requested range is not satisfiable")
        .with("RangeRequested", std::string(text))
        .with("ActualObjectSize", std::to_string(whole));
}

byte_range tail(std::uint64_t size, std::size_t whole) {
    const auto taken = std::min<std::uint64_t>(size, whole);
    return {whole - static_cast<std::size_t>(taken), static_cast<std::size_t>(taken)};
}

}  // namespace

std::string byte_range::described(std::size_t whole) const {
    return "bytes " + std::to_string(begin) + '-' + std::to_string(begin + size - 1) + '/' +
           std::to_string(whole);
}

std::optional<byte_range> parse_range(std::string_view text, std::size_t whole) {
    if (!text.starts_with(unit)) return std::nullopt;
    if (text.find(',') != text.npos) throw not_implemented("more than one range");
    const auto ends = text.substr(unit.size());
    const auto dash = ends.find('-');
    if (dash == ends.npos) return std::nullopt;
    const auto first = parse_u64(ends.substr(0, dash));
    const auto last = parse_u64(ends.substr(dash + 1));
    if (dash == 0 && last) {
        if (*last == 0 || whole == 0) throw invalid_range(text, whole);
        return tail(*last, whole);
    }
    const bool open = dash + 1 == ends.size();
    if (!first || (!last && !open) || (last && *last < *first)) return std::nullopt;
    if (*first >= whole) throw invalid_range(text, whole);
    const auto begin = static_cast<std::size_t>(*first);
    const auto end = last ? std::min<std::uint64_t>(*last, whole - 1) : whole - 1;
    return byte_range{begin, static_cast<std::size_t>(end) - begin + 1};
}

byte_range parse_copy_range(const std::string& text, std::size_t whole) {
    const std::string_view view = text;
    const auto dash = view.find('-');
    const auto first = dash == view.npos || !view.starts_with(unit)
                           ? std::nullopt
                           : parse_u64(view.substr(unit.size(), dash - unit.size()));
    const auto last = first ? parse_u64(view.substr(dash + 1)) : std::nullopt;
    if (!last || *last < *first)
        throw invalid_argument(
            "The x-amz-copy-source-range value must be of the form bytes=first-last where first "
            "and last are the zero-based offsets of the first and last bytes to copy",
            "x-amz-copy-source-range", text);
    if (*last >= whole)
        throw invalid_argument(
            "Range specified is not valid for source object of size: " + std::to_string(whole),
            "x-amz-copy-source-range", text);
    const auto begin = static_cast<std::size_t>(*first);
    return {begin, static_cast<std::size_t>(*last) - begin + 1};
}

byte_range range_of_part(const version& v, std::size_t number) {
    const auto& sizes = v.part_sizes;
    if (number == 0 || number > std::max<std::size_t>(sizes.size(), 1))
        throw refusal(416, "InvalidPartNumber", "The requested partnumber is not satisfiable")
            .with("PartNumberRequested", std::to_string(number))
            .with("ActualPartCount", std::to_string(std::max<std::size_t>(sizes.size(), 1)));
    if (sizes.empty()) return {0, v.data->size()};
    const auto before = sizes.begin() + static_cast<std::ptrdiff_t>(number - 1);
    const auto begin = std::accumulate(sizes.begin(), before, std::uint64_t{0});
    return {static_cast<std::size_t>(begin), static_cast<std::size_t>(*before)};
}

}  // namespace cairn::testing::simulated
