#pragma once

#include <cairn/codec/compression.hpp>

namespace cairn::codec {

result<std::unique_ptr<transform>> make_gzip_compressor(const gzip_options& how);
std::unique_ptr<transform> make_gzip_decompressor(const decompression_options& options);

}  // namespace cairn::codec
