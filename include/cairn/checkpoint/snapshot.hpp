#pragma once

#include <cairn/core/bytes.hpp>
#include <cairn/core/clock.hpp>

#include <cstdint>
#include <map>
#include <string>

namespace cairn::checkpoint {

/// What is known of a saved checkpoint without its state.
struct info {
    info() = default;

    std::string id;  ///< "SEQUENCE-PUTID", made by `save`; `thread::load` finds it with one GET.
    std::uint64_t sequence = 0;  ///< Its place in the thread's log, from 1.
    std::string parent;  ///< The id of the checkpoint it was made from; empty for a first one.
    clock::utc_time created{};  ///< By the clock of the writer.
    std::map<std::string, std::string> metadata;
    std::map<std::string, std::uint64_t> channel_sizes;  ///< Bytes of each channel.
    std::string location;  ///< Where its record is, for people: "s3://bucket/key".
};

/// A saved checkpoint with its state.
struct snapshot : info {
    snapshot() = default;

    std::map<std::string, bytes> channels;
};

/// A checkpoint to be saved. Names, keys and values may hold any bytes, and may be empty.
struct draft {
    draft() = default;

    std::map<std::string, bytes> channels;
    std::map<std::string, std::string> metadata;
    /// The checkpoint it was made from; empty for the one last loaded or saved by the same
    /// `thread`. Another one makes a fork.
    std::string parent;
};

}  // namespace cairn::checkpoint
