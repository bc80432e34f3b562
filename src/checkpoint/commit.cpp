#include "checkpoint/commit.hpp"

#include <algorithm>

namespace cairn::checkpoint {
namespace {

// Worth another try even though nothing was stored: the trouble is on the way, not in the request.
bool is_passing(const error& e) {
    for (const auto code : {errc::resolve_failed, errc::connect_failed, errc::connection_lost,
                            errc::timed_out, errc::throttled, errc::service_failed, errc::conflict})
        if (e.code() == code) return true;
    return false;
}

error conflict_with(const record& found) {
    error e(errc::checkpoint_conflict, "another writer has saved " + found.self.str());
    e.hint("load the latest checkpoint and save on top of it");
    e.effect(effect::not_applied);
    return e;
}

error deleted() {
    error e(errc::thread_deleted);
    e.effect(effect::not_applied);
    return e;
}

}  // namespace

commit_machine::action commit_machine::start() {
    return send(step::create);
}

commit_machine::action commit_machine::send(step next) {
    ++attempts_;
    creating_ = next == step::create;
    if (creating_) return create_record{};
    return read_slot{};
}

commit_machine::action commit_machine::later(step next) {
    next_ = next;
    auto limit = policy_.base;
    for (unsigned i = 1; i < attempts_ && limit < policy_.cap; ++i) limit *= 2;
    return wait{std::min(limit, policy_.cap)};
}

commit_machine::action commit_machine::on_waited() {
    return send(next_);
}

commit_machine::action commit_machine::on_create(const result<create_outcome>& reply) {
    creating_ = false;
    if (!reply) return on_create_failed(reply.error());
    if (*reply == create_outcome::created) return committed{};
    may_be_stored_ = true;
    if (*reply == create_outcome::exists) return send(step::read);
    lost_reply_ = true;
    last_ = error(errc::conflict, "another write of the same key was going on");
    return exhausted() ? send(step::read) : later(step::create);
}

commit_machine::action commit_machine::on_create_failed(const error& e) {
    last_ = e;
    lost_reply_ = lost_reply_ || e.effect() != effect::not_applied;
    may_be_stored_ = may_be_stored_ || lost_reply_;
    if (e.code() == errc::canceled) return on_cancel();
    const bool again = may_be_stored_ || is_passing(e);
    if (again && !exhausted()) return later(step::create);
    if (may_be_stored_) return send(step::read);
    return refused(e);
}

commit_machine::action commit_machine::on_read(const result<record>& reply) {
    if (reply) return judge(*reply);
    last_ = reply.error();
    if (last_.code() == errc::canceled) return on_cancel();
    if (last_.code() == errc::record_version) return refused(last_);  // ours is of this version
    if (last_.code() == errc::checkpoint_corrupt || exhausted()) return unknown();
    return later(last_.code() == errc::not_found ? step::create : step::read);
}

commit_machine::action commit_machine::judge(const record& found) const {
    if (found.self.put_id == put_id_) return committed{};
    // The slot of a deleted thread may have been ours before.
    if (found.kind == record_kind::erased && lost_reply_) {
        auto e = deleted();
        e.effect(effect::unknown);
        return failed{std::move(e)};
    }
    if (found.kind != record_kind::checkpoint) return failed{deleted()};
    return failed{conflict_with(found)};
}

commit_machine::failed commit_machine::refused(error e) const {
    e.effect(effect::not_applied);
    e.attempts(std::max(e.attempts(), attempts_));
    return {std::move(e)};
}

commit_machine::failed commit_machine::unknown() const {
    error e(errc::commit_state_unknown, last_.detail());
    e.cause(last_.code());
    e.hint("load the thread to see whether the checkpoint is there");
    e.effect(effect::unknown);
    e.attempts(attempts_);
    return {std::move(e)};
}

commit_machine::failed commit_machine::on_cancel() const {
    error e(errc::canceled);
    e.effect(creating_ || may_be_stored_ ? effect::unknown : effect::not_applied);
    return {std::move(e)};
}

}  // namespace cairn::checkpoint
