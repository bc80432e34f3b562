#include "checkpoint/deleting.hpp"

#include "checkpoint/commit_loop.hpp"
#include "checkpoint/reading.hpp"
#include "core/parallel.hpp"

#include <vector>

namespace cairn::checkpoint::detail {
namespace {

// Each lost round means that somebody has saved a checkpoint meanwhile; nobody does that for so
// long.
constexpr int max_tombstone_rounds = 100;

record stand_in(const environment& env, record_kind kind, const std::string& thread,
                std::uint64_t sequence) {
    record r;
    r.kind = kind;
    r.self = locator(sequence, env.options.random->hex(put_id_bytes));
    r.thread = thread;
    r.created = env.options.clock->utc_now();
    return r;
}

awaitable<result<std::optional<std::uint64_t>>> last_sequence(std::shared_ptr<environment> env,
                                                              log_keys keys) {
    const auto found = co_await env->on->list(keys.slots(), std::string(), 1);
    if (!found) co_return found.error();
    if (found->empty()) co_return std::optional<std::uint64_t>();
    const auto sequence = keys.sequence_of(found->front());
    if (!sequence)
        co_return error(errc::checkpoint_corrupt,
                        env->on->location(found->front()) + " is no slot of the log");
    co_return sequence;
}

// A record that can't be read has no kind, and is deleted like any other.
awaitable<result<std::optional<record_kind>>> kind_of(std::shared_ptr<environment> env,
                                                      std::string key) {
    const auto found = co_await read_record(env, std::move(key));
    if (found) co_return found->kind;
    const auto code = found.error().code();
    if (code == errc::checkpoint_corrupt || code == errc::record_version ||
        code == errc::limit_exceeded)
        co_return std::optional<record_kind>();
    co_return found.error();
}

// The sequence of the tombstone that ends the log; nothing when there is no log to end.
awaitable<result<std::optional<std::uint64_t>>> end_log(std::shared_ptr<environment> env,
                                                        std::string thread, log_keys keys) {
    const auto context = std::make_shared<call>("end the log", effect::unknown);
    error lost;
    for (int round = 0; round < max_tombstone_rounds; ++round) {
        const auto last = co_await last_sequence(env, keys);
        if (!last || !*last) co_return last;
        const auto kind = co_await kind_of(env, keys.slot(**last));
        if (!kind) co_return kind.error();
        if (*kind == record_kind::tombstone) co_return *last;
        const auto sequence = **last + 1;
        if (sequence > max_sequence) co_return error(errc::limit_exceeded, "the log is full");
        auto tombstone = stand_in(*env, record_kind::tombstone, thread, sequence);
        const auto committed =
            co_await commit(env, keys.slot(sequence), std::move(tombstone), context);
        if (committed) co_return std::optional(sequence);
        lost = committed.error();
        if (lost.code() != errc::checkpoint_conflict && lost.code() != errc::thread_deleted)
            co_return lost;
    }
    co_return lost;
}

awaitable<result<void>> erase_slot(std::shared_ptr<environment> env, std::string thread,
                                   log_keys keys, std::string key) {
    const auto sequence = keys.sequence_of(key);
    if (!sequence) co_return result<void>();
    const auto data = encode(stand_in(*env, record_kind::erased, thread, *sequence));
    co_return co_await env->on->put(std::move(key), data);
}

awaitable<result<void>> erase_slots(std::shared_ptr<environment> env, std::string thread,
                                    log_keys keys, std::vector<std::string> page) {
    const auto count = page.size();
    std::function<awaitable<result<void>>(std::size_t)> step =
        [env, thread, keys, page = std::move(page)](std::size_t i) {
            return erase_slot(env, thread, keys, page[i]);
        };
    return for_each_bounded(count, env->options.max_parallel, std::move(step));
}

awaitable<result<void>> erase_slots_before(std::shared_ptr<environment> env, std::string thread,
                                           log_keys keys, std::uint64_t tombstone) {
    auto after = keys.slot(tombstone);
    for (;;) {
        const auto page = co_await env->on->list(keys.slots(), after, env->options.page_size);
        if (!page) co_return page.error();
        const auto erased = co_await erase_slots(env, thread, keys, *page);
        if (!erased) co_return erased.error();
        if (page->size() < env->options.page_size) co_return result<void>();
        after = page->back();
    }
}

error not_all_removed(const std::vector<result<void>>& outcomes, const error& first) {
    std::size_t failed = 0;
    for (const auto& outcome : outcomes) failed += outcome ? 0 : 1;
    auto e = first;
    e.detail(std::to_string(failed) + " of " + std::to_string(outcomes.size()) +
             " objects could not be removed" +
             (e.detail().empty() ? "" : "; the first: " + e.detail()));
    return e;
}

result<void> all_removed(const result<std::vector<result<void>>>& outcomes) {
    if (!outcomes) return outcomes.error();
    for (const auto& outcome : *outcomes)
        if (!outcome) return not_all_removed(*outcomes, outcome.error());
    return {};
}

awaitable<result<void>> remove_blobs(std::shared_ptr<environment> env, log_keys keys) {
    std::string after;
    for (;;) {
        const auto page = co_await env->on->list(keys.blobs(), after, env->options.page_size);
        if (!page) co_return page.error();
        if (page->empty()) co_return result<void>();
        const auto outcomes = co_await env->on->remove(*page);
        if (const auto removed = all_removed(outcomes); !removed) co_return removed.error();
        if (page->size() < env->options.page_size) co_return result<void>();
        after = page->back();
    }
}

// The first namespace that lists after `after`: its root, and where the search for the next one
// goes on.
struct found_namespace {
    found_namespace() = default;
    std::string root;
    std::string after;
};

awaitable<result<std::optional<found_namespace>>> next_namespace(std::shared_ptr<environment> env,
                                                                 thread_keys keys,
                                                                 std::string after) {
    for (;;) {
        const auto found = co_await env->on->list(keys.root(), after, 1);
        if (!found) co_return found.error();
        if (found->empty()) co_return std::optional<found_namespace>();
        after = found->front();
        auto root = keys.namespace_root_of(after);
        if (!root) continue;
        found_namespace next;
        next.after = *root;
        ++next.after.back();  // '0' follows '/': everything in this namespace comes before it
        next.root = std::move(*root);
        co_return std::optional(std::move(next));
    }
}

error empty_name() {
    error e(errc::invalid_argument, "the thread's name is empty");
    e.effect(effect::not_applied);
    return e;
}

}  // namespace

awaitable<result<void>> erase_log(std::shared_ptr<environment> env, std::string thread,
                                  log_keys keys) {
    const auto tombstone = co_await end_log(env, thread, keys);
    if (!tombstone) co_return tombstone.error();
    if (*tombstone) {
        const auto erased = co_await erase_slots_before(env, thread, keys, **tombstone);
        if (!erased) co_return erased.error();
    }
    co_return co_await remove_blobs(env, keys);
}

namespace {

awaitable<result<void>> erase_namespaces(std::shared_ptr<environment> env, std::string thread,
                                         thread_keys keys) {
    std::string after;
    for (;;) {
        auto found = co_await next_namespace(env, keys, after);
        if (!found) co_return found.error();
        if (!*found) co_return result<void>();
        const auto erased = co_await erase_log(env, thread, log_keys((*found)->root));
        if (!erased) co_return erased.error();
        after = std::move((*found)->after);
    }
}

}  // namespace

awaitable<result<void>> delete_thread(std::shared_ptr<environment> env, std::string thread,
                                      call_ptr context) {
    if (thread.empty()) co_return empty_name();
    const thread_keys keys(env->prefix, thread);
    context->effect = effect::unknown;
    const auto marked = co_await env->on->put(keys.deletion_mark(), bytes("deleted\n"));
    if (!marked) co_return marked.error();
    const auto erased = co_await erase_namespaces(env, std::move(thread), keys);
    if (erased) co_return result<void>();
    auto e = erased.error();
    e.effect(effect::unknown);
    e.hint("delete the thread again to finish");
    co_return e;
}

}  // namespace cairn::checkpoint::detail
