#pragma once

#include <cairn/s3/client.hpp>

#include <cstddef>
#include <string>
#include <vector>

namespace cairn::transfer {

/// How many calls of a batch are on the way at once unless told.
inline constexpr std::size_t calls_at_once = 16;

/// Sends operations of one kind, at most `at_once` at a time, and gives each one's outcome in their
/// order. Each is a call of the client's own, with its retries, breaker and time limits: what has
/// failed is tried again by itself, and keeps no other from being sent.
///
/// Of `put_object`, `head_object`, `delete_object`, `copy_object`, `get_object_tagging` and
/// `put_object_tagging`; see `client::delete_objects` for deletions by the thousand.
///
/// Cancellation: terminal; ends those that are on the way, begins no others, and gives the outcomes
/// all the same. Those that were not begun are `canceled`, with an `effect` that says so.
template <class Operation>
awaitable<std::vector<result<typename Operation::output>>> send_all(
    s3::client client, std::vector<Operation> operations, std::size_t at_once = calls_at_once);

/// Reads whole objects, each of at most `limit_bytes`, into memory, at most `at_once` at a time;
/// more is `limit_exceeded`. A body whose connection is lost is read again. Otherwise as
/// `send_all`.
awaitable<std::vector<result<std::string>>> read_all(s3::client client,
                                                     std::vector<s3::get_object> operations,
                                                     std::size_t limit_bytes,
                                                     std::size_t at_once = calls_at_once);

}  // namespace cairn::transfer
