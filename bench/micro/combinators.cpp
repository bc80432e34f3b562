#include "allocations.hpp"

#include <cairn/resilience.hpp>

#include <benchmark/benchmark.h>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>

#include <exception>

// What the combinators add to a call that is over at once.

namespace {

using namespace std::chrono_literals;
using cairn::awaitable;
using cairn::result;

awaitable<result<int>> ready() {
    co_return 1;
}

template <class Guarded>
awaitable<void> repeat(benchmark::State& state, const Guarded& guarded) {
    const auto call = [] { return ready(); };
    const auto before = cairn::bench::allocations();
    for (auto _ : state) {
        const auto ended = co_await guarded(call);
        benchmark::DoNotOptimize(ended);
    }
    state.counters["allocations"] =
        benchmark::Counter(static_cast<double>(cairn::bench::allocations() - before),
                           benchmark::Counter::kAvgIterations);
}

template <class Guarded>
void measure(benchmark::State& state, const Guarded& guarded) {
    boost::asio::io_context context(1);
    // As where calls run beside each other: an older one's time limit is the next to ring, so that
    // a new one moves no kernel timer.
    boost::asio::steady_timer older(context, 1min);
    older.async_wait([](const boost::system::error_code&) {});
    auto cancel_it = [&](const std::exception_ptr&) { older.cancel(); };
    boost::asio::co_spawn(context, repeat(state, guarded), cancel_it);
    context.run();
}

void call_bare(benchmark::State& state) {
    measure(state, [](const auto& call) { return call(); });
}
BENCHMARK(call_bare);

void call_with_retry(benchmark::State& state) {
    measure(state, cairn::retry());
}
BENCHMARK(call_with_retry);

void call_with_breaker(benchmark::State& state) {
    measure(state, cairn::circuit_breaker());
}
BENCHMARK(call_with_breaker);

void call_with_retry_and_breaker(benchmark::State& state) {
    measure(state, cairn::retry() | cairn::circuit_breaker());
}
BENCHMARK(call_with_retry_and_breaker);

void call_with_concurrency_limit(benchmark::State& state) {
    measure(state, cairn::concurrency_limit(8, 8));
}
BENCHMARK(call_with_concurrency_limit);

void call_with_attempt_timeout(benchmark::State& state) {
    measure(state, cairn::attempt_timeout(5min));
}
BENCHMARK(call_with_attempt_timeout);

void call_with_all(benchmark::State& state) {
    measure(state, cairn::total_deadline(30min) | cairn::concurrency_limit(8, 8) | cairn::retry() |
                       cairn::circuit_breaker() | cairn::attempt_timeout(5min));
}
BENCHMARK(call_with_all);

}  // namespace
