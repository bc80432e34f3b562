#include "transfer/ordered_checksum.hpp"

#include <algorithm>

namespace cairn::transfer {

ordered_checksum::ordered_checksum(const kept_checksum& like)
    : of_part_(like.algorithm), of_parts_(like.algorithm), part_bytes_(like.part_bytes) {}

void ordered_checksum::update(std::span<const std::byte> data) {
    if (part_bytes_ == 0) return of_part_.update(data);
    while (!data.empty()) {
        const auto left = part_bytes_ - in_part_;
        const auto piece = data.first(static_cast<std::size_t>(std::min(left, data.size())));
        of_part_.update(piece);
        in_part_ += piece.size();
        if (in_part_ == part_bytes_) end_part();
        data = data.subspan(piece.size());
    }
}

void ordered_checksum::end_part() {
    const auto part = of_part_.finish();
    of_parts_.update(part.data());
    ++parts_;
    in_part_ = 0;
}

std::string ordered_checksum::finish() {
    if (part_bytes_ == 0) return of_part_.finish().base64();
    if (in_part_ > 0 || parts_ == 0) end_part();
    return of_parts_.finish().base64() + "-" + std::to_string(parts_);
}

}  // namespace cairn::transfer
