#pragma once

#include "testing/s3_store.hpp"

namespace cairn::testing::simulated {

/// Stores `data` as the part that the request names. Throws NoSuchUpload and InvalidArgument, and
/// InvalidRequest when `sent`, the part's checksum, is not of the kind that its upload wants.
const part& add_part(call& c, bytes data, const std::optional<checksum>& sent);

/// The upload that the request names; throws NoSuchUpload.
upload& find_upload(call& c);

}  // namespace cairn::testing::simulated
