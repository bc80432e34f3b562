#pragma once

#include <cairn/core/error.hpp>

#include <functional>

namespace cairn {

/// Whether a failed call is worth another try.
enum class retryability {
    none,       ///< Another try would fail alike, or must not be made.
    transient,  ///< What failed may have passed by the next try.
    throttled,  ///< The service asks for fewer calls.
};

/// What a call's end says of the service behind it.
enum class health {
    unknown,  ///< Nothing: the fault is the caller's, or the service only asks for fewer calls.
    good,     ///< It answered as it should, be it with a refusal.
    bad,      ///< It could not be reached, or could not answer.
};

/// What a failure means to those who decide what comes next.
struct verdict {
    retryability retry = retryability::none;
    cairn::health health = health::unknown;
};

/// Judges a failure. Called from whatever thread a call ends on; must not throw.
using classifier = std::function<verdict(const error&)>;

/// What cairn's own codes mean, and the system's codes of failed connections, which awaitables that
/// throw end with. Codes that it doesn't know are never tried again, and say nothing of the
/// service.
verdict classify(const error& failed);
/// As `own` judges, unless it is null.
verdict classify(const error& failed, const classifier& own);

}  // namespace cairn
