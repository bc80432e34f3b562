#include "transfer/sent_parts.hpp"

#include <cairn/core/bytes.hpp>
#include <cairn/s3/types.hpp>

#include <utility>

namespace cairn::transfer {

std::string_view sent_parts::checksum_type() const noexcept {
    return algorithm_ && is_crc(*algorithm_) ? s3::checksum_type::full_object
                                             : s3::checksum_type::composite;
}

std::optional<std::string> sent_parts::whole_checksum() const {
    if (!algorithm_ || !is_crc(*algorithm_)) return std::nullopt;
    std::optional<codec::checksum_value> whole;
    for (const auto& [index, part] : parts_) {
        const auto value = part.checksum ? from_base64(*part.checksum) : std::nullopt;
        if (!value) return std::nullopt;
        const codec::checksum_value next(as_bytes(*value));
        whole = whole ? codec::combine(*algorithm_, *whole, next, part.size) : next;
    }
    if (!whole) return std::nullopt;
    return whole->base64();
}

void sent_parts::add_to(s3::complete_multipart_upload& request) const {
    for (const auto& [index, part] : parts_) {
        s3::completed_part completed(static_cast<std::int64_t>(index) + 1, part.etag);
        if (algorithm_) checksum_member(completed, *algorithm_) = part.checksum;
        request.multipart_upload.parts.push_back(std::move(completed));
    }
    if (const auto whole = whole_checksum()) {
        checksum_member(request, *algorithm_) = whole;
        request.checksum_type = std::string(checksum_type());
    }
}

}  // namespace cairn::transfer
