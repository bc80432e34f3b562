#pragma once

#include <cairn/codec/compression.hpp>
#include <cairn/s3/operations/get_object.hpp>
#include <cairn/transfer/progress.hpp>

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

namespace cairn::transfer {

/// What to do when an object is replaced while it is read.
enum class on_change {
    fail,     ///< End with `precondition_failed`, whose detail says so.
    restart,  ///< Begin again with the new one, three times at most.
};

/// What a listing has told of an object, which spares a look at one that goes in one piece.
struct known_object {
    /// @param tag gets its quotes if it lacks them.
    known_object(std::uint64_t size, std::string_view tag);
    std::uint64_t size_bytes;
    std::string etag;  ///< In its quotes; empty: it isn't known, and is looked for.
};

/// What a download has brought.
struct download_output {
    download_output() = default;
    std::string etag;                       ///< In its quotes.
    std::optional<std::string> version_id;  ///< Set in versioned buckets.
    std::uint64_t size_bytes = 0;           ///< Of the file.
    std::uint64_t resumed_bytes = 0;        ///< Of these, so many were there from an earlier try.
    bool verified = false;                  ///< A checksum that S3 keeps was compared.
};

/// A download to a file.
///
/// It is written to `to` with ".cairn-part" at its end, and gets its name when it is whole. A
/// download in parts that fails leaves it, and a note beside it (".cairn-part.json") of what it
/// holds; the next one of the same object goes on from there.
///
/// A file that is there is replaced, and keeps its permissions; one that `to` links to is replaced
/// where it is. What is no regular file fails with `body_failed` before anything is asked for.
struct download {
    using output = download_output;
    download(std::string bucket, std::string key, std::filesystem::path to);

    /// Which object: its version, conditions, the customer's key.
    s3::get_object object;
    std::filesystem::path to;
    std::optional<known_object> known;
    /// The file's time, such as the object's; else that of its writing.
    std::optional<s3::timestamp> modified;
    transfer::on_change on_change = transfer::on_change::fail;
    /// Make the folders that `to` is in, if they aren't there; but none that a link leads to.
    bool make_folders = false;
    /// Replace a file that is there, or else fail with `precondition_failed`; also one that comes
    /// while the download is under way.
    bool replace = true;
    /// Go on where an earlier download stopped.
    bool resume = true;
    /// Have the file, and its name, survive a crash of the machine (fsync) before it counts as
    /// done.
    bool sync = true;
    /// Undoes the encodings that the object's Content-Encoding tells of, within these limits. What
    /// comes is then one stream, read ahead in parts of the manager's size, and can't be resumed:
    /// `known`, `resume` and `part_size_bytes` don't count.
    std::optional<codec::decompression_options> decompression;
    std::optional<std::uint64_t> part_size_bytes;  ///< In place of the manager's.
    transfer::on_progress on_progress;
};

}  // namespace cairn::transfer
