#include "s3/checksum_fields.hpp"

#include <cairn/core/ascii.hpp>

#include <algorithm>
#include <string>

namespace cairn::s3 {
namespace {

constexpr std::string_view prefix = "x-amz-checksum-";

bool is_checksum(std::string_view field) noexcept {
    return field.size() > prefix.size() && ascii::iequals(field.substr(0, prefix.size()), prefix);
}

}  // namespace

std::string_view field_of(codec::checksum_algorithm algorithm) noexcept {
    using enum codec::checksum_algorithm;
    switch (algorithm) {
        case crc32:
            return "x-amz-checksum-crc32";
        case crc32c:
            return "x-amz-checksum-crc32c";
        case crc64nvme:
            return "x-amz-checksum-crc64nvme";
        case sha1:
            return "x-amz-checksum-sha1";
        case sha256:
            return "x-amz-checksum-sha256";
        case sha512:
            return "x-amz-checksum-sha512";
        case md5:
            break;
    }
    return "x-amz-checksum-md5";
}

bool has_checksum(const wire::fields& headers) noexcept {
    for (const auto field : headers)
        if (is_checksum(field.name)) return true;
    return headers.contains("Content-MD5");
}

result<void> settle_checksums(const operation_table& table, const wire::fields& headers,
                              void* output) {
    for (const auto [name, value] : headers) {
        if (!is_checksum(name)) continue;
        auto settled = settle_checksum(table, name, value, output);
        if (!settled) return settled;
    }
    return {};
}

result<void> settle_checksum(const operation_table& table, std::string_view field,
                             std::string_view sent, void* output) {
    const auto r = std::find_if(table.output.begin(), table.output.end(), [&](const row& each) {
        return each.where == place::header && ascii::iequals(each.wire, field);
    });
    if (r == table.output.end()) return {};
    auto* const value = r->write(output);
    if (r->type->size(value) == 0) {
        r->type->from_text(value, sent, r->format);
        return {};
    }
    const auto told = r->type->to_text(value, r->format);
    if (told == sent) return {};
    error e(errc::checksum_mismatch, "the server stored a body with the " + std::string(field) +
                                         " " + told + " when one with " + std::string(sent) +
                                         " was sent");
    e.effect(effect::applied);
    e.hint("upload it again: what is stored is not what was sent");
    return e;
}

}  // namespace cairn::s3
