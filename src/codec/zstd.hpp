#pragma once

#include <cairn/codec/compression.hpp>

namespace cairn::codec {

result<std::unique_ptr<transform>> make_zstd_compressor(const zstd_options& how);
result<std::unique_ptr<transform>> make_zstd_decompressor(const decompression_options& options);

}  // namespace cairn::codec
