#pragma once

#include <cairn/codec/compression.hpp>
#include <cairn/core/bytes.hpp>
#include <cairn/core/clock.hpp>
#include <cairn/core/result.hpp>

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

/// The record of one slot of a log; docs/checkpoint-format.md describes it byte by byte.
namespace cairn::checkpoint {

inline constexpr std::uint16_t record_format_version = 1;
/// The largest record that is written or read. What needs more belongs in channels, which go to
/// blobs.
inline constexpr std::size_t max_record_bytes = 16 * 1024 * 1024;
/// A log's last sequence; the first is 1. Twenty nines would not fit 64 bits.
inline constexpr std::uint64_t max_sequence = 9'999'999'999'999'999'999ULL;
inline constexpr std::size_t put_id_bytes = 16;
inline constexpr std::size_t digest_bytes = 32;
/// The longest state that is compressed, or decompressed: what one PUT of S3's takes.
inline constexpr std::uint64_t max_compressed_state_bytes = 5ULL << 30U;

enum class record_kind : std::uint8_t {
    checkpoint = 1,
    tombstone = 2,  ///< Ends the log of a deleted thread.
    erased = 3,  ///< Stands where a deleted thread's checkpoint was, so that the slot stays taken.
};

/// Where a checkpoint is: its slot, and the random id of the save that filled it.
struct locator {
    locator() = default;
    locator(std::uint64_t sequence, std::string put_id)
        : sequence(sequence), put_id(std::move(put_id)) {}

    std::uint64_t sequence = 0;
    std::string put_id;  ///< Hexadecimal.

    /// "SEQUENCE-PUTID", the id that users see.
    std::string str() const;
    friend bool operator==(const locator&, const locator&) = default;
};

/// The inverse of `locator::str`; nothing when `id` has another form.
std::optional<locator> parse_id(std::string_view id);

/// State that is kept in an object of its own.
struct blob_ref {
    blob_ref() = default;
    blob_ref(std::string digest, std::uint64_t size) : digest(std::move(digest)), size(size) {}

    std::string digest;  ///< SHA-256 of the object's bytes, hexadecimal.
    std::uint64_t size = 0;
    friend bool operator==(const blob_ref&, const blob_ref&) = default;
};

/// One channel's state: inline, or by reference.
using channel_state = std::variant<bytes, blob_ref>;

/// How to get a channel's state from what is stored.
struct compressed_state {
    compressed_state() = default;
    compressed_state(codec::encoding by, std::uint64_t size) : by(by), size(size) {}

    codec::encoding by = codec::encoding::zstd;
    std::uint64_t size = 0;  ///< The state's own.
    friend bool operator==(const compressed_state&, const compressed_state&) = default;
};

struct record {
    record() = default;

    record_kind kind = record_kind::checkpoint;
    locator self;
    std::string thread;
    std::string space;
    std::optional<locator> parent;
    std::uint64_t epoch = 0;  ///< Always 0 until fencing comes.
    clock::utc_time created{};
    std::map<std::string, std::string> metadata;
    std::map<std::string, channel_state> channels;
    /// Those of the channels whose state is stored compressed.
    std::map<std::string, compressed_state> compressed;

    friend bool operator==(const record&, const record&) = default;
};

/// The bytes of `r`. Its put ids and digests must be hexadecimal of the right length.
bytes encode(const record& r);

/// The record that `data` holds. Fails with `checkpoint_corrupt` or, when a newer version of cairn
/// must have written it, `record_version`; `detail` says what is wrong, and the caller adds where.
result<record> decode(std::string_view data);

/// `content` with its SHA-256 behind it: what makes bytes a record. For `encode` and for tests.
bytes seal(bytes content);

}  // namespace cairn::checkpoint
