#pragma once

#include <cairn/core/error.hpp>

#include <boost/system/result.hpp>

namespace cairn {

/// A value, or the error that kept it from being one.
///
/// `if (r) use(*r); else report(r.error());`, or `r.value()` for those who prefer exceptions
/// (throws `cairn::error_exception`).
template <class T>
using result = boost::system::result<T, error>;

}  // namespace cairn
