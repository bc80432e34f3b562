#include "codec/crc.hpp"

#include <cairn/codec/checksum.hpp>
#include <cairn/core/bytes.hpp>

#include <openssl/evp.h>

#include <algorithm>
#include <stdexcept>
#include <utility>

namespace cairn::codec {
namespace {

using enum checksum_algorithm;

struct description {
    checksum_algorithm algorithm;
    std::string_view name;
    std::size_t bytes;
};
constexpr std::array descriptions{description{crc32, "CRC32", 4},
                                  description{crc32c, "CRC32C", 4},
                                  description{crc64nvme, "CRC64NVME", 8},
                                  description{sha1, "SHA1", 20},
                                  description{sha256, "SHA256", 32},
                                  description{sha512, "SHA512", 64},
                                  description{md5, "MD5", 16}};

const description& describe(checksum_algorithm algorithm) {
    return *std::ranges::find(descriptions, algorithm, &description::algorithm);
}

const crc* crc_of(checksum_algorithm algorithm) {
    switch (algorithm) {
        case crc32:
            return &crc32_sum;
        case crc32c:
            return &crc32c_sum;
        case crc64nvme:
            return &crc64nvme_sum;
        default:
            return nullptr;
    }
}

checksum_value value_of(std::uint64_t crc, unsigned bits) {
    std::array<std::byte, 8> big_endian{};
    const auto size = bits / 8;
    for (unsigned i = 0; i < size; ++i)
        big_endian[i] = static_cast<std::byte>(crc >> (bits - 8 * (i + 1)));
    return checksum_value(std::span(big_endian).first(size));
}

std::uint64_t number_of(const checksum_value& value) {
    std::uint64_t number = 0;
    for (const auto b : value.data()) number = (number << 8U) | std::to_integer<std::uint64_t>(b);
    return number;
}

}  // namespace

struct checksum::digest {
    explicit digest(checksum_algorithm algorithm) : kind(kind_of(algorithm)) {
        if (!context || !kind) throw_unavailable(algorithm);
    }
    static const EVP_MD* kind_of(checksum_algorithm algorithm) {
        if (algorithm == sha1) return EVP_sha1();
        if (algorithm == sha256) return EVP_sha256();
        return algorithm == sha512 ? EVP_sha512() : EVP_md5();
    }
    [[noreturn]] static void throw_unavailable(checksum_algorithm algorithm) {
        throw std::runtime_error("OpenSSL offers no " + std::string(name_of(algorithm)));
    }
    void start(checksum_algorithm algorithm) {
        if (!started && EVP_DigestInit_ex(context.get(), kind, nullptr) != 1)
            throw_unavailable(algorithm);
        started = true;
    }

    struct deleter {
        void operator()(EVP_MD_CTX* c) const noexcept { EVP_MD_CTX_free(c); }
    };
    std::unique_ptr<EVP_MD_CTX, deleter> context{EVP_MD_CTX_new()};
    const EVP_MD* kind;
    bool started = false;
};

std::string_view name_of(checksum_algorithm algorithm) noexcept {
    return describe(algorithm).name;
}

std::optional<checksum_algorithm> checksum_named(std::string_view name) noexcept {
    const auto* found = std::ranges::find(descriptions, name, &description::name);
    if (found == descriptions.end()) return std::nullopt;
    return found->algorithm;
}

bool is_available(checksum_algorithm algorithm) noexcept {
    static const bool has_md5 = [] {
        EVP_MD* const found = EVP_MD_fetch(nullptr, "MD5", nullptr);
        EVP_MD_free(found);
        return found != nullptr;
    }();
    return algorithm != md5 || has_md5;
}

std::size_t bytes_of(checksum_algorithm algorithm) noexcept {
    return describe(algorithm).bytes;
}

checksum_value::checksum_value(std::span<const std::byte> value) noexcept
    : size_(static_cast<std::uint8_t>(std::min(value.size(), bytes_.size()))) {
    std::copy_n(value.begin(), size_, bytes_.begin());
}

std::string checksum_value::base64() const {
    return to_base64(data());
}

checksum::checksum(checksum_algorithm algorithm)
    : algorithm_(algorithm), digest_(crc_of(algorithm) ? nullptr : new digest(algorithm)) {}
checksum::~checksum() = default;
checksum::checksum(checksum&&) noexcept = default;
checksum& checksum::operator=(checksum&&) noexcept = default;

void checksum::update(std::span<const std::byte> data) {
    if (const auto* crc = crc_of(algorithm_)) {
        crc_ = crc->update(crc_, data);
        return;
    }
    digest_->start(algorithm_);
    EVP_DigestUpdate(digest_->context.get(), data.data(), data.size());
}

checksum_value checksum::finish() {
    if (const auto* crc = crc_of(algorithm_)) return value_of(std::exchange(crc_, 0), crc->bits());
    digest_->start(algorithm_);
    digest_->started = false;
    std::array<std::byte, EVP_MAX_MD_SIZE> value{};
    unsigned size = 0;
    EVP_DigestFinal_ex(digest_->context.get(), reinterpret_cast<unsigned char*>(value.data()),
                       &size);
    return checksum_value(std::span(value).first(size));
}

checksum_value checksum_of(checksum_algorithm algorithm, std::span<const std::byte> data) {
    checksum running(algorithm);
    running.update(data);
    return running.finish();
}

checksum_value combine(checksum_algorithm algorithm, const checksum_value& first,
                       const checksum_value& second, std::uint64_t second_bytes) {
    const auto* const crc = crc_of(algorithm);
    if (!crc)
        throw std::invalid_argument(std::string(name_of(algorithm)) +
                                    " can't be combined: it is no CRC");
    return value_of(crc->combine(number_of(first), number_of(second), second_bytes), crc->bits());
}

}  // namespace cairn::codec
