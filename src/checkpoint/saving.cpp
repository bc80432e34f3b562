#include "checkpoint/saving.hpp"

#include "checkpoint/commit_loop.hpp"
#include "checkpoint/deleting.hpp"
#include "checkpoint/digest.hpp"
#include "checkpoint/packing.hpp"
#include "checkpoint/reading.hpp"
#include "core/parallel.hpp"

#include <algorithm>
#include <vector>

namespace cairn::checkpoint::detail {
namespace {

using record_ptr = std::shared_ptr<const record>;

error unapplied(error e) {
    e.effect(effect::not_applied);
    return e;
}

// Where to append: behind the cursor, or at the log's end for a session that has not seen the log.
awaitable<result<cursor>> find_place(session_ptr s) {
    if (s->at) co_return *s->at;
    auto last = co_await find_last(s);
    if (!last) co_return last.error();
    if (!*last) co_return cursor();
    if (const auto alive = check_alive(**last); !alive) co_return alive.error();
    const auto unmarked = co_await check_mark(s, (*last)->self.sequence);
    if (!unmarked) co_return unmarked.error();
    co_return cursor(std::make_shared<const record>(std::move(**last)));
}

// The record that the draft builds on; null for a first checkpoint.
awaitable<result<record_ptr>> find_parent(session_ptr s, cursor at_cursor, std::string id) {
    const auto& under_cursor = at_cursor.last;
    if (id.empty() || (under_cursor && id == under_cursor->self.str())) co_return under_cursor;
    const auto at = to_locator(id);
    if (!at) co_return at.error();
    auto found = co_await read_checkpoint(s, *at);
    if (!found) co_return found.error();
    co_return std::make_shared<const record>(std::move(*found));
}

std::vector<std::string> smallest_first(const std::map<std::string, bytes>& channels) {
    std::vector<std::string> names;
    names.reserve(channels.size());
    for (const auto& [name, data] : channels) names.push_back(name);
    std::ranges::sort(names, {}, [&](const std::string& name) {
        return std::pair(channels.at(name).size(), std::string_view(name));
    });
    return names;
}

struct upload {
    upload(std::string key, bytes data) : key(std::move(key)), data(std::move(data)) {}
    std::string key;
    bytes data;
};

bool refers_to(const record* parent, const std::string& channel, const blob_ref& ref) {
    if (!parent) return false;
    const auto known = parent->channels.find(channel);
    return known != parent->channels.end() && known->second == channel_state(ref);
}

// Moves the channels into the record, or into the uploads where they are large and the parent's
// record doesn't refer to the same bytes.
std::vector<upload> place_channels(const session& s, const record* parent,
                                   std::map<std::string, bytes> channels, record& into) {
    std::vector<upload> uploads;
    std::size_t room = s.env->options.inline_limit_bytes;
    for (const auto& name : smallest_first(channels)) {
        auto& data = channels[name];
        if (data.size() <= room) {
            room -= data.size();
            into.channels.emplace(name, std::move(data));
            continue;
        }
        blob_ref ref(sha256(data), data.size());
        if (!refers_to(parent, name, ref))
            uploads.emplace_back(s.keys.blob(name, ref.digest), std::move(data));
        into.channels.emplace(name, std::move(ref));
    }
    return uploads;
}

record make_record(const session& s, std::uint64_t sequence, const record* parent,
                   std::map<std::string, std::string> metadata) {
    record r;
    r.self = locator(sequence, s.env->options.random->hex(put_id_bytes));
    r.thread = s.name;
    r.space = s.space;
    if (parent) r.parent = parent->self;
    r.created = s.env->options.clock->utc_now();
    r.metadata = std::move(metadata);
    return r;
}

awaitable<result<void>> put_blob(std::shared_ptr<backing> on,
                                 std::shared_ptr<std::vector<upload>> uploads, std::size_t index) {
    auto& one = (*uploads)[index];
    return on->put(one.key, std::move(one.data));
}

awaitable<result<void>> put_blobs(std::shared_ptr<environment> env, std::vector<upload> uploads) {
    const auto count = uploads.size();
    auto all = std::make_shared<std::vector<upload>>(std::move(uploads));
    std::function<awaitable<result<void>>(std::size_t)> step = [env, all](std::size_t i) {
        return put_blob(env->on, all, i);
    };
    return for_each_bounded(count, env->options.max_parallel, std::move(step));
}

result<void> check_size(const record& r) {
    std::size_t names = r.thread.size() + r.space.size();
    for (const auto& [key, value] : r.metadata) names += key.size() + value.size();
    for (const auto& [name, state] : r.channels) {
        const auto* data = std::get_if<bytes>(&state);
        names += name.size() + (data ? data->size() : 0);
    }
    for (const auto& [name, how] : r.compressed) names += name.size();
    const std::size_t overhead = 1024 + 64 * (r.metadata.size() + r.channels.size());
    if (names + overhead <= max_record_bytes) return {};
    return error(errc::invalid_argument, "metadata, names and inline channels take more than the " +
                                             std::to_string(max_record_bytes) +
                                             " bytes of a record");
}

// A log's first record may have come after its thread was deleted: see `check_mark`.
awaitable<result<void>> confirm_first(session_ptr s) {
    const auto unmarked = co_await check_mark(s, 1);
    if (unmarked) co_return result<void>();
    auto e = unmarked.error();
    if (e.code() == errc::thread_deleted) {
        const auto erased = co_await erase_log(s->env, s->name, s->keys);
        static_cast<void>(erased);  // whoever finds what is left of it looks for the mark, too
        co_return unapplied(std::move(e));
    }
    if (e.code() == errc::canceled) co_return e;
    error unknown(
        errc::commit_state_unknown,
        "the record is stored, but whether its thread has been deleted is not known: " + e.what());
    unknown.cause(e.code());
    unknown.effect(effect::unknown);
    unknown.hint("load the thread to see");
    co_return unknown;
}

awaitable<result<record_ptr>> commit_draft(session_ptr s, std::uint64_t sequence, record_ptr parent,
                                           draft next, call_ptr context) {
    auto r = make_record(*s, sequence, parent.get(), std::move(next.metadata));
    if (s->env->options.compression) {
        auto packed = co_await pack(s->env, std::move(next.channels));
        next.channels = std::move(packed.stored);
        r.compressed = std::move(packed.compressed);
    }
    auto uploads = place_channels(*s, parent.get(), std::move(next.channels), r);
    if (const auto fits = check_size(r); !fits) co_return unapplied(fits.error());
    const auto uploaded = co_await put_blobs(s->env, std::move(uploads));
    if (!uploaded) co_return unapplied(uploaded.error());
    const auto committed = co_await commit(s->env, s->keys.slot(sequence), r, context);
    if (!committed) co_return committed.error();
    if (sequence == 1) {
        context->effect = effect::unknown;
        const auto confirmed = co_await confirm_first(s);
        if (!confirmed) co_return confirmed.error();
    }
    co_return std::make_shared<const record>(std::move(r));
}

}  // namespace

awaitable<result<info>> save(session_ptr s, draft next, call_ptr context) {
    if (const auto valid = check_name(*s); !valid) co_return unapplied(valid.error());
    const auto place = co_await find_place(s);
    if (!place) co_return unapplied(place.error());
    if (place->sequence() >= max_sequence)
        co_return unapplied(error(errc::limit_exceeded, "the log is full"));
    const auto sequence = place->sequence() + 1;
    context->what = phrase(*s, "save", sequence);
    const auto parent = co_await find_parent(s, *place, next.parent);
    if (!parent) co_return unapplied(parent.error());
    const auto saved = co_await commit_draft(s, sequence, *parent, std::move(next), context);
    if (!saved) co_return saved.error();
    s->at = cursor(*saved);
    co_return describe(*s, **saved);
}

}  // namespace cairn::checkpoint::detail
