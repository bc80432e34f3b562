#include "transfer/context.hpp"

#include "transfer/part_plan.hpp"

#include <algorithm>
#include <limits>
#include <utility>

namespace cairn::transfer {
namespace {

transfer::options checked(transfer::options chosen) {
    chosen.part_size_bytes = std::clamp<std::uint64_t>(chosen.part_size_bytes, 1, max_part_bytes);
    chosen.multipart_threshold_bytes = std::min(chosen.multipart_threshold_bytes, max_part_bytes);
    chosen.copy_threshold_bytes = std::min(chosen.copy_threshold_bytes, max_part_bytes);
    chosen.max_parts_at_once = std::max<std::size_t>(chosen.max_parts_at_once, 1);
    return chosen;
}

// What pieces of files get of a budget; they are small, and soon given back.
constexpr std::uint64_t share_of_files = 4;

}  // namespace

options::options() = default;

lane::lane(std::size_t parts_at_once, std::uint64_t memory_bytes)
    : memory(memory_bytes), places(parts_at_once, std::numeric_limits<std::size_t>::max()) {}

context::context(s3::client on, const transfer::options& chosen)
    : client(std::move(on)),
      options(checked(chosen)),
      workers(std::make_shared<cairn::workers>(options.file_threads)),
      up(options.max_parts_at_once, options.upload_memory_bytes),
      down(options.max_parts_at_once, options.download_memory_bytes / share_of_files),
      ahead(options.download_memory_bytes - options.download_memory_bytes / share_of_files) {}

}  // namespace cairn::transfer
