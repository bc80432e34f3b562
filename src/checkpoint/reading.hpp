#pragma once

#include "checkpoint/session.hpp"

#include <vector>

/// Reading logs: what loading, saving and listing share.
namespace cairn::checkpoint::detail {

/// What the object at `key` holds. Fails with `not_found`, and as `decode` does; errors name the
/// object.
awaitable<result<record>> read_record(std::shared_ptr<environment> env, std::string key);

/// The record in a slot, checked to belong there.
awaitable<result<record>> read_slot(session_ptr s, std::uint64_t sequence);

/// The checkpoint at `at`. Fails with `checkpoint_not_found` and `thread_deleted`.
awaitable<result<record>> read_checkpoint(session_ptr s, locator at);

/// The last record of the log, whatever its kind; nothing in an empty log.
awaitable<result<std::optional<record>>> find_last(session_ptr s);

/// Fails with `thread_deleted` when the thread has been, as far as that can't be seen in this log.
/// To be asked whenever the log's end has been found to be `last`.
///
/// Deleting a thread marks it first and ends its logs then, so a log that begins meanwhile may go
/// unended. Its first writer looks for the mark after its first record, and everyone else before
/// they build on a lone first record; so a second one proves that the log was there to be ended.
awaitable<result<void>> check_mark(session_ptr s, std::uint64_t last);

/// Fails with `thread_deleted` when `r` stands in for a deleted checkpoint.
result<void> check_alive(const record& r);

/// `id`, parsed. Fails with `invalid_argument`.
result<locator> to_locator(std::string_view id);

/// Fails with `invalid_argument` for a name that no thread can have.
result<void> check_name(const session& s);

info describe(const session& s, const record& r);

/// `verb checkpoint 7 of thread "job-42" in namespace "x" at s3://...`, without what is not known.
std::string phrase(const session& s, std::string_view verb, std::uint64_t sequence = 0);

}  // namespace cairn::checkpoint::detail
