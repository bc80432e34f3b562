#pragma once

#include <cairn/s3/body.hpp>

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>

namespace cairn::transfer {

/// What an upload reads. Move-only.
class source {
  public:
    /// A regular file, read as its parts are sent.
    static source file(std::filesystem::path path);
    /// Bytes that the source owns.
    static source bytes(std::string data);
    /// The bytes that `data` refers to, uncopied: they must outlive the upload.
    static source view(std::string_view data);
    /// A stream, read once, whose length need not be known: the body of a download, a pipe.
    /// @param size fails the upload unless the stream is that long.
    static source stream(body::reader from, std::optional<std::uint64_t> size = {});

    /// A stream, and what it must have.
    struct piped {
        piped(body::reader reader, std::optional<std::uint64_t> bytes)
            : from(std::move(reader)), size(bytes) {}
        body::reader from;
        std::optional<std::uint64_t> size;
    };
    using variant = std::variant<std::filesystem::path, std::string, std::string_view, piped>;
    /// What it is, for whoever reads it.
    variant& get() noexcept { return from_; }

  private:
    explicit source(variant from) : from_(std::move(from)) {}
    variant from_;
};

}  // namespace cairn::transfer
