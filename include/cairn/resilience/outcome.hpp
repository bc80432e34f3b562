#pragma once

#include <cairn/core/asio.hpp>
#include <cairn/core/result.hpp>

#include <boost/system/system_error.hpp>

#include <concepts>
#include <exception>
#include <optional>
#include <type_traits>
#include <utility>
#include <variant>

/// What the combinators share to wrap awaitables that give results and awaitables that throw.
namespace cairn::detail {

template <class T>
inline constexpr bool is_result = false;
template <class T>
inline constexpr bool is_result<result<T>> = true;

template <class T>
inline constexpr bool is_awaitable = false;
template <class T>
inline constexpr bool is_awaitable<awaitable<T>> = true;

/// What combinators wrap: called without arguments, it gives a new awaitable.
template <class Call>
concept callable = std::invocable<Call&> && is_awaitable<std::invoke_result_t<Call&>>;

/// What the awaitable of a callable comes to.
template <class Call>
using awaited = std::invoke_result_t<const Call&>::value_type;

/// An exception as an error: a `system_error`'s code, an `error_exception`'s error, or what another
/// exception says under `errc::unexpected_exception`.
error error_of(const std::exception_ptr& thrown);

/// The end of a call that was not made.
template <class T>
T refuse(error why) {
    if constexpr (is_result<T>)
        return T(std::move(why));
    else
        throw error_exception(std::move(why));
}

/// How a call ended: with a value, which may be a failed result, or with an exception; or,
/// cancelled before it began, with neither.
template <class T>
class outcome {
  public:
    template <class... Value>
    void value(Value&&... v) {
        value_.emplace(std::forward<Value>(v)...);
    }
    void thrown(std::exception_ptr e) { thrown_ = std::move(e); }

    bool failed() const {
        if constexpr (is_result<T>)
            if (value_) return value_->has_error();
        return !value_;
    }
    /// Precondition: `failed()`.
    error failure() const {
        if constexpr (is_result<T>)
            if (value_) return value_->error();
        if (thrown_) return error_of(thrown_);
        return error(asio::error::operation_aborted).effect(effect::not_applied);
    }
    /// The end with its error replaced by one that tells more; an exception stays what it is.
    void annotate(const error& e) {
        if constexpr (is_result<T>)
            if (value_) value_.emplace(e);
    }
    T take() {
        if (!value_ && thrown_) std::rethrow_exception(thrown_);
        if (!value_) throw boost::system::system_error(asio::error::operation_aborted);
        if constexpr (!std::is_void_v<T>) return std::move(*value_);
    }

  private:
    std::optional<std::conditional_t<std::is_void_v<T>, std::monostate, T>> value_;
    std::exception_ptr thrown_;
};

/// Makes a call and keeps its end.
template <class T, class Next>
awaitable<void> settle(Next next, outcome<T>& end) {
    try {
        auto work = next();
        if constexpr (std::is_void_v<T>) {
            co_await std::move(work);
            end.value();
        } else {
            end.value(co_await std::move(work));
        }
    } catch (...) {
        end.thrown(std::current_exception());
    }
}

/// A callable that outlives the call.
template <class Call>
class by_reference {
  public:
    explicit by_reference(Call& call) : call_(&call) {}
    auto operator()() const { return (*call_)(); }

  private:
    Call* call_;
};

/// A combinator around the next callable.
template <class Inner, class Next>
class wrapped {
  public:
    wrapped(const Inner& inner, Next next) : inner_(&inner), next_(next) {}
    auto operator()() const { return inner_->run(next_); }

  private:
    const Inner* inner_;
    Next next_;
};

}  // namespace cairn::detail
