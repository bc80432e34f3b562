#include <cairn/auth/credentials.hpp>

#include <utility>

namespace cairn::auth {

credentials::credentials(std::string access_key_id, secret secret_access_key, secret session_token,
                         std::optional<clock::utc_time> expires)
    : access_key_id(std::move(access_key_id)),
      secret_access_key(std::move(secret_access_key)),
      session_token(std::move(session_token)),
      expires(expires) {}

}  // namespace cairn::auth
