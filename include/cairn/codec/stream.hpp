#pragma once

#include <cairn/codec/compression.hpp>
#include <cairn/codec/transform.hpp>
#include <cairn/core/workers.hpp>
#include <cairn/wire/body.hpp>

#include <memory>
#include <string_view>

namespace cairn::codec {

/// What `from` gives, transformed: on a thread of `on`, while the next piece is read. So a read may
/// wait for the piece after the one that it gives.
///
/// Its length is not known before its end. It holds three pieces of 256 KiB besides the transform.
/// Errors: those of `from` and of the transform; after one the stream can't be read any more.
/// Cancellation: waits for the piece at work; then the stream can't be read any more. Thread
/// safety: none, like any body.
std::unique_ptr<wire::body_stream> transformed(std::unique_ptr<wire::body_stream> from,
                                               std::unique_ptr<transform> by,
                                               std::shared_ptr<workers> on);

/// What `from` was before it was encoded as the value of a `Content-Encoding` field says: `from`
/// itself for an empty one. Fails as `parse_content_encoding` and `make_decompressor` do.
result<std::unique_ptr<wire::body_stream>> decompressed(std::unique_ptr<wire::body_stream> from,
                                                        std::string_view content_encoding,
                                                        const decompression_options& options,
                                                        std::shared_ptr<workers> on);

}  // namespace cairn::codec
