#pragma once

#include <cairn/core/asio.hpp>
#include <cairn/core/result.hpp>

#include <boost/asio/buffer.hpp>

#include <cstdint>
#include <optional>
#include <string>

namespace cairn::wire {

/// A request body of known length, pulled piece by piece.
class body_source {
  public:
    virtual ~body_source() = default;

    /// The whole body's length in bytes.
    virtual std::uint64_t size() const noexcept = 0;
    /// The next piece, which stays valid until the next call; an empty one is the end.
    virtual awaitable<result<asio::const_buffer>> next() = 0;
    /// Starts again at the first byte. False if that can't be done: the body can be sent only once.
    virtual bool rewind() noexcept = 0;
    /// What `next` gives from here on goes out, until a `rewind`; before that a body may be read
    /// through to be hashed.
    virtual void begin_sending() noexcept {}
    /// All of the body, wherever reading it has come to, if it lies in memory in one piece.
    virtual std::optional<asio::const_buffer> in_memory() const noexcept { return std::nullopt; }
};

/// A reply's body, pulled piece by piece into the caller's memory.
class body_stream {
  public:
    virtual ~body_stream() = default;

    /// The bytes still to come, when the peer has said.
    virtual std::optional<std::uint64_t> remaining() const noexcept = 0;
    /// Reads at least one byte, or 0 bytes at the body's end (or into an empty buffer). A body that
    /// ends early is `connection_lost`.
    virtual awaitable<result<std::size_t>> read_some(asio::mutable_buffer into) = 0;
    /// What errors say has failed: "GetObject s3://photos/cat.jpg"; empty if that is not known.
    virtual std::string operation() const { return {}; }
};

}  // namespace cairn::wire
