#pragma once

#include "transfer/context.hpp"
#include "transfer/part_plan.hpp"

#include <cairn/codec/checksum.hpp>
#include <cairn/s3/operations/get_object.hpp>
#include <cairn/s3/operations/head_object.hpp>
#include <cairn/transfer/download.hpp>

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

namespace cairn::transfer {

/// The checksum that S3 keeps of a whole object, or of the checksums of the parts that it was
/// uploaded in.
struct kept_checksum {
    codec::checksum_algorithm algorithm;
    std::string value;  ///< Base64; of parts, with their number behind a hyphen.
    std::uint64_t part_bytes =
        0;  ///< Of all parts but the last; 0 where it is of the whole object.
};

/// One state of an object, which all parts of a download are of.
struct pinned_object {
    pinned_object(std::shared_ptr<context> by, s3::get_object what)
        : in(std::move(by)), request(std::move(what)) {}

    std::shared_ptr<context> in;
    s3::get_object request;
    std::uint64_t size_bytes = 0;
    std::string etag;
    std::optional<std::string> version_id;
    std::optional<kept_checksum> checksum;  ///< Nothing where it can't be computed.
    s3::head_object_output head;            ///< Empty if only a listing has told of it.
};

/// Looks at the object that `request` is for; its range and part number are none of this.
awaitable<result<std::shared_ptr<const pinned_object>>> pin(std::shared_ptr<context> in,
                                                            s3::get_object request);
/// The object as a listing has told of it.
std::shared_ptr<const pinned_object> pin_known(std::shared_ptr<context> in, s3::get_object request,
                                               const known_object& known);

/// Reads a stretch of a pinned object, and goes on where it stopped when a connection is lost.
///
/// Fails with `precondition_failed` when the object has been replaced, and with `malformed_reply`
/// when the server gives another stretch than was asked for.
class range_reader {
  public:
    range_reader(std::shared_ptr<const pinned_object> of, byte_range range);

    /// Reads at least one byte into `into`; 0 at the end.
    awaitable<result<std::size_t>> read_some(asio::mutable_buffer into);
    std::uint64_t remaining() const noexcept { return range_.end() - at_; }
    /// Whether what has been read to its end is the whole object, by the checksum in the reply.
    bool is_verified() const noexcept { return is_verified_; }

  private:
    awaitable<result<void>> open();
    awaitable<result<std::size_t>> read_end(asio::mutable_buffer into);
    result<void> check(const s3::get_object_output& reply) const;
    bool is_whole() const noexcept;
    std::size_t most() const noexcept;

    std::shared_ptr<const pinned_object> of_;
    byte_range range_;
    std::uint64_t at_;
    std::optional<body::reader> body_;
    bool opened_ = false;
    bool is_verified_ = false;
    unsigned failures_ = 0;  ///< Since the last byte.
};

}  // namespace cairn::transfer
