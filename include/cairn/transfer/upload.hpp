#pragma once

#include <cairn/codec/compression.hpp>
#include <cairn/s3/operations/put_object.hpp>
#include <cairn/transfer/progress.hpp>
#include <cairn/transfer/source.hpp>

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>

namespace cairn::transfer {

/// What an upload has stored.
struct upload_output {
    upload_output() = default;
    std::string etag;                       ///< In its quotes.
    std::optional<std::string> version_id;  ///< Set in versioned buckets.
    std::uint64_t size_bytes = 0;           ///< As it is stored.
    std::uint64_t parts = 0;                ///< 0: it was stored by one request.
    /// Base64 checksum of the whole object, where there is one.
    std::optional<std::string> checksum;
};

/// An upload of any size.
struct upload {
    using output = upload_output;
    upload(source from, std::string bucket, std::string key);

    source from;
    /// Where it goes and how it is stored: metadata, content headers, tags, encryption, storage
    /// class, conditions. Its body and what describes the body are the upload's own matter.
    s3::put_object object;
    /// Compresses what is read, on the manager's threads, and adds the encoding to the object's
    /// Content-Encoding. Such an upload can't be resumed.
    std::optional<codec::compression> compression;
    /// In place of the manager's.
    std::optional<std::uint64_t> part_size_bytes;
    /// For a file, and nothing else: where to keep what it takes to go on after a crash. If it is
    /// there, the upload goes on from the parts that S3 has; it is removed when the upload has
    /// succeeded. An upload that fails or is cancelled is then left to be resumed, not aborted.
    std::optional<std::filesystem::path> resume_file;
    transfer::on_progress on_progress;
};

}  // namespace cairn::transfer
