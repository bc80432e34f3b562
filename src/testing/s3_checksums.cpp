#include "testing/s3_checksums.hpp"

#include "testing/s3_refusal.hpp"
#include "wire/digest.hpp"

#include <cairn/core/ascii.hpp>

#include <algorithm>
#include <array>
#include <cstdint>
#include <stdexcept>

namespace cairn::testing::simulated {
namespace {

constexpr std::array all{checksum_algorithm::crc32, checksum_algorithm::crc32c,
                         checksum_algorithm::crc64nvme, checksum_algorithm::sha1,
                         checksum_algorithm::sha256};

// A cyclic redundancy check with reflected bits, all ones before and inverted after.
template <class Word, Word Polynomial>
class crc {
  public:
    static bytes of(std::string_view data) {
        Word value = static_cast<Word>(~Word{0});
        for (const char c : data)
            value = table[(value ^ static_cast<unsigned char>(c)) & 0xff] ^ (value >> 8);
        return big_endian(static_cast<Word>(~value));
    }

  private:
    static constexpr std::array<Word, 256> make_table() {
        std::array<Word, 256> made{};
        for (std::size_t i = 0; i < made.size(); ++i) {
            auto value = static_cast<Word>(i);
            for (int bit = 0; bit < 8; ++bit)
                value = (value & 1) ? (value >> 1) ^ Polynomial : value >> 1;
            made[i] = value;
        }
        return made;
    }
    static bytes big_endian(Word value) {
        bytes out(sizeof value, '\0');
        for (auto at = out.rbegin(); at != out.rend(); ++at, value >>= 8)
            *at = static_cast<char>(value & 0xff);
        return out;
    }
    static constexpr std::array<Word, 256> table = make_table();
};

using crc32 = crc<std::uint32_t, 0xedb88320>;
using crc32c = crc<std::uint32_t, 0x82f63b78>;
using crc64nvme = crc<std::uint64_t, 0x9a6c9329ac4bc9b5>;

bytes digest(std::string_view algorithm, std::string_view data) {
    auto made = wire::digest(algorithm, data);
    if (!made) throw std::runtime_error("OpenSSL offers no " + std::string(algorithm));
    return std::move(*made);
}

std::string base64(std::string_view raw) {
    return to_base64(as_bytes(raw));
}

bool is_base64_of(std::string_view text, std::size_t raw_size) {
    constexpr std::string_view digits =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    if (text.size() != (raw_size + 2) / 3 * 4) return false;
    const auto end = text.find_first_not_of(digits);
    const auto padding = (3 - raw_size % 3) % 3;
    return padding == 0
               ? end == text.npos
               : end == text.size() - padding && text.find_first_not_of('=', end) == text.npos;
}

std::size_t raw_size(checksum_algorithm algorithm) {
    switch (algorithm) {
        case checksum_algorithm::crc32:
        case checksum_algorithm::crc32c:
            return 4;
        case checksum_algorithm::crc64nvme:
            return 8;
        case checksum_algorithm::sha1:
            return 20;
        case checksum_algorithm::sha256:
            break;
    }
    return 32;
}

// The number of parts is behind a composite checksum.
void check_form(checksum_algorithm algorithm, std::string_view value) {
    const auto whole = value.substr(0, value.find('-'));
    if (!is_base64_of(whole, raw_size(algorithm)))
        throw invalid_request("Value for " + header_of(algorithm) + " header is invalid.");
}

void check_md5(const request& r) {
    const auto sent = r.head.headers.find("Content-MD5");
    if (!sent) return;
    constexpr std::size_t md5_size = 16;
    if (!is_base64_of(*sent, md5_size))
        throw refusal(400, "InvalidDigest", "The Content-MD5 you specified is not valid.");
    const auto computed = base64(md5(r.body));
    if (*sent != computed)
        throw refusal(400, "BadDigest",
                      "The Content-MD5 you specified did not match what we received.")
            .with("ExpectedDigest", std::string(*sent))
            .with("CalculatedDigest", computed);
}

void check_announced(const request& r, const std::optional<checksum>& sent) {
    const auto announced = r.header("x-amz-sdk-checksum-algorithm");
    if (announced.empty()) return;
    if (!sent)
        throw invalid_request(
            "x-amz-sdk-checksum-algorithm specified, but no corresponding x-amz-checksum-* or "
            "x-amz-trailer headers were found.");
    if (algorithm_named(announced) != sent->algorithm)
        throw invalid_request("Value for x-amz-sdk-checksum-algorithm header is invalid.");
}

}  // namespace

std::string_view name_of(checksum_algorithm algorithm) noexcept {
    switch (algorithm) {
        case checksum_algorithm::crc32:
            return "CRC32";
        case checksum_algorithm::crc32c:
            return "CRC32C";
        case checksum_algorithm::crc64nvme:
            return "CRC64NVME";
        case checksum_algorithm::sha1:
            return "SHA1";
        case checksum_algorithm::sha256:
            break;
    }
    return "SHA256";
}

std::string_view name_of(checksum_type type) noexcept {
    return type == checksum_type::composite ? "COMPOSITE" : "FULL_OBJECT";
}

checksum_algorithm algorithm_named(std::string_view name) {
    const auto* const found = std::find_if(all.begin(), all.end(), [&](checksum_algorithm a) {
        return ascii::iequals(name_of(a), name);
    });
    if (found == all.end())
        throw invalid_request(
            "Checksum algorithm provided is unsupported. Please try again with any of the valid "
            "types: [CRC32, CRC32C, CRC64NVME, SHA1, SHA256]");
    return *found;
}

std::string header_of(checksum_algorithm algorithm) {
    return "x-amz-checksum-" + ascii::lower(name_of(algorithm));
}

std::string element_of(checksum_algorithm algorithm) {
    return "Checksum" + std::string(name_of(algorithm));
}

bytes raw_checksum(checksum_algorithm algorithm, std::string_view data) {
    switch (algorithm) {
        case checksum_algorithm::crc32:
            return crc32::of(data);
        case checksum_algorithm::crc32c:
            return crc32c::of(data);
        case checksum_algorithm::crc64nvme:
            return crc64nvme::of(data);
        case checksum_algorithm::sha1:
            return digest("SHA1", data);
        case checksum_algorithm::sha256:
            break;
    }
    return digest("SHA256", data);
}

checksum full_checksum(checksum_algorithm algorithm, std::string_view data) {
    return {algorithm, checksum_type::full_object, base64(raw_checksum(algorithm, data))};
}

checksum composite_checksum(checksum_algorithm algorithm, const std::vector<bytes>& parts) {
    bytes joined;
    for (const auto& part : parts) joined += part;
    return {algorithm, checksum_type::composite,
            base64(raw_checksum(algorithm, joined)) + "-" + std::to_string(parts.size())};
}

bytes md5(std::string_view data) {
    return digest("MD5", data);
}

std::string etag_of(std::string_view data) {
    return '"' + to_hex(as_bytes(md5(data))) + '"';
}

std::optional<checksum> sent_checksum(const wire::fields& headers) {
    std::optional<checksum> sent;
    for (const auto algorithm : all) {
        const auto value = headers.find(header_of(algorithm));
        if (!value) continue;
        if (sent)
            throw invalid_request(
                "Expecting a single x-amz-checksum- header. Multiple checksum Types are not "
                "allowed.");
        check_form(algorithm, *value);
        sent = {algorithm, checksum_type::full_object, std::string(*value)};
    }
    return sent;
}

std::optional<checksum> verify_checksums(const request& r) {
    check_md5(r);
    auto sent = sent_checksum(r.head.headers);
    check_announced(r, sent);
    if (sent && sent->value != full_checksum(sent->algorithm, r.body).value)
        throw refusal(400, "BadDigest",
                      "The " + std::string(name_of(sent->algorithm)) +
                          " you specified did not match the calculated checksum.");
    return sent;
}

void verify_wanted_checksums(const request& r) {
    if (!verify_checksums(r) && !r.head.headers.contains("Content-MD5"))
        throw invalid_request("Missing required header for this request: Content-MD5");
}

}  // namespace cairn::testing::simulated
