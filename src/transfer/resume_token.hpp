#pragma once

#include "transfer/local_file.hpp"

#include <cairn/core/result.hpp>
#include <cairn/s3/client.hpp>
#include <cairn/s3/operations/create_multipart_upload.hpp>

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>

namespace cairn::transfer {

/// What it takes to go on with an upload of a file after a crash: JSON in a file, whose format
/// docs/guide/transfers.md describes.
struct resume_token {
    resume_token() = default;

    std::string bucket;
    std::string key;
    std::string upload_id;
    file_state source;  ///< As the file was.
    std::uint64_t part_bytes = 0;
    std::string creation;  ///< `digest_of` the request that has created the upload.

    /// Whether an upload of that token is one of this file and for this object, all that is said of
    /// it included. Its parts are compared anyway: another name or owner is no other file.
    bool is_for_same(const resume_token& other) const;

    /// What is at `path`; nothing if there is no file. Fails with `invalid_argument` when it is no
    /// such token, or one of a newer version.
    static result<std::optional<resume_token>> read(const std::filesystem::path& path);
    /// Replaces what is at `path` in one step.
    result<void> write(const std::filesystem::path& path) const;
};

/// A SHA-256, in hex, of all that a creation says of the object. Fails when it can't be sent.
result<std::string> digest_of(const s3::client& client,
                              const s3::create_multipart_upload& creation);

}  // namespace cairn::transfer
