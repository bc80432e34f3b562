#pragma once

#include <cairn/core/bytes.hpp>
#include <cairn/wire/http.hpp>

namespace cairn::testing::simulated {

/// A reply without the fields that every reply has.
struct reply {
    reply() = default;
    explicit reply(unsigned status) : status(status) {}

    unsigned status = 200;
    wire::fields headers{};
    bytes body{};
};

}  // namespace cairn::testing::simulated
