#include "wire/digest.hpp"

#include <openssl/evp.h>

#include <array>
#include <cstddef>
#include <memory>

namespace cairn::wire {

std::optional<std::string> digest(std::string_view algorithm, std::string_view data) {
    const std::unique_ptr<EVP_MD, decltype(&EVP_MD_free)> fetched(
        EVP_MD_fetch(nullptr, std::string(algorithm).c_str(), nullptr), &EVP_MD_free);
    if (!fetched) return std::nullopt;
    std::array<unsigned char, EVP_MAX_MD_SIZE> value{};
    unsigned size = 0;
    if (EVP_Digest(data.data(), data.size(), value.data(), &size, fetched.get(), nullptr) != 1)
        return std::nullopt;
    return std::string(reinterpret_cast<const char*>(value.data()), size);
}

}  // namespace cairn::wire
