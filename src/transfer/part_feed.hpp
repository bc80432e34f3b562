#pragma once

#include "transfer/local_file.hpp"
#include "transfer/memory_budget.hpp"
#include "transfer/part_plan.hpp"

#include <cairn/core/result.hpp>
#include <cairn/s3/body.hpp>
#include <cairn/transfer/source.hpp>

#include <cstdint>
#include <memory>
#include <optional>
#include <string_view>
#include <vector>

namespace cairn::transfer {

/// A part to be sent.
struct fed_part {
    fed_part(std::uint64_t i, byte_range r, body::source b,
             std::optional<memory_budget::buffer> m = std::nullopt)
        : index(i), range(r), memory(std::move(m)), body(std::move(b)) {}

    std::uint64_t index;  ///< From 0.
    byte_range range;
    std::optional<memory_budget::buffer> memory;  ///< Which the body may refer to.
    body::source body;
};

/// Gives the parts of what is uploaded, one by one, to several workers of one strand.
///
/// Cancellation: throws `operation_aborted`.
class part_feed {
  public:
    virtual ~part_feed() = default;

    /// The next part; nothing when there are no more.
    virtual awaitable<result<std::optional<fed_part>>> next() = 0;
    /// Of all parts; nothing as long as it is not known.
    virtual std::optional<std::uint64_t> size() const noexcept = 0;
    /// Fails with `body_failed` if it is no longer what was read.
    virtual result<void> check_unchanged() const { return {}; }
};

/// The parts of a file, but those that `skip` has from an earlier upload.
std::unique_ptr<part_feed> feed_of(std::shared_ptr<local_file> file, file_state as_seen,
                                   part_plan plan, memory_budget memory,
                                   std::vector<bool> skip = {});
/// The parts of `data`, which outlives them.
std::unique_ptr<part_feed> feed_of(std::string_view data, part_plan plan);
/// The parts of a stream, each read into memory before it is given. They grow, but not beyond the
/// whole budget.
/// @param size what the stream must have, if known.
std::unique_ptr<part_feed> feed_of(body::reader from, std::optional<std::uint64_t> size,
                                   std::uint64_t first_part_bytes, memory_budget memory);

}  // namespace cairn::transfer
