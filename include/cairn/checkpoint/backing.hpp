#pragma once

#include <cairn/core/asio.hpp>
#include <cairn/core/bytes.hpp>
#include <cairn/core/result.hpp>

#include <cstddef>
#include <string>
#include <vector>

namespace cairn::checkpoint {

/// How a `backing::create` that reached the store ended.
enum class create_outcome {
    created,    ///< The object was made.
    exists,     ///< The key was taken; nothing was changed.
    contended,  ///< Another write of the key was going on (S3's 409); nothing is known, try again.
};

/// What a checkpoint store keeps its objects in: the few operations that the commit protocol needs,
/// so that it is written once. Implement it to keep checkpoints elsewhere.
///
/// Keys are '/'-separated segments of 1 to 255 bytes, each of `A-Z a-z 0-9 - . _ ~` and none
/// starting with '.'; at most 1024 bytes in all; no key is another key's directory. Every write is
/// whole and durable before it is acknowledged; every read sees every acknowledged write. Thread
/// safety: calls may come from several coroutines and threads at once. Cancellation: terminal and
/// prompt; either `operation_aborted` is thrown or `canceled` returned. Errors: `effect` tells
/// whether a failed write may have been made.
class backing {
  public:
    virtual ~backing() = default;

    /// Makes an object where there is none: of several creators of a key exactly one is told
    /// `created`.
    virtual awaitable<result<create_outcome>> create(std::string key, bytes data) = 0;
    /// Makes or replaces an object.
    virtual awaitable<result<void>> put(std::string key, bytes data) = 0;
    /// An object's bytes. Fails with `not_found`, and with `limit_exceeded` when there are more
    /// than `limit`.
    virtual awaitable<result<bytes>> get(std::string key, std::size_t limit) = 0;
    /// At most `limit` (1 to 1000) keys that start with `prefix` and come after `start_after`, in
    /// byte order. Fewer than `limit` means that there are no more.
    virtual awaitable<result<std::vector<std::string>>> list(std::string prefix,
                                                             std::string start_after,
                                                             std::size_t limit) = 0;
    /// Removes objects, and gives each one's outcome in the order of `keys`. One that isn't there
    /// counts as removed.
    virtual awaitable<result<std::vector<result<void>>>> remove(std::vector<std::string> keys) = 0;
    /// Where an object is, for people: "s3://bucket/key".
    virtual std::string location(std::string_view key) const = 0;
};

}  // namespace cairn::checkpoint
