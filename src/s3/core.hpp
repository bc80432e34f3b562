#pragma once

#include "s3/addressing.hpp"
#include "s3/registry.hpp"
#include "wire/connection_pool.hpp"

#include <cairn/s3/client.hpp>
#include <cairn/wire/signing.hpp>

#include <atomic>

namespace cairn::s3 {

/// A region, as one client's requests go there.
struct regional {
    regional(std::string name, s3::site where);

    const std::string region;
    const s3::site site;
    const wire::signer signer;
};

/// What all handles of one client share.
struct client_core {
    client_core(client_config c, s3::site where,
                std::shared_ptr<wire::connection_pool> connections);

    /// Whether there is anything that `elsewhere` may tell; costs no lock.
    bool knows_other_regions() const noexcept { return !by_bucket_.empty(); }
    /// Where requests about `bucket` go, if it has been learned that this is not `home`; else null.
    std::shared_ptr<const regional> elsewhere(std::string_view bucket);
    /// The same from now on.
    /// @param region a region's name.
    std::shared_ptr<const regional> learn(std::string_view bucket, const std::string& region);

    observe::trace told() const noexcept { return {config.sink.get(), config.clock.get()}; }

    const client_config config;
    const regional home;
    const std::shared_ptr<wire::connection_pool> pool;
    /// How far the server's clock is ahead of this machine's, as far as signatures are concerned.
    std::atomic<std::chrono::seconds> clock_lead{};
    /// Written once, so that calls on several threads don't pass it to and fro.
    std::atomic<bool> has_succeeded = false;

  private:
    registry<const regional> by_bucket_;
    registry<const regional> by_region_;
};

}  // namespace cairn::s3
