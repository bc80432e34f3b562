#pragma once

#include "transfer/local_file.hpp"
#include "transfer/part_plan.hpp"

#include <cairn/codec/checksum.hpp>

namespace cairn::transfer {

/// The checksum of a stretch of a file, or of what there is of it, computed by workers.
awaitable<result<codec::checksum_value>> checksum_of_file(codec::checksum_algorithm algorithm,
                                                          local_file& file, byte_range range,
                                                          workers& by);

}  // namespace cairn::transfer
