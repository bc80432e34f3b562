#pragma once

#include "transfer/context.hpp"

#include <cairn/s3/operations/get_object.hpp>
#include <cairn/s3/operations/head_object.hpp>
#include <cairn/wire/body.hpp>

#include <memory>

namespace cairn::transfer {

/// An object as a stream that reads ahead.
struct open_stream {
    open_stream() = default;
    s3::head_object_output object;
    std::unique_ptr<wire::body_stream> body;
    bool is_verified = false;  ///< At its end, by a checksum that S3 keeps.
};

awaitable<result<open_stream>> open_object(std::shared_ptr<context> in, s3::get_object request);

}  // namespace cairn::transfer
