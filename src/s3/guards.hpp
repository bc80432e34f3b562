#pragma once

#include "s3/operation_table.hpp"
#include "s3/registry.hpp"

#include <cairn/resilience/circuit_breaker.hpp>
#include <cairn/s3/config.hpp>

#include <array>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace cairn::s3 {

/// The circuit breakers of a client: one for each scope, or one that others share.
///
/// Thread-safe.
class breakers {
  public:
    explicit breakers(const resilience& chosen);

    /// Leave for an attempt, none if there are no breakers, or `circuit_open`.
    /// @param region whose endpoint is asked; empty for the client's own.
    result<std::optional<circuit_breaker::permit>> admit(const operation_table& table,
                                                         const void* input,
                                                         std::string_view region) const;
    /// What a failure says of the service.
    health judge(const error& failed) const;

  private:
    result<circuit_breaker::permit> acquire(const operation_table& table, const void* input,
                                            std::string_view region) const;
    /// @param whom gives the name of a breaker that has to be made.
    template <class Whom>
    result<circuit_breaker::permit> acquire(std::string_view key, Whom whom) const;
    circuit_breaker named(std::string whom) const;

    breaker_scope scope_;
    std::optional<circuit_breaker_options> options_;  ///< Of breakers of the client's own.
    const std::optional<circuit_breaker> shared_;
    std::optional<circuit_breaker> own_;  ///< Of the client's own endpoint.
    std::array<std::optional<circuit_breaker>, 3> of_class_;
    mutable registry<circuit_breaker> others_;  ///< Of buckets, or of other regions' endpoints.
};

/// A client's guards, ready to be used: with clocks and randomness, and what they share made.
///
/// Thread-safe.
struct guards {
    /// @param kin other guards of the same client, or null: quotas of retries are theirs too, and
    /// so are breakers made by the same options.
    guards(resilience wanted, const client_config& config, const guards* kin);

    /// The tokens of a call's retries. Precondition: `chosen.retry`.
    std::shared_ptr<retry_quota> quota_for(const operation_table& table, const void* input) const;
    /// Whether any have been spent, so that a success can earn some.
    bool can_earn(const operation_table& table, const void* input) const;

    const resilience chosen;
    const std::shared_ptr<const s3::breakers> breakers;
    const std::optional<cairn::hedge> hedge;

  private:
    std::shared_ptr<registry<retry_quota>> quotas_;  ///< Of the buckets whose calls have failed.
};

}  // namespace cairn::s3
