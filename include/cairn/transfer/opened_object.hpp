#pragma once

#include <cairn/s3/body.hpp>
#include <cairn/s3/operations/head_object.hpp>

namespace cairn::transfer {

/// An object that is read piece by piece.
struct opened_object {
    opened_object() = default;
    s3::head_object_output object;  ///< What S3 says of it: length, metadata, and so on.
    body::reader body;
    /// Whether S3 keeps a checksum of it, which the read that gives 0 compares.
    bool is_verified = false;
};

}  // namespace cairn::transfer
