#pragma once

#include "transfer/checksum_member.hpp"

#include <cairn/codec/checksum.hpp>
#include <cairn/s3/operations/complete_multipart_upload.hpp>

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace cairn::transfer {

/// The parts that S3 has of an upload, whatever the order they came in.
class sent_parts {
  public:
    /// @param algorithm of the checksum that every part has, if any.
    explicit sent_parts(std::optional<codec::checksum_algorithm> algorithm)
        : algorithm_(algorithm) {}

    std::optional<codec::checksum_algorithm> algorithm() const noexcept { return algorithm_; }
    /// CRCs of parts make the object's; other checksums are kept of the parts' checksums.
    std::string_view checksum_type() const noexcept;

    /// @param answer to UploadPart, or an item of ListParts.
    template <class Answer>
    void add(std::uint64_t index, std::uint64_t size, const Answer& answer) {
        sent part{size, answer.etag.value_or(""), {}};
        if (algorithm_) part.checksum = checksum_member(answer, *algorithm_);
        bytes_ += size;
        parts_.insert_or_assign(index, std::move(part));
    }

    std::uint64_t bytes() const noexcept { return bytes_; }
    std::uint64_t count() const noexcept { return parts_.size(); }
    /// Of the whole object, in base64, where the parts' make one.
    std::optional<std::string> whole_checksum() const;
    /// Tells S3 what the object is made of.
    void add_to(s3::complete_multipart_upload& request) const;

  private:
    struct sent {
        std::uint64_t size;
        std::string etag;
        std::optional<std::string> checksum;
    };

    std::optional<codec::checksum_algorithm> algorithm_;
    std::map<std::uint64_t, sent> parts_;
    std::uint64_t bytes_ = 0;
};

}  // namespace cairn::transfer
