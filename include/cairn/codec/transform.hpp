#pragma once

#include <cairn/core/result.hpp>

#include <cstddef>
#include <span>

namespace cairn::codec {

/// Turns one stream of bytes into another, piece by piece: compression and its inverse.
///
/// Never waits. Thread safety: none; may move from thread to thread between calls.
class transform {
  public:
    struct step {
        std::size_t consumed = 0;  ///< Bytes of the input that need not be given again.
        std::size_t produced = 0;  ///< Bytes that are in the output now.
        bool ended = false;        ///< All has been produced.
    };

    virtual ~transform() = default;

    /// Goes on until the input is consumed or the output is full. Without any output nothing
    /// happens.
    /// @param in what follows what has been consumed.
    /// @param last nothing comes after `in`. Then it stays so: further calls have what is left of
    /// it, until the stream has ended.
    /// After a failure every further call fails alike.
    virtual result<step> run(std::span<const std::byte> in, std::span<std::byte> out,
                             bool last) = 0;
    /// Forgets the stream: the next call begins another one.
    virtual void reset() = 0;
};

}  // namespace cairn::codec
