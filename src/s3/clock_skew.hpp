#pragma once

#include <cairn/core/clock.hpp>
#include <cairn/core/error.hpp>
#include <cairn/wire/http.hpp>

#include <optional>

namespace cairn::s3 {

/// How far the server's clock is ahead of this machine's, if that is why a request was refused, and
/// another signing time would help.
///
/// S3 refuses what is signed with a time more than 15 minutes from its own: with
/// RequestTimeTooSkewed and its kin, or, where a reply has no room for a code or a server another
/// idea of it, with any 403. The reply's `Date` tells the server's time. Source: S3's API
/// reference, RequestTimeTooSkewed; AWS's SDKs correct their clocks on the same codes.
/// @param used how far ahead the server's clock was taken to be when the request was signed.
std::optional<std::chrono::seconds> clock_lead(const error& refused,
                                               const wire::response_head& reply,
                                               clock::utc_time now, std::chrono::seconds used);

}  // namespace cairn::s3
