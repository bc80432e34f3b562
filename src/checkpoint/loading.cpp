#include "checkpoint/loading.hpp"

#include "checkpoint/digest.hpp"
#include "checkpoint/packing.hpp"
#include "checkpoint/reading.hpp"
#include "core/parallel.hpp"

#include <vector>

namespace cairn::checkpoint::detail {
namespace {

using record_ptr = std::shared_ptr<const record>;

// A state that takes more than a look into the record.
struct wanted_state {
    wanted_state(std::string key, const channel_state& stored, const compressed_state* how,
                 bytes& into)
        : key(std::move(key)), stored(&stored), how(how), into(&into) {}
    std::string key;  ///< Of the object that holds it.
    const channel_state* stored;
    const compressed_state* how;  ///< Null if it is stored as it is.
    bytes* into;
};

error corrupt_state(const backing& on, const std::string& key, std::string detail) {
    error e(errc::checkpoint_corrupt, std::move(detail));
    e.operation(on.location(key));
    return e;
}

awaitable<result<bytes>> fetch_blob(std::shared_ptr<backing> on, std::string key, blob_ref ref) {
    auto data = co_await on->get(key, ref.size);
    if (!data) {
        if (data.error().code() == errc::not_found)
            co_return corrupt_state(*on, key, "the blob is missing");
        if (data.error().code() == errc::limit_exceeded)
            co_return corrupt_state(*on, key, "the blob is longer than the record says");
        co_return data.error();
    }
    if (data->size() != ref.size || sha256(*data) != ref.digest)
        co_return corrupt_state(*on, key, "the blob's bytes don't match the SHA-256 in the record");
    co_return data;
}

awaitable<result<void>> fetch_one(std::shared_ptr<environment> env, const wanted_state* wanted) {
    result<bytes> state = bytes();
    if (const auto* ref = std::get_if<blob_ref>(wanted->stored))
        state = co_await fetch_blob(env->on, wanted->key, *ref);
    else
        state = std::get<bytes>(*wanted->stored);
    if (!state) co_return state.error();
    if (wanted->how) {
        state = co_await unpack(env, std::move(*state), *wanted->how);
        if (!state) co_return corrupt_state(*env->on, wanted->key, state.error().detail());
    }
    *wanted->into = std::move(*state);
    co_return result<void>();
}

awaitable<result<void>> fetch_all(session_ptr s,
                                  std::shared_ptr<std::vector<wanted_state>> wanted) {
    std::function<awaitable<result<void>>(std::size_t)> step = [s, wanted](std::size_t i) {
        return fetch_one(s->env, &(*wanted)[i]);
    };
    return for_each_bounded(wanted->size(), s->env->options.max_parallel, std::move(step));
}

// The state of a checkpoint. A blob that is missing because the thread is being deleted is no
// corruption.
awaitable<result<snapshot>> fetch_state(session_ptr s, record_ptr r) {
    snapshot out;
    static_cast<info&>(out) = describe(*s, *r);
    auto wanted = std::make_shared<std::vector<wanted_state>>();
    for (const auto& [name, state] : r->channels) {
        auto& into = out.channels[name];
        const auto packed = r->compressed.find(name);
        const auto* how = packed == r->compressed.end() ? nullptr : &packed->second;
        if (const auto* ref = std::get_if<blob_ref>(&state))
            wanted->emplace_back(s->keys.blob(name, ref->digest), state, how, into);
        else if (how)
            wanted->emplace_back(s->keys.slot(r->self.sequence), state, how, into);
        else
            into = std::get<bytes>(state);
    }
    const auto fetched = co_await fetch_all(s, wanted);
    if (fetched) co_return out;
    if (fetched.error().code() == errc::checkpoint_corrupt) {
        const auto again = co_await read_checkpoint(s, r->self);
        if (!again) co_return again.error();
    }
    co_return fetched.error();
}

awaitable<result<snapshot>> settle_on(session_ptr s, record r) {
    const auto found = std::make_shared<const record>(std::move(r));
    auto state = co_await fetch_state(s, found);
    if (state) s->at = cursor(found);
    co_return state;
}

error nothing_yet() {
    return error(errc::checkpoint_not_found, "the thread has no checkpoints");
}

awaitable<result<snapshot>> load_cold(session_ptr s, call_ptr context) {
    auto last = co_await find_last(s);
    if (!last) co_return last.error();
    const auto sequence = *last ? (*last)->self.sequence : 0;
    context->what = phrase(*s, "load", sequence);
    if (*last) {
        if (const auto alive = check_alive(**last); !alive) co_return alive.error();
    }
    const auto unmarked = co_await check_mark(s, sequence);
    if (!unmarked) co_return unmarked.error();
    if (!*last) {
        s->at = cursor();
        co_return nothing_yet();
    }
    co_return co_await settle_on(s, std::move(**last));
}

// Whether the log still ends at the cursor.
enum class standing { current, behind };

awaitable<result<standing>> look_ahead(session_ptr s) {
    const auto next = s->at->sequence() + 1;
    if (next > max_sequence) co_return standing::current;
    const auto found = co_await read_slot(s, next);
    if (found) co_return standing::behind;
    if (found.error().code() == errc::not_found) co_return standing::current;
    co_return found.error();
}

}  // namespace

awaitable<result<snapshot>> load_latest(session_ptr s, call_ptr context) {
    if (const auto valid = check_name(*s); !valid) co_return valid.error();
    if (!s->at || !s->at->last) co_return co_await load_cold(s, context);
    const auto found = co_await look_ahead(s);
    if (!found) co_return found.error();
    if (*found == standing::behind) co_return co_await load_cold(s, context);
    context->what = phrase(*s, "load", s->at->sequence());
    co_return co_await fetch_state(s, s->at->last);
}

awaitable<result<snapshot>> load_by_id(session_ptr s, std::string id, call_ptr context) {
    if (const auto valid = check_name(*s); !valid) co_return valid.error();
    const auto at = to_locator(id);
    if (!at) co_return at.error();
    context->what = phrase(*s, "load", at->sequence);
    auto found = co_await read_checkpoint(s, *at);
    if (!found) co_return found.error();
    const auto unmarked = co_await check_mark(s, at->sequence);
    if (!unmarked) co_return unmarked.error();
    co_return co_await settle_on(s, std::move(*found));
}

}  // namespace cairn::checkpoint::detail
