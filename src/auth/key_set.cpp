#include "auth/key_set.hpp"

#include "auth/plain_value.hpp"

namespace cairn::auth {
namespace {

std::string fault_of_key(const key_part& part, const key_part& other) {
    if (!part.value) return other.name + " is set, but " + part.name + " is not";
    if (part.value->empty()) return part.name + " is empty";
    if (!is_plain(*part.value)) return part.name + std::string(not_plain);
    return {};
}

std::string fault_of_token(const key_part& token) {
    return is_plain(token.value.value_or("")) ? "" : token.name + std::string(not_plain);
}

std::string fault(const key_set& keys) {
    auto text = fault_of_key(keys.access_key_id, keys.secret_access_key);
    if (text.empty()) text = fault_of_key(keys.secret_access_key, keys.access_key_id);
    if (text.empty()) text = fault_of_token(keys.session_token);
    return text;
}

}  // namespace

credentials_provider::answer make_credentials(key_set keys) {
    if (const auto text = fault(keys); !text.empty())
        return error(errc::invalid_configuration, text + keys.place);
    return std::make_shared<const credentials>(
        std::move(*keys.access_key_id.value), secret(std::move(*keys.secret_access_key.value)),
        secret(std::move(keys.session_token.value).value_or("")));
}

}  // namespace cairn::auth
