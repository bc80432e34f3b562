#pragma once

#include "transfer/part_plan.hpp"
#include "transfer/pinned_object.hpp"

#include <cairn/codec/checksum.hpp>
#include <cairn/core/workers.hpp>

#include <optional>
#include <string>
#include <vector>

namespace cairn::transfer {

class local_file;

/// Verifies what came in parts, in any order, against the checksum that S3 keeps of the object.
///
/// CRCs of parts make the object's; any other is computed over the file when all of it is there.
class whole_checksum {
  public:
    whole_checksum(std::optional<kept_checksum> kept, part_plan plan);

    /// For the bytes of one part.
    codec::checksum start() const;
    /// Keeps a part's checksum, and gives it in base64.
    std::string finish(std::uint64_t part, codec::checksum& running);
    /// Takes over a part that an earlier run has written. False if it is not what `finish` gave of
    /// it then.
    awaitable<result<bool>> take_over(std::uint64_t part, std::string finished, local_file& file,
                                      workers& by);

    /// Whether there was something to compare with. Fails with `checksum_mismatch`.
    awaitable<result<bool>> verify(local_file& file, workers& by) const;

  private:
    bool by_parts() const noexcept;
    codec::checksum_algorithm of_parts() const noexcept;
    codec::checksum_value combined() const;

    std::optional<kept_checksum> kept_;
    part_plan plan_;
    std::vector<codec::checksum_value> parts_;
};

}  // namespace cairn::transfer
