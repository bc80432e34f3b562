#pragma once

#include <cairn/checkpoint/backing.hpp>
#include <cairn/checkpoint/snapshot.hpp>
#include <cairn/codec/compression.hpp>
#include <cairn/core/asio.hpp>
#include <cairn/core/clock.hpp>
#include <cairn/core/random.hpp>
#include <cairn/core/result.hpp>
#include <cairn/core/workers.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>

namespace cairn::checkpoint {

/// How long a save whose outcome is uncertain is pursued before it fails with
/// `commit_state_unknown`.
struct commit_policy {
    commit_policy() = default;
    unsigned max_attempts =
        5;  ///< Requests a record, reads included; enough for about two seconds. 0 counts as 1.
            ///< One more read may settle what the last one left open.
    /// Waits are random, up to `base`, then twice as much each time, at most `cap`: the numbers of
    /// the AWS SDKs' standard retry mode.
    std::chrono::nanoseconds base = std::chrono::milliseconds(50);
    std::chrono::nanoseconds cap = std::chrono::seconds(20);
};

/// How a store works. The defaults suit S3.
struct store_options {
    store_options() = default;

    /// What all keys start with, '/' between its segments; at most 300 bytes once escaped.
    std::string prefix;
    /// Accept a backing that ignores conditional writes. Then a thread must have one writer at a
    /// time, and nothing notices when it has two.
    bool single_writer = false;
    /// Up to this many bytes of a checkpoint's smallest channels travel in its record, so that a
    /// small save is one request; other channels become objects of their own.
    std::size_t inline_limit_bytes = 64 * 1024;
    /// Requests in flight for one call, where it can use several; 0 counts as 1.
    std::size_t max_parallel = 8;
    /// Keys asked for at once when listing, 1 to 1000, which is S3's limit; what is outside counts
    /// as the nearest.
    std::size_t page_size = 1000;
    commit_policy commit;
    /// How to compress states, each on its own, from 128 bytes on; one that would not become an
    /// eighth smaller is stored as it is. Empty: none is compressed. What is loaded is decompressed
    /// as its record says, whatever stands here. A checkpoint must be readable by itself: no
    /// dictionary, and no window above 128 MiB.
    std::optional<codec::compression> compression;
    /// Where states above 64 KiB are compressed and decompressed; null: on the calling thread,
    /// which waits.
    std::shared_ptr<cairn::workers> workers;

    /// Injected worlds; null for the real ones.
    std::shared_ptr<cairn::clock> clock;
    std::shared_ptr<cairn::random> random;
};

/// Which checkpoints `thread::list` gives.
struct list_options {
    list_options() = default;

    /// Only those before this id in the log; empty for all.
    std::string before;
    /// At most so many.
    std::optional<std::size_t> limit;
};

namespace detail {
struct environment;
struct session;
struct listing_state;
struct history_state;
}  // namespace detail

/// The checkpoints of a thread, newest first, pulled one by one: `thread::list` makes it.
///
/// Thread safety: one call at a time.
class listing {
  public:
    /// The next checkpoint, nothing at the end. After an error the same place is tried again.
    /// Errors: `thread_deleted`, `checkpoint_corrupt`, `record_version`, and the backing's.
    awaitable<result<std::optional<info>>> next();

  private:
    friend class thread;
    explicit listing(std::shared_ptr<detail::listing_state> state) : state_(std::move(state)) {}
    std::shared_ptr<detail::listing_state> state_;
};

/// A checkpoint, its parent, its parent's parent, ...: `thread::history` makes it.
///
/// Thread safety: one call at a time.
class history {
  public:
    /// The next checkpoint, nothing after the one without a parent. After an error the same one is
    /// tried again. Errors: `checkpoint_not_found`, and those of `listing::next`.
    awaitable<result<std::optional<info>>> next();

  private:
    friend class thread;
    explicit history(std::shared_ptr<detail::history_state> state) : state_(std::move(state)) {}
    std::shared_ptr<detail::history_state> state_;
};

/// One writer's or reader's session with a thread: a thread's name, a namespace in it, and a
/// cursor, which is the checkpoint last loaded or saved.
///
/// Copies share the cursor. Sessions are cheap and independent of each other: a writer that must
/// not build on what another session has loaded takes its own from `store::thread`. Thread safety:
/// one call at a time, in one session. Cancellation (every call): terminal; gives `canceled`, whose
/// `effect` says whether the checkpoint may have been saved. Errors (every call):
/// `invalid_argument` for an empty thread name or an id of another form, `thread_deleted`,
/// `checkpoint_corrupt`, `record_version`, and the backing's.
class thread {
  public:
    /// The latest checkpoint. With a warm cursor that is still the latest, one request that finds
    /// nothing confirms it; otherwise a listing of one key and a read. Errors:
    /// `checkpoint_not_found` when there is none yet.
    awaitable<result<snapshot>> load();
    /// The checkpoint `id`, with one read and those of its large channels.
    /// Errors: `checkpoint_not_found`.
    awaitable<result<snapshot>> load(std::string id);

    /// Saves `next` in the slot after the cursor, or after the latest checkpoint when this session
    /// has neither loaded nor saved one, and moves the cursor to it. Either it is saved whole and
    /// seen by every later call of anyone, or the thread is as it was.
    ///
    /// Errors:
    /// - `checkpoint_conflict`: the slot is another writer's; nothing was saved. Load and do it
    /// again. The
    ///   cursor stays where it was.
    /// - `commit_state_unknown`: the record was sent and its fate could not be learned. A load
    /// tells.
    /// - `checkpoint_not_found`: the draft's parent is not there.
    /// - any other: nothing was saved unless `effect` says otherwise.
    ///
    /// To fork from an older checkpoint, load the latest and name the older one as the draft's
    /// parent.
    awaitable<result<info>> save(draft next);

    /// The thread's checkpoints in this namespace, newest first. An empty thread's listing is
    /// empty, a deleted one's fails.
    listing list() const;
    listing list(list_options options) const;

    /// The line of checkpoints that ends in `id`, newest first.
    checkpoint::history history(std::string id) const;

    const std::string& name() const noexcept;
    const std::string& namespace_name() const noexcept;

  private:
    friend class store;
    explicit thread(std::shared_ptr<detail::session> session) : session_(std::move(session)) {}
    std::shared_ptr<detail::session> session_;
};

/// Checkpoints, kept in a backing: each thread is a log that grows at its end, one checkpoint a
/// slot.
///
/// A cheap handle, copied by value. Thread safety: safe to use from many coroutines and threads at
/// once.
class store {
  public:
    /// An empty handle, to be assigned to: until then every call fails with `invalid_argument`.
    store();

    /// Opens the store that `on` holds under the options' prefix; there is nothing to create.
    /// Writes and removes a probe object to see that conditional writes are honoured.
    ///
    /// Errors: `conditional_writes_unsupported` unless `store_options::single_writer` accepts it,
    /// `invalid_argument`, and the backing's.
    static awaitable<result<store>> open(std::shared_ptr<backing> on);
    static awaitable<result<store>> open(std::shared_ptr<backing> on, store_options options);

    /// A session with the thread `name`, in its namespace `namespace_name`. Makes no request.
    checkpoint::thread thread(std::string name, std::string namespace_name = {}) const;

    /// Deletes a thread in all its namespaces, for good: its name can't be used again, so that a
    /// writer that comes late finds `thread_deleted` rather than an empty thread. Deleting a thread
    /// that has been deleted, or never was, succeeds.
    ///
    /// Errors: the backing's; `effect` is `unknown` once deleting has begun. Call it again to
    /// finish. Cancellation: the same.
    awaitable<result<void>> delete_thread(std::string name) const;

  private:
    explicit store(std::shared_ptr<detail::environment> environment)
        : environment_(std::move(environment)) {}
    std::shared_ptr<detail::environment> environment_;
};

}  // namespace cairn::checkpoint
