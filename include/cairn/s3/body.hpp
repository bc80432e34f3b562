#pragma once

#include <cairn/wire/body.hpp>

#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

/// Bodies of requests (`source`) and of replies (`reader`).
namespace cairn::body {

/// What a request sends: bytes, a file, or pieces that the caller makes. Move-only; sent once.
class source {
  public:
    /// An empty body.
    source() = default;
    /// The bytes of `data`, which the source owns.
    source(std::string data);  // NOLINT(google-explicit-constructor): the everyday form
    source(const char* text);  // NOLINT(google-explicit-constructor)
    explicit source(std::unique_ptr<wire::body_source> stream) : stream_(std::move(stream)) {}

    /// The stream itself, or null for an empty body.
    wire::body_source* get() const noexcept { return stream_.get(); }

  private:
    std::unique_ptr<wire::body_source> stream_;
};

/// The bytes that `data` refers to, uncopied: they must outlive the call.
source view(std::string_view data);

/// A file, read as it is sent. It is opened at once, and has the length that it has then; one that
/// can't be read, or becomes shorter meanwhile, makes the call fail with `body_failed`, which names
/// it. Reads block the calling thread for as long as the file system does.
source file(std::filesystem::path path);

/// The next piece of a generated body; it stays valid until the next call, and an empty one is the
/// end.
using generate = std::function<awaitable<result<asio::const_buffer>>()>;

/// `size` bytes that `next` makes piece by piece. Too few or too many fail the call with
/// `body_failed`.
/// @param restart called before the body is sent again; without it, it can be sent only once.
source generator(std::uint64_t size, generate next, std::function<void()> restart = {});

/// A reply's body. Move-only. Dropped before its end, it closes its connection.
///
/// Thread safety: none. Lifetime: outlives its calls. Cancellation: terminal; throws
/// `operation_aborted` or fails with `canceled`. The connection closes with the reader; bytes that
/// have been read into the caller's memory are not given again.
class reader {
  public:
    reader() = default;
    explicit reader(std::unique_ptr<wire::body_stream> stream) : stream_(std::move(stream)) {}

    /// The bytes still to come, when the server has said.
    std::optional<std::uint64_t> remaining() const noexcept;
    /// Reads at least one byte into `into`; 0 at the end. Fails with `connection_lost` when the
    /// body ends before its announced length.
    awaitable<result<std::size_t>> read_some(asio::mutable_buffer into);
    /// Fills `into`, or stops short at the end of the body.
    awaitable<result<std::size_t>> read(asio::mutable_buffer into);
    /// All that is left, at most `limit` bytes; more is `limit_exceeded`.
    awaitable<result<std::string>> read_all(std::size_t limit);
    /// Writes all that is left to `path` and gives its length: to a new file beside it first, which
    /// is synced and replaces `path` when it is whole. Fails with `body_failed` when the file can't
    /// be written, and then leaves what was at `path`. Writes block the calling thread.
    awaitable<result<std::uint64_t>> save(std::filesystem::path path);
    /// The stream behind it, for what takes one, such as `codec::decompressed`; null if there is
    /// none. The reader is at its end then.
    std::unique_ptr<wire::body_stream> release() noexcept { return std::move(stream_); }

  private:
    std::unique_ptr<wire::body_stream> stream_;
};

}  // namespace cairn::body
