#pragma once

#include "checkpoint/record.hpp"

#include <cairn/checkpoint/store.hpp>
#include <cairn/core/error.hpp>

#include <chrono>
#include <string>
#include <variant>

/// The protocol by which a record enters a log, as a pure machine: replies in, requests out. The
/// coroutine in commit_loop.cpp does what it asks for.
namespace cairn::checkpoint {

/// Commits one record to one slot.
///
/// A create that is answered `exists` says nothing yet: it may be our own earlier request, whose
/// reply was lost, or the same request sent twice on the way. Only the put id in the slot tells.
class commit_machine {
  public:
    struct create_record {};  ///< Send the record, only if the slot is free.
    struct read_slot {};      ///< Read what is in the slot.
    struct wait {             ///< Wait a random time of at most this long.
        std::chrono::nanoseconds at_most;
    };
    struct committed {};
    struct failed {
        cairn::error error;
    };
    using action = std::variant<create_record, read_slot, wait, committed, failed>;

    commit_machine(std::string put_id, commit_policy policy)
        : put_id_(std::move(put_id)), policy_(policy) {}

    action start();
    /// The end of `create_record`.
    action on_create(const result<create_outcome>& reply);
    /// The end of `read_slot`.
    action on_read(const result<record>& reply);
    action on_waited();
    /// The caller gave up at any moment.
    failed on_cancel() const;

  private:
    enum class step { create, read };

    action send(step next);
    action later(step next);
    action on_create_failed(const error& e);
    action judge(const record& found) const;
    failed refused(error e) const;
    failed unknown() const;
    bool exhausted() const noexcept { return attempts_ >= policy_.max_attempts; }

    std::string put_id_;
    commit_policy policy_;
    unsigned attempts_ = 0;
    step next_ = step::create;
    bool creating_ = false;       ///< A create has been sent and not answered.
    bool lost_reply_ = false;     ///< A create may have been carried out without our knowing.
    bool may_be_stored_ = false;  ///< A create has been answered without a clear outcome.
    error last_;                  ///< What went wrong last.
};

}  // namespace cairn::checkpoint
