#pragma once

#include <cairn/resilience/outcome.hpp>

#include <concepts>

namespace cairn {

/// What wraps calls: `retry`, `circuit_breaker`, `attempt_timeout`, …, and stacks of them.
///
///     auto guarded = cairn::total_deadline(30s) | cairn::retry(policy) | breaker;
///     auto fetch = [&] { return fetch_profile(id); };
///     auto profile = co_await guarded(fetch);
///
/// A call is a callable that gives a new awaitable each time: of a `cairn::result`, or of anything
/// else, whose failures are then exceptions. It is passed by name, not as a temporary, since it
/// outlives the `co_await` (and since GCC 12 destroys some temporaries of one twice). So does the
/// combinator, which has a name for the same reason.
///
/// Cancellation (every combinator): terminal; cancels the call, lets go of whatever was held for
/// it, and ends as the call does. Thread safety: a combinator may wrap calls on many threads at
/// once; on an `io_context` that several threads run, each call needs a strand.
template <class Self>
class combinator {
  public:
    template <detail::callable Call>
    auto operator()(Call& call) const& {
        return static_cast<const Self&>(*this).run(detail::by_reference<Call>(call));
    }
    template <class Call>
    void operator()(Call& call) const&& = delete;
    template <class Call>
    void operator()(const Call&& unnamed) const& = delete;

  private:
    friend Self;
    combinator() = default;
};

template <class T>
concept is_combinator = std::derived_from<T, combinator<T>>;

/// Two combinators as one: the outer around the inner.
template <class Outer, class Inner>
class stack : public combinator<stack<Outer, Inner>> {
  public:
    stack(Outer outer, Inner inner) : outer_(std::move(outer)), inner_(std::move(inner)) {}

    template <class Next>
    auto run(Next next) const {
        return outer_.run(detail::wrapped<Inner, Next>(inner_, next));
    }

  private:
    Outer outer_;
    Inner inner_;
};

/// `outer` around `inner`; the leftmost of several is the outermost.
template <is_combinator Outer, is_combinator Inner>
stack<Outer, Inner> operator|(Outer outer, Inner inner) {
    return stack<Outer, Inner>(std::move(outer), std::move(inner));
}

}  // namespace cairn
