#pragma once

#include "transfer/local_file.hpp"

#include <cairn/s3/body.hpp>
#include <cairn/transfer/source.hpp>
#include <cairn/wire/body.hpp>

#include <memory>
#include <string_view>

namespace cairn::transfer {

/// A file from its start to its end.
std::unique_ptr<wire::body_stream> stream_of(std::shared_ptr<local_file> file, file_state as_seen);
/// Bytes that outlive the stream.
std::unique_ptr<wire::body_stream> stream_of(std::string_view data);
/// What a reader reads; fails with `body_failed` unless it has `size` bytes, if that is known.
std::unique_ptr<wire::body_stream> stream_of(source::piped piped);

}  // namespace cairn::transfer
