#pragma once

#include <cairn/core/clock.hpp>
#include <cairn/core/result.hpp>
#include <cairn/core/secret.hpp>

#include <memory>
#include <optional>
#include <string>

namespace cairn::auth {

/// What S3 requests are signed with.
struct credentials {
    credentials(std::string access_key_id, secret secret_access_key, secret session_token = {},
                std::optional<clock::utc_time> expires = std::nullopt);

    std::string access_key_id;
    secret secret_access_key;
    secret session_token;                    ///< Empty for long-term keys.
    std::optional<clock::utc_time> expires;  ///< Nothing: they don't.
};

/// Where credentials come from. Asked before each attempt of a request, so an answer that can be
/// kept should be.
///
/// Thread-safe. Null credentials in a success mean: send the request unsigned.
class credentials_provider {
  public:
    using answer = result<std::shared_ptr<const credentials>>;

    virtual ~credentials_provider() = default;
    /// Fails with `missing_credentials`, whose text says what was looked for and where, or with
    /// `invalid_configuration`. Cancellation: terminal; a provider shared by several callers goes
    /// on for the others.
    virtual awaitable<answer> get() = 0;
};

}  // namespace cairn::auth
