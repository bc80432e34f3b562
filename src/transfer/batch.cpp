#include "core/cancellation.hpp"
#include "core/parallel.hpp"

#include <cairn/transfer/batch.hpp>

#include <boost/asio/this_coro.hpp>

namespace cairn::transfer {
namespace {

struct outcomes {
    std::function<awaitable<result<void>>(std::size_t)> step;
    std::vector<result<void>> all;
};

awaitable<result<void>> keep_outcome(outcomes& of, std::size_t i) {
    auto outcome = co_await of.step(i);
    of.all[i] = std::move(outcome);
    throw_if_cancelled(co_await asio::this_coro::cancellation_state);
    co_return result<void>();
}

}  // namespace

awaitable<std::vector<result<void>>> batch(
    std::size_t count, std::size_t width,
    std::function<awaitable<result<void>>(std::size_t)> step) {
    outcomes of{std::move(step), std::vector<result<void>>(count)};
    std::function<awaitable<result<void>>(std::size_t)> kept = [&of](std::size_t i) {
        return keep_outcome(of, i);
    };
    co_await for_each_bounded(count, width, std::move(kept));
    throw_if_cancelled(co_await asio::this_coro::cancellation_state);
    co_return std::move(of.all);
}

}  // namespace cairn::transfer
