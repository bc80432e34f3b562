#include "s3/body_check.hpp"

#include "s3/checksum_fields.hpp"

#include <cairn/core/ascii.hpp>

namespace cairn::s3 {
std::optional<body_check> body_check::of(const wire::response_head& head) {
    const auto& headers = head.headers;
    if (head.status != 200 || headers.contains("Content-Range") ||
        ascii::iequals(headers["x-amz-checksum-type"], "COMPOSITE"))
        return std::nullopt;
    for (const auto algorithm : kept_checksums) {
        const auto told = headers[field_of(algorithm)];
        if (!told.empty() && told.find('-') == told.npos && codec::is_available(algorithm))
            return body_check(algorithm, told);
    }
    return std::nullopt;
}

result<void> body_check::finish() {
    const auto sum = running_.finish().base64();
    if (sum == expected_) return {};
    error e(errc::checksum_mismatch, "the body has the " +
                                         std::string(codec::name_of(running_.algorithm())) + " " +
                                         sum + ", and the object " + expected_);
    e.hint("read it again: what came is not what is stored");
    return e;
}

}  // namespace cairn::s3
