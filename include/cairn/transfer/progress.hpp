#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <type_traits>

namespace cairn::transfer {

/// How far a transfer has come.
struct progress {
    /// Arrived, or sent; those that have to be sent once more are taken back first.
    std::uint64_t bytes = 0;
    std::optional<std::uint64_t> total_bytes;  ///< Nothing while it is not known.
};

/// Hears of progress, on a strand of the transfer's own: those of several transfers may run at once
/// where the execution context has several threads. It must not block, nor throw.
using on_progress = std::function<void(const progress&)>;

/// A lambda with captures that has no name: GCC 12 destroys it twice when it is written into a
/// `co_await` expression (docs/decisions/gcc-12-coroutines.md).
template <class T>
concept unnamed_closure =
    !std::is_lvalue_reference_v<T> && !std::is_same_v<std::remove_cv_t<T>, on_progress> &&
    !std::is_empty_v<T> && std::is_invocable_v<T&, const progress&>;

}  // namespace cairn::transfer
