#include "checkpoint/reading.hpp"

namespace cairn::checkpoint::detail {
namespace {

error at_object(error e, const backing& on, std::string_view key) {
    if (e.operation().empty()) e.operation(on.location(key));
    return e;
}

error misplaced(const record& r) {
    return error(errc::checkpoint_corrupt, "the object is the record of checkpoint " +
                                               r.self.str() + " of thread \"" + r.thread +
                                               "\", which does not belong there");
}

bool belongs(const session& s, std::uint64_t sequence, const record& r) {
    if (r.self.sequence != sequence || r.thread != s.name) return false;
    return r.kind != record_kind::checkpoint || r.space == s.space;
}

error missing(const locator& at) {
    return error(errc::checkpoint_not_found, "there is no checkpoint " + at.str());
}

}  // namespace

awaitable<result<record>> read_record(std::shared_ptr<environment> env, std::string key) {
    const auto data = co_await env->on->get(key, max_record_bytes);
    if (!data) co_return at_object(data.error(), *env->on, key);
    auto found = decode(*data);
    if (!found) co_return at_object(found.error(), *env->on, key);
    co_return found;
}

awaitable<result<record>> read_slot(session_ptr s, std::uint64_t sequence) {
    const auto key = s->keys.slot(sequence);
    auto found = co_await read_record(s->env, key);
    if (found && !belongs(*s, sequence, *found))
        co_return at_object(misplaced(*found), *s->env->on, key);
    co_return found;
}

awaitable<result<record>> read_checkpoint(session_ptr s, locator at) {
    auto found = co_await read_slot(s, at.sequence);
    if (!found && found.error().code() == errc::not_found) co_return missing(at);
    if (!found) co_return found;
    if (const auto alive = check_alive(*found); !alive) co_return alive.error();
    if (found->self != at) co_return missing(at);
    co_return found;
}

awaitable<result<std::optional<record>>> find_last(session_ptr s) {
    const auto keys = co_await s->env->on->list(s->keys.slots(), std::string(), 1);
    if (!keys) co_return keys.error();
    if (keys->empty()) co_return std::optional<record>();
    const auto sequence = s->keys.sequence_of(keys->front());
    if (!sequence)
        co_return at_object(error(errc::checkpoint_corrupt, "the object is no slot of the log"),
                            *s->env->on, keys->front());
    auto found = co_await read_slot(s, *sequence);
    if (!found) co_return found.error();
    co_return std::optional<record>(std::move(*found));
}

awaitable<result<void>> check_mark(session_ptr s, std::uint64_t last) {
    if (last > 1) co_return result<void>();
    const auto mark = co_await s->env->on->get(s->thread.deletion_mark(), max_record_bytes);
    if (mark) co_return error(errc::thread_deleted);
    if (mark.error().code() != errc::not_found) co_return mark.error();
    co_return result<void>();
}

result<void> check_alive(const record& r) {
    if (r.kind != record_kind::checkpoint) return error(errc::thread_deleted);
    return {};
}

result<locator> to_locator(std::string_view id) {
    if (auto at = parse_id(id)) return std::move(*at);
    return error(errc::invalid_argument,
                 "\"" + std::string(id) + "\" is not the id of a checkpoint");
}

result<void> check_name(const session& s) {
    if (s.name.empty()) return error(errc::invalid_argument, "the thread's name is empty");
    return {};
}

info describe(const session& s, const record& r) {
    info out;
    out.id = r.self.str();
    out.sequence = r.self.sequence;
    if (r.parent) out.parent = r.parent->str();
    out.created = r.created;
    out.metadata = r.metadata;
    for (const auto& [name, state] : r.channels) {
        const auto* ref = std::get_if<blob_ref>(&state);
        out.channel_sizes.emplace(name, ref ? ref->size : std::get<bytes>(state).size());
    }
    for (const auto& [name, how] : r.compressed) out.channel_sizes[name] = how.size;
    out.location = s.env->on->location(s.keys.slot(r.self.sequence));
    return out;
}

std::string phrase(const session& s, std::string_view verb, std::uint64_t sequence) {
    std::string text(verb);
    if (sequence != 0) text += " checkpoint " + std::to_string(sequence) + " of";
    text += " thread \"" + s.name + '"';
    if (!s.space.empty()) text += " in namespace \"" + s.space + '"';
    if (sequence != 0) text += " at " + s.env->on->location(s.keys.slot(sequence));
    return text;
}

}  // namespace cairn::checkpoint::detail
