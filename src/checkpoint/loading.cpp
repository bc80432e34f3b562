#include "checkpoint/loading.hpp"

#include "checkpoint/digest.hpp"
#include "checkpoint/parallel.hpp"
#include "checkpoint/reading.hpp"

#include <vector>

namespace cairn::checkpoint::detail {
namespace {

using record_ptr = std::shared_ptr<const record>;

struct wanted_blob {
    wanted_blob(std::string key, blob_ref ref, bytes& into)
        : key(std::move(key)), ref(std::move(ref)), into(&into) {}
    std::string key;
    blob_ref ref;
    bytes* into;
};

error corrupt_blob(const backing& on, const std::string& key, std::string detail) {
    error e(errc::checkpoint_corrupt, std::move(detail));
    e.operation(on.location(key));
    return e;
}

awaitable<result<void>> fetch_blob(std::shared_ptr<backing> on, const wanted_blob* blob) {
    auto data = co_await on->get(blob->key, blob->ref.size);
    if (!data) {
        if (data.error().code() == errc::not_found)
            co_return corrupt_blob(*on, blob->key, "the blob is missing");
        if (data.error().code() == errc::limit_exceeded)
            co_return corrupt_blob(*on, blob->key, "the blob is longer than the record says");
        co_return data.error();
    }
    if (data->size() != blob->ref.size || sha256(*data) != blob->ref.digest)
        co_return corrupt_blob(*on, blob->key,
                               "the blob's bytes don't match the SHA-256 in the record");
    *blob->into = std::move(*data);
    co_return result<void>();
}

awaitable<result<void>> fetch_blobs(session_ptr s,
                                    std::shared_ptr<std::vector<wanted_blob>> blobs) {
    std::function<awaitable<result<void>>(std::size_t)> step = [s, blobs](std::size_t i) {
        return fetch_blob(s->env->on, &(*blobs)[i]);
    };
    return for_each_bounded(blobs->size(), s->env->options.max_parallel, std::move(step));
}

// The state of a checkpoint. A blob that is missing because the thread is being deleted is no
// corruption.
awaitable<result<snapshot>> fetch_state(session_ptr s, record_ptr r) {
    snapshot out;
    static_cast<info&>(out) = describe(*s, *r);
    auto blobs = std::make_shared<std::vector<wanted_blob>>();
    for (const auto& [name, state] : r->channels) {
        auto& into = out.channels[name];
        if (const auto* ref = std::get_if<blob_ref>(&state))
            blobs->emplace_back(s->keys.blob(name, ref->digest), *ref, into);
        else
            into = std::get<bytes>(state);
    }
    const auto fetched = co_await fetch_blobs(s, blobs);
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
