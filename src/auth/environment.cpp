#include <cairn/auth/environment.hpp>

#include <cstdlib>

namespace cairn::auth {

environment process_environment() {
    return [](const std::string& name) -> std::optional<std::string> {
        // NOLINTNEXTLINE(concurrency-mt-unsafe): the caller changes no variable meanwhile.
        const char* value = std::getenv(name.c_str());
        if (value == nullptr) return std::nullopt;
        return value;
    };
}

std::optional<std::string> first_set(const environment& env,
                                     std::initializer_list<const char*> names) {
    for (const auto* name : names)
        if (auto value = env(name); value && !value->empty()) return value;
    return std::nullopt;
}

}  // namespace cairn::auth
