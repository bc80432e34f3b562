#pragma once

#include "checkpoint/session.hpp"

/// States, compressed and decompressed.
namespace cairn::checkpoint::detail {

/// Channels as they are stored.
struct packed_channels {
    packed_channels() = default;

    std::map<std::string, bytes> stored;
    std::map<std::string, compressed_state> compressed;
};

/// Fails with `invalid_argument` for a compression that checkpoints can't have.
result<void> check_compression(const std::optional<codec::compression>& how);

/// Compresses the channels for which that is worth it, as the store's options say.
awaitable<packed_channels> pack(std::shared_ptr<environment> env,
                                std::map<std::string, bytes> channels);

/// The state that is stored as `stored`. Fails with `checkpoint_corrupt`.
awaitable<result<bytes>> unpack(std::shared_ptr<environment> env, bytes stored,
                                compressed_state how);

}  // namespace cairn::checkpoint::detail
