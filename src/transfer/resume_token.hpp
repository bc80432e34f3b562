#pragma once

#include "transfer/local_file.hpp"

#include <cairn/core/result.hpp>

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
    file_state source;  ///< As the file was: another one begins afresh.
    std::uint64_t part_bytes = 0;
    std::string checksum_algorithm;  ///< Of the parts; S3's name, or empty.

    /// What is at `path`; nothing if there is no file. Fails with `invalid_argument` when it is no
    /// such token, or one of a newer version.
    static result<std::optional<resume_token>> read(const std::filesystem::path& path);
    /// Replaces what is at `path` in one step.
    result<void> write(const std::filesystem::path& path) const;
};

}  // namespace cairn::transfer
