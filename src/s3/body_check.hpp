#pragma once

#include <cairn/codec/checksum.hpp>
#include <cairn/core/result.hpp>
#include <cairn/wire/http.hpp>

#include <optional>
#include <span>
#include <string>

namespace cairn::s3 {

/// The checksum that the body of a reply has to have.
class body_check {
  public:
    /// Nothing when `head` tells none that cairn computes of the whole body: parts of an object
    /// come without, and what is of the checksums of parts has their number behind it.
    static std::optional<body_check> of(const wire::response_head& head);

    void take(std::span<const std::byte> data) { running_.update(data); }
    /// At the body's end: `checksum_mismatch` unless that is it.
    result<void> finish();

  private:
    body_check(codec::checksum_algorithm algorithm, std::string_view expected)
        : running_(algorithm), expected_(expected) {}

    codec::checksum running_;
    std::string expected_;  ///< Base64.
};

}  // namespace cairn::s3
