#pragma once

#include "s3/addressing.hpp"
#include "wire/connection_pool.hpp"

#include <cairn/s3/client.hpp>
#include <cairn/wire/signing.hpp>

namespace cairn::s3 {

/// What all handles of one client share.
struct client_core {
    client_core(client_config c, s3::site where,
                std::shared_ptr<wire::connection_pool> connections);

    const client_config config;
    const s3::site site;
    const wire::signer signer;
    const std::shared_ptr<wire::connection_pool> pool;
};

}  // namespace cairn::s3
