#include "s3/clock_skew.hpp"

#include "s3/timestamp.hpp"

#include <algorithm>
#include <array>

namespace cairn::s3 {
namespace {

using std::chrono::seconds;

constexpr std::array<std::string_view, 3> codes{"RequestExpired", "RequestInTheFuture",
                                                "RequestTimeTooSkewed"};
constexpr seconds tolerated = std::chrono::minutes(15);
// A date is as old as its way here is long: less is no difference.
constexpr seconds least_difference = std::chrono::minutes(1);
// A clock that was never set is wrong by decades.
constexpr seconds most = std::chrono::years(100);

}  // namespace

std::optional<seconds> clock_lead(const error& refused, const wire::response_head& reply,
                                  clock::utc_time now, seconds used) {
    const bool told = std::find(codes.begin(), codes.end(), refused.s3_code()) != codes.end();
    if (!told && refused.http_status() != 403) return std::nullopt;
    const auto date = parse_http_date(reply.headers["date"]);
    if (!date) return std::nullopt;
    const auto lead = std::chrono::floor<seconds>(*date) - std::chrono::floor<seconds>(now);
    const auto difference = std::chrono::abs(lead - used);
    const bool differs = told ? difference >= least_difference : difference > tolerated;
    if (!differs || std::chrono::abs(lead) > most) return std::nullopt;
    return lead;
}

}  // namespace cairn::s3
