#pragma once

#include "s3/encode.hpp"

#include <cairn/s3/operations.hpp>

#include <gtest/gtest.h>

#include <string>
#include <utility>

/// Encoding, without a network.
namespace cairn::s3::test {

inline client_config config_with(std::string endpoint, addressing how = addressing::automatic,
                                 std::string region = "us-east-1") {
    client_config config;
    config.endpoint = std::move(endpoint);
    config.addressing = how;
    config.region = std::move(region);
    return config;
}

inline site site_of(const client_config& config) {
    auto made = site::create(config);
    if (!made) throw error_exception(made.error());
    return std::move(*made);
}

inline site aws(std::string region = "us-east-1", addressing how = addressing::automatic) {
    return site_of(config_with("", how, std::move(region)));
}

inline site local() {
    return site_of(config_with("http://localhost:9000"));
}

template <class Operation>
encoded_request encoded(const Operation& operation, const site& where = aws()) {
    auto request = encode(table_of<Operation>(), &operation, where);
    if (!request) throw error_exception(request.error());
    return std::move(*request);
}

/// The error of an operation that can't be encoded.
template <class Operation>
error refused(const Operation& operation, const site& where = aws()) {
    const auto request = encode(table_of<Operation>(), &operation, where);
    EXPECT_FALSE(request);
    EXPECT_EQ(request.error().code(), errc::invalid_argument);
    return request.error();
}

}  // namespace cairn::s3::test
