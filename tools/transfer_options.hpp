#pragma once

#include <cairn/codec/compression.hpp>
#include <cairn/s3/operations/copy_object.hpp>
#include <cairn/s3/operations/put_object.hpp>
#include <cairn/transfer/options.hpp>

#include <CLI/CLI.hpp>
#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <string>

namespace cairn::tool {

/// How objects are stored, and how they are transferred: options of cp, mv, sync and pipe.
struct transfer_options {
    transfer_options() = default;
    void add_to(CLI::App& command);
    /// Not for sync: it compares sizes, which compression changes.
    void add_compression_to(CLI::App& command);
    void add_decompression_to(CLI::App& command);
    /// For what downloads.
    void add_fsync_to(CLI::App& command);

    /// Throws `usage_error` for parts that S3 takes no upload in, and for what is for downloads.
    void check_upload() const;
    /// What all transfers of the command share.
    transfer::options shared() const;
    /// @param name the file's, or another that tells what is in it.
    void apply_to(s3::put_object& request, const std::filesystem::path& name) const;
    /// Metadata and headers that are given replace all of the source's, as S3 has it.
    void apply_to(s3::copy_object& request) const;
    /// Whether a copy onto itself changes an object.
    bool changes_objects() const;
    /// Whether objects and files differ in size.
    bool changes_sizes() const { return compression || decompress; }
    /// What has failed, with what to do if these options say so.
    error hinted(error why) const;
    std::size_t concurrency = 16;
    bool if_none_match = false;
    std::optional<std::uint64_t> part_size_bytes;
    std::optional<codec::compression> compression;  ///< Of uploads.
    bool decompress = false;                        ///< Downloads, as their Content-Encoding says.
    codec::decompression_options decompression;     ///< If so, within these limits.
    bool fsync = false;                             ///< Downloads survive the machine's crash.

  private:
    template <class Request>
    void describe(Request& request) const;
    bool has_headers() const;

    std::string storage_class_;
    std::string acl_;
    std::optional<std::string> sse_;
    std::string sse_kms_key_id_;
    std::string checksum_algorithm_;
    std::string content_type_;
    bool no_guess_mime_type_ = false;
    std::string content_encoding_;
    std::string content_language_;
    std::string content_disposition_;
    std::string cache_control_;
    std::optional<s3::timestamp> expires_;
    std::map<std::string, std::string> metadata_;
};

}  // namespace cairn::tool
