#include "s3/redirection.hpp"

#include <cairn/core/ascii.hpp>

#include <algorithm>

namespace cairn::s3 {
namespace {

// As long as a label of a host name, which it becomes.
constexpr std::size_t max_region_length = 63;

bool is_region_name(std::string_view name) {
    const auto plain = [](char c) { return ascii::is_alpha(c) || ascii::is_digit(c); };
    return !name.empty() && name.size() <= max_region_length && plain(name.front()) &&
           plain(name.back()) &&
           std::all_of(name.begin(), name.end(), [&](char c) { return plain(c) || c == '-'; });
}

}  // namespace

bool belongs_elsewhere(const operation_table& table, const error& refused, std::string_view named) {
    if (!is_region_name(named)) return false;
    if (refused.code() == errc::redirected) return true;
    // Of a bucket that is to be created, its region is the caller's mistake.
    if (refused.s3_code() == "IllegalLocationConstraintException")
        return table.name != "CreateBucket";
    // A reply to HEAD has no room for a code.
    return refused.http_status() == 400 && refused.s3_code().empty();
}

}  // namespace cairn::s3
