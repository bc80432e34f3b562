#include "checkpoint/commit_loop.hpp"

#include "checkpoint/commit.hpp"
#include "checkpoint/reading.hpp"

namespace cairn::checkpoint::detail {
namespace {

// Without conditional writes the best there is: look, then write. Two writers at once would both
// win.
awaitable<result<create_outcome>> look_and_put(std::shared_ptr<backing> on, std::string key,
                                               bytes data) {
    const auto there = co_await on->get(key, max_record_bytes);
    if (there) co_return create_outcome::exists;
    auto failed = there.error();
    failed.effect(effect::not_applied);
    if (failed.code() != errc::not_found) co_return failed;
    const auto written = co_await on->put(key, std::move(data));
    if (!written) co_return written.error();
    co_return create_outcome::created;
}

awaitable<result<create_outcome>> create(std::shared_ptr<environment> env, std::string key,
                                         bytes data) {
    if (env->conditional) return env->on->create(std::move(key), std::move(data));
    return look_and_put(env->on, std::move(key), std::move(data));
}

awaitable<void> pause(std::shared_ptr<environment> env, std::chrono::nanoseconds at_most) {
    const auto range = static_cast<std::uint64_t>(at_most.count()) + 1;
    const auto time = std::chrono::nanoseconds(env->options.random->next_u64() % range);
    return env->options.clock->sleep_until(env->options.clock->now() + time);
}

}  // namespace

awaitable<result<void>> commit(std::shared_ptr<environment> env, std::string key, record r,
                               call_ptr context) {
    const auto data = encode(r);
    commit_machine machine(r.self.put_id, env->options.commit);
    auto next = machine.start();
    for (;;) {
        context->effect = machine.on_cancel().error.effect();
        if (std::holds_alternative<commit_machine::committed>(next)) {
            context->effect = effect::applied;
            co_return result<void>();
        }
        if (const auto* failed = std::get_if<commit_machine::failed>(&next))
            co_return failed->error;
        if (std::holds_alternative<commit_machine::create_record>(next)) {
            const auto reply = co_await create(env, key, data);
            next = machine.on_create(reply);
        } else if (std::holds_alternative<commit_machine::read_slot>(next)) {
            const auto reply = co_await read_record(env, key);
            next = machine.on_read(reply);
        } else {
            co_await pause(env, std::get<commit_machine::wait>(next).at_most);
            next = machine.on_waited();
        }
    }
}

}  // namespace cairn::checkpoint::detail
