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

// The pauses between so many are 13 s in all, on average, and 55 s where S3 asks for fewer calls.
constexpr unsigned patient_attempts = 10;
// A transfer has no more requests on the way, nor sends them more often, when much of it fails; so
// its retries needn't be few to be harmless.
constexpr unsigned patient_quota = 10 * retry_quota::standard_capacity;

s3::client patient(const s3::client& on, clock::duration patience) {
    if (patience <= clock::duration()) return on;
    auto guards = on.resilience();
    guards.breaker_wait = std::max(guards.breaker_wait, patience);
    if (guards.retry) {
        guards.retry->max_attempts = std::max(guards.retry->max_attempts, patient_attempts);
        if (!guards.retry->quota)
            guards.retry->quota = std::make_shared<retry_quota>(patient_quota);
    }
    return on.with(std::move(guards));
}

constexpr auto unlimited = std::numeric_limits<std::size_t>::max();

// What pieces of files get of a budget; they are small, and soon given back.
constexpr std::uint64_t share_of_files = 4;

}  // namespace

options::options() = default;

lane::lane(std::size_t parts_at_once, std::uint64_t memory_bytes)
    : memory(memory_bytes), places(parts_at_once, unlimited) {}

context::context(s3::client on, const transfer::options& chosen)
    : given(std::move(on)),
      options(checked(chosen)),
      workers(std::make_shared<cairn::workers>(options.file_threads)),
      up(options.max_parts_at_once, options.upload_memory_bytes),
      down(options.max_parts_at_once, options.download_memory_bytes / share_of_files),
      ahead(options.download_memory_bytes - options.download_memory_bytes / share_of_files),
      transforms(options.file_threads, unlimited),
      patient_(patient(given, options.patience)) {}

}  // namespace cairn::transfer
