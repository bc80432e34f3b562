#pragma once

#include <cairn/wire/transport.hpp>

#include <memory>
#include <string>

namespace cairn::test {

/// Connects, and completes a TLS handshake if there is a name to verify.
awaitable<result<std::unique_ptr<wire::stream>>> open_stream(std::shared_ptr<wire::transport> by,
                                                             asio::ip::tcp::endpoint to,
                                                             std::string tls_name = {});

}  // namespace cairn::test
