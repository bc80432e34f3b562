#pragma once

#include "testing/s3_request.hpp"

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace cairn::testing::simulated {

/// A number that limits a page: `most` when the request has none or a larger one. Throws
/// InvalidArgument for what is no number, and for less than `least`.
std::size_t read_limit(const request& r, std::string_view name, std::size_t most,
                       std::size_t least = 0);
/// A query parameter that is a whole number; nothing when it is not given or empty. Throws
/// InvalidArgument.
std::optional<std::size_t> read_number(const request& r, std::string_view name);

/// A token to go on from `place`, which no client can read.
std::string make_token(std::string_view place);
/// The place of a token in the query. Throws InvalidArgument.
std::optional<std::string> read_token(const request& r, std::string_view name);

/// Whether names in a listing are to be URL-encoded. Throws InvalidArgument.
bool wants_url_encoding(const request& r);
/// As S3 encodes names in listings: as forms do, but `/` is kept.
std::string url_encoded(std::string_view text);

}  // namespace cairn::testing::simulated
