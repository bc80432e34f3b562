#include "core/parallel.hpp"

#include "core/strand.hpp"
#include "core/task_group.hpp"

#include <boost/asio/strand.hpp>
#include <boost/asio/this_coro.hpp>

#include <algorithm>
#include <atomic>
#include <exception>
#include <memory>
#include <optional>
#include <vector>

namespace cairn {
namespace {

// Each worker writes to its own slot, so that workers may run on different threads without sharing
// more than the flag and the next index.
struct fan_out {
    std::size_t count = 0;
    std::atomic<std::size_t> next = 0;
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
    while (!all->stop) {
        const auto i = all->next++;
        if (i >= all->count) break;
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

struct crew {
    std::shared_ptr<task_group> group = std::make_shared<task_group>();
    std::function<awaitable<result<void>>()> worker;
    result<void> outcome;
};

awaitable<void> work_in(std::shared_ptr<crew> all) {
    const auto done = co_await all->worker();
    if (done || !all->outcome) co_return;
    all->outcome = done.error();
    all->group->cancel();
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

awaitable<result<void>> run_workers(std::size_t width,
                                    std::function<awaitable<result<void>>()> worker) {
    const auto executor = on_a_strand(co_await asio::this_coro::executor);
    const auto all = std::make_shared<crew>();
    all->worker = std::move(worker);
    for (std::size_t i = 0; i < width; ++i) all->group->add(executor, work_in(all));
    co_await all->group->run();
    co_return all->outcome;
}

}  // namespace cairn
