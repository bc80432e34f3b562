#include "checkpoint/parallel.hpp"

#include "core/task_group.hpp"

#include <boost/asio/strand.hpp>
#include <boost/asio/this_coro.hpp>

#include <algorithm>
#include <atomic>
#include <exception>
#include <memory>
#include <optional>
#include <vector>

namespace cairn::checkpoint {
namespace {

// Each worker takes every width-th index and writes to its own slot, so that workers may run on
// different threads without sharing more than the flag.
struct fan_out {
    std::size_t count = 0;
    std::size_t width = 1;
    std::function<awaitable<result<void>>(std::size_t)> step;
    struct failure {
        std::size_t index;
        cairn::error error;
    };
    std::vector<std::optional<failure>> failures;
    std::atomic<bool> stop = false;
};

awaitable<void> work(std::shared_ptr<fan_out> all, std::size_t worker) {
    for (std::size_t i = worker; i < all->count && !all->stop; i += all->width) {
        const auto done = co_await all->step(i);
        if (done) continue;
        all->failures[worker] = fan_out::failure{i, done.error()};
        all->stop = true;
    }
}

// Each worker has a strand, so that it can be cancelled safely wherever it runs.
awaitable<void> work_together(std::shared_ptr<fan_out> all) {
    const auto executor = co_await asio::this_coro::executor;
    const auto workers = std::make_shared<task_group>();
    for (std::size_t i = 0; i < all->width; ++i)
        workers->add(asio::make_strand(executor), work(all, i));
    co_await workers->run();
}

result<void> first_failure(const fan_out& all) {
    const fan_out::failure* first = nullptr;
    for (const auto& f : all.failures)
        if (f && (!first || f->index < first->index)) first = &*f;
    if (first) return first->error;
    return {};
}

}  // namespace

awaitable<result<void>> for_each_bounded(std::size_t count, std::size_t width,
                                         std::function<awaitable<result<void>>(std::size_t)> step) {
    auto all = std::make_shared<fan_out>();
    all->count = count;
    all->width = std::clamp<std::size_t>(width, 1, std::max<std::size_t>(count, 1));
    all->step = std::move(step);
    all->failures.resize(all->width);
    if (all->width == 1)
        co_await work(all, 0);
    else
        co_await work_together(all);
    co_return first_failure(*all);
}

}  // namespace cairn::checkpoint
