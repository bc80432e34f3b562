#pragma once

#include "testing/s3_store.hpp"

#include <string_view>

namespace cairn::testing::simulated {

/// What a request of some shape means.
struct route {
    enum class level { service, bucket, object };

    std::string_view operation;
    std::string_view method;
    std::string_view selector;    ///< The query parameter that tells it from others; may be empty.
    std::string_view parameters;  ///< Other query parameters that it takes, a space between two.
    void (*check)(call&);         ///< What can be refused before the body has come; may be null.
    reply (*handle)(call&);
    level on;
    bool copies = false;  ///< `x-amz-copy-source` tells it from others.

    /// Whether the request has to name a bucket that exists.
    bool needs_bucket() const noexcept {
        return on != level::service && operation != "CreateBucket";
    }
};

/// The operation that `r` asks for; null when the simulation has none.
const route* find_route(const request& r);
/// Throws NotImplemented unless `to` has every query parameter of `r`.
void check_parameters(const request& r, const route& to);

}  // namespace cairn::testing::simulated
