#pragma once

#include "transfer/local_file.hpp"
#include "transfer/part_plan.hpp"
#include "transfer/pinned_object.hpp"

#include <cairn/codec/checksum.hpp>

#include <cstdint>
#include <string>

namespace cairn::transfer {

/// The checksum of a stretch of a file, or of what there is of it, computed by workers.
awaitable<result<codec::checksum_value>> checksum_of_file(codec::checksum_algorithm algorithm,
                                                          local_file& file, byte_range range,
                                                          workers& by);
/// Of a file that holds an object of `size_bytes`, as S3 has computed it `like` this.
awaitable<result<std::string>> checksum_of_file(const kept_checksum& like, local_file& file,
                                                std::uint64_t size_bytes, workers& by);

}  // namespace cairn::transfer
