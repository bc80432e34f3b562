#pragma once

#include "testing/s3_request.hpp"
#include "wire/sha256.hpp"

#include <cairn/auth/credentials.hpp>
#include <cairn/core/clock.hpp>

#include <string>
#include <vector>

namespace cairn::testing::simulated {

/// A signature that has been found right, and what the signatures of a body's chunks go on from.
struct signature {
    wire::sha256_digest key{};
    std::string time{};   ///< As in `x-amz-date`.
    std::string scope{};  ///< "20260101/us-east-1/s3/aws4_request"
    std::string value{};  ///< Hexadecimal.
};

/// Checks the Signature Version 4 in a request's Authorization field; throws what S3 answers when
/// it is missing or wrong. The body is not looked at.
/// @param region what the request has to be signed for.
signature verify_signature(const request& r, const std::vector<auth::credentials>& accounts,
                           const std::string& region, clock::utc_time now);

/// The signature, in hexadecimal, of `text`.
std::string sign(const wire::sha256_digest& key, std::string_view text);

}  // namespace cairn::testing::simulated
