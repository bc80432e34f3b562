#pragma once

#include <cairn/core/result.hpp>

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

namespace cairn::tool {

/// `s3://bucket/key`; either may be missing.
struct s3_url {
    s3_url() = default;
    s3_url(std::string in_bucket, std::string with_key);

    std::string bucket;
    std::string key;

    std::string text() const { return "s3://" + bucket + (key.empty() ? "" : "/") + key; }
    /// Whether the key is a pattern, which stands for many: it has a `*`, a `?` or a set, `[ab]`.
    bool has_wildcards() const;
    /// Whether it names a place for objects rather than one object.
    bool is_folder() const { return key.empty() || key.back() == '/'; }
};

/// Nothing for what does not start with `s3://`.
std::optional<s3_url> parse_s3_url(std::string_view text);

/// What a command reads or writes: an object, or a file.
struct location {
    location() = default;
    explicit location(std::string_view text);

    std::optional<s3_url> url;
    std::filesystem::path file;  ///< Without `url`.

    std::string text() const { return url ? url->text() : file.string(); }
};

/// A key made into that of a folder: `a` and `a/` into `a/`, and nothing into nothing.
std::string folder_key(std::string key);

/// What comes after the last `/`.
std::string_view last_segment(std::string_view key);

}  // namespace cairn::tool
