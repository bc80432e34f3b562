#include "checkpoint/commit.hpp"

#include <gtest/gtest.h>

namespace cairn::checkpoint {
namespace {

using namespace std::chrono_literals;

const std::string ours(32, 'a');
const std::string theirs(32, 'b');

commit_policy policy(unsigned attempts = 5) {
    commit_policy p;
    p.max_attempts = attempts;
    return p;
}

error failure(errc code, effect e) {
    error out(code);
    out.effect(e);
    return out;
}

const error lost_reply = failure(errc::connection_lost, effect::unknown);
const error not_sent = failure(errc::connect_failed, effect::not_applied);
const error refused = failure(errc::access_denied, effect::not_applied);

record in_slot(const std::string& put_id, record_kind kind = record_kind::checkpoint) {
    record r;
    r.kind = kind;
    r.self = locator(3, put_id);
    return r;
}

using action = commit_machine::action;

bool creates(const action& a) {
    return std::holds_alternative<commit_machine::create_record>(a);
}
bool reads(const action& a) {
    return std::holds_alternative<commit_machine::read_slot>(a);
}
bool waits(const action& a) {
    return std::holds_alternative<commit_machine::wait>(a);
}
bool is_committed(const action& a) {
    return std::holds_alternative<commit_machine::committed>(a);
}

::testing::AssertionResult fails(const action& a, errc code, effect e) {
    const auto* failed = std::get_if<commit_machine::failed>(&a);
    if (!failed) return ::testing::AssertionFailure() << "it goes on";
    if (failed->error.code() == code && failed->error.effect() == e)
        return ::testing::AssertionSuccess();
    return ::testing::AssertionFailure() << failed->error;
}

TEST(commit, is_one_request_when_all_is_well) {
    commit_machine m(ours, policy());
    EXPECT_TRUE(creates(m.start()));
    EXPECT_TRUE(is_committed(m.on_create(create_outcome::created)));
}

TEST(commit, finds_its_own_record_after_a_lost_reply) {
    commit_machine m(ours, policy());
    m.start();
    EXPECT_TRUE(waits(m.on_create(lost_reply)));
    EXPECT_TRUE(creates(m.on_waited()));
    EXPECT_TRUE(reads(m.on_create(create_outcome::exists)));
    EXPECT_TRUE(is_committed(m.on_read(in_slot(ours))));
}

TEST(commit, reads_even_when_its_first_request_finds_the_slot_taken) {
    commit_machine m(ours, policy());
    m.start();
    EXPECT_TRUE(
        reads(m.on_create(create_outcome::exists)));  // it may have been sent twice on the way
    EXPECT_TRUE(is_committed(m.on_read(in_slot(ours))));
}

TEST(commit, tries_again_what_never_reached_the_server) {
    for (const auto code : {errc::connect_failed, errc::timed_out, errc::throttled}) {
        commit_machine m(ours, policy());
        m.start();
        EXPECT_TRUE(waits(m.on_create(failure(code, effect::not_applied))));
        EXPECT_TRUE(creates(m.on_waited()));
    }
}

TEST(commit, conflicts_with_another_writers_record) {
    commit_machine m(ours, policy());
    m.start();
    m.on_create(create_outcome::exists);
    const auto end = m.on_read(in_slot(theirs));
    EXPECT_TRUE(fails(end, errc::checkpoint_conflict, effect::not_applied));
    EXPECT_NE(std::get<commit_machine::failed>(end).error.detail().find("3-" + theirs),
              std::string::npos);
}

TEST(commit, tells_a_deleted_thread) {
    for (const auto kind : {record_kind::tombstone, record_kind::erased}) {
        commit_machine m(ours, policy());
        m.start();
        m.on_create(create_outcome::exists);
        EXPECT_TRUE(
            fails(m.on_read(in_slot(theirs, kind)), errc::thread_deleted, effect::not_applied));
    }
}

TEST(commit, that_a_deletion_may_have_erased_is_unknown) {
    commit_machine m(ours, policy());
    m.start();
    m.on_create(lost_reply);
    m.on_waited();
    m.on_create(create_outcome::exists);
    EXPECT_TRUE(fails(m.on_read(in_slot(theirs, record_kind::erased)), errc::thread_deleted,
                      effect::unknown));
}

TEST(commit, may_be_of_a_tombstone) {
    commit_machine m(ours, policy());
    m.start();
    m.on_create(create_outcome::exists);
    EXPECT_TRUE(is_committed(m.on_read(in_slot(ours, record_kind::tombstone))));
}

TEST(commit, asks_again_when_contended_and_then_looks) {
    commit_machine m(ours, policy(2));
    m.start();
    EXPECT_TRUE(waits(m.on_create(create_outcome::contended)));
    EXPECT_TRUE(creates(m.on_waited()));
    EXPECT_TRUE(reads(m.on_create(create_outcome::contended)));
    EXPECT_TRUE(fails(m.on_read(in_slot(theirs)), errc::checkpoint_conflict, effect::not_applied));
}

TEST(commit, is_unknown_when_contended_to_the_end) {
    commit_machine m(ours, policy(1));
    m.start();
    EXPECT_TRUE(reads(m.on_create(create_outcome::contended)));
    EXPECT_TRUE(
        fails(m.on_read(error(errc::not_found)), errc::commit_state_unknown, effect::unknown));
}

TEST(commit, is_not_applied_when_nothing_was_ever_sent) {
    commit_machine m(ours, policy(2));
    m.start();
    EXPECT_TRUE(waits(m.on_create(not_sent)));
    EXPECT_TRUE(creates(m.on_waited()));
    EXPECT_TRUE(fails(m.on_create(not_sent), errc::connect_failed, effect::not_applied));
}

TEST(commit, does_not_insist_when_refused) {
    commit_machine m(ours, policy());
    m.start();
    EXPECT_TRUE(fails(m.on_create(refused), errc::access_denied, effect::not_applied));
}

TEST(commit, that_is_refused_after_a_lost_reply_is_looked_up) {
    commit_machine m(ours, policy(2));
    m.start();
    m.on_create(lost_reply);
    m.on_waited();
    EXPECT_TRUE(reads(m.on_create(refused)));
    EXPECT_TRUE(is_committed(m.on_read(in_slot(ours))));
}

TEST(commit, looks_one_last_time_after_its_last_lost_reply) {
    commit_machine m(ours, policy(1));
    m.start();
    EXPECT_TRUE(reads(m.on_create(lost_reply)));
    EXPECT_TRUE(is_committed(m.on_read(in_slot(ours))));
}

TEST(commit, is_unknown_when_the_last_look_finds_nothing) {
    commit_machine m(ours, policy(1));
    m.start();
    m.on_create(lost_reply);  // the request may still be on its way
    EXPECT_TRUE(
        fails(m.on_read(error(errc::not_found)), errc::commit_state_unknown, effect::unknown));
}

TEST(commit, is_unknown_when_it_cannot_look) {
    commit_machine m(ours, policy(2));
    m.start();
    EXPECT_TRUE(reads(m.on_create(create_outcome::exists)));
    const auto end = m.on_read(lost_reply);
    EXPECT_TRUE(fails(end, errc::commit_state_unknown, effect::unknown));
    EXPECT_EQ(std::get<commit_machine::failed>(end).error.cause(), errc::connection_lost);
}

TEST(commit, looks_again_when_a_look_fails) {
    commit_machine m(ours, policy(3));
    m.start();
    m.on_create(create_outcome::exists);
    EXPECT_TRUE(waits(m.on_read(lost_reply)));
    EXPECT_TRUE(reads(m.on_waited()));
    EXPECT_TRUE(fails(m.on_read(in_slot(theirs)), errc::checkpoint_conflict, effect::not_applied));
}

TEST(commit, creates_again_when_the_slot_is_empty_after_all) {
    commit_machine m(ours, policy(3));
    m.start();
    m.on_create(create_outcome::exists);
    EXPECT_TRUE(waits(m.on_read(error(errc::not_found))));
    EXPECT_TRUE(creates(m.on_waited()));
    EXPECT_TRUE(is_committed(m.on_create(create_outcome::created)));
}

TEST(commit, knows_that_a_newer_version_is_not_ours) {
    commit_machine m(ours, policy());
    m.start();
    m.on_create(create_outcome::exists);
    EXPECT_TRUE(
        fails(m.on_read(error(errc::record_version)), errc::record_version, effect::not_applied));
}

TEST(commit, does_not_know_whose_a_corrupt_record_is) {
    commit_machine m(ours, policy());
    m.start();
    m.on_create(create_outcome::exists);
    EXPECT_TRUE(fails(m.on_read(error(errc::checkpoint_corrupt)), errc::commit_state_unknown,
                      effect::unknown));
}

TEST(commit, waits_longer_each_time_and_never_beyond_the_cap) {
    auto p = policy(8);
    p.base = 50ms;
    p.cap = 300ms;
    commit_machine m(ours, p);
    m.start();
    for (const auto expected : {50ms, 100ms, 200ms, 300ms, 300ms}) {
        const auto next = m.on_create(not_sent);
        ASSERT_TRUE(waits(next));
        EXPECT_EQ(std::get<commit_machine::wait>(next).at_most, expected);
        m.on_waited();
    }
}

TEST(commit, canceled_before_an_uncertain_request_has_changed_nothing) {
    commit_machine m(ours, policy());
    EXPECT_EQ(m.on_cancel().error.effect(), effect::not_applied);
    m.start();
    m.on_create(not_sent);
    EXPECT_TRUE(fails(m.on_cancel(), errc::canceled, effect::not_applied));
}

TEST(commit, canceled_during_or_after_an_uncertain_request_is_unknown) {
    commit_machine m(ours, policy());
    m.start();
    EXPECT_TRUE(fails(m.on_cancel(), errc::canceled, effect::unknown));
    m.on_create(lost_reply);
    EXPECT_TRUE(fails(m.on_cancel(), errc::canceled, effect::unknown));
}

TEST(commit, believes_a_canceled_request_that_was_not_sent) {
    commit_machine m(ours, policy());
    m.start();
    EXPECT_TRUE(fails(m.on_create(failure(errc::canceled, effect::not_applied)), errc::canceled,
                      effect::not_applied));
    commit_machine n(ours, policy());
    n.start();
    EXPECT_TRUE(fails(n.on_create(failure(errc::canceled, effect::unknown)), errc::canceled,
                      effect::unknown));
}

}  // namespace
}  // namespace cairn::checkpoint
