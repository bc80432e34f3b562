#pragma once

#include <cairn/auth/credentials.hpp>

#include <optional>
#include <string>
#include <string_view>

namespace cairn::auth {

/// One part of credentials as found: its name, and its value if it is there.
struct key_part {
    std::string name;
    std::optional<std::string> value;
};

/// Credentials as one source spells them.
struct key_set {
    key_part access_key_id;
    key_part secret_access_key;
    key_part session_token;
    std::string
        place;  ///< Said after a name in errors: " of profile 'x'"; empty when the name says it.

    /// Whether neither key is there.
    bool is_absent() const noexcept { return !access_key_id.value && !secret_access_key.value; }
};

/// The credentials, or `invalid_configuration` that names the part that is missing, empty or
/// malformed. Values never appear in errors.
credentials_provider::answer make_credentials(key_set keys);

}  // namespace cairn::auth
