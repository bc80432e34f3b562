#include <cairn/auth/credentials.hpp>

#include <utility>

namespace cairn::auth {

credentials::credentials(std::string id, secret key, secret token,
                         std::optional<clock::utc_time> end)
    : access_key_id(std::move(id)),
      secret_access_key(std::move(key)),
      session_token(std::move(token)),
      expires(end) {}

}  // namespace cairn::auth
