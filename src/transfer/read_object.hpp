#pragma once

#include <cairn/s3/client.hpp>
#include <cairn/s3/operations/get_object.hpp>

#include <cstddef>
#include <string>

namespace cairn::transfer {

/// Reads a whole object into memory, and again when its connection is lost in mid-body, as often as
/// the client tries a request. More than `limit_bytes` is `limit_exceeded`.
awaitable<result<std::string>> read_object(s3::client client, s3::get_object request,
                                           std::size_t limit_bytes);

}  // namespace cairn::transfer
