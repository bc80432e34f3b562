#include <cairn/core/secret.hpp>

#include <ostream>
#include <string.h>  // NOLINT(modernize-deprecated-headers): it has explicit_bzero
#include <utility>

namespace cairn {

secret::secret(secret&& other) noexcept : value_(std::move(other.value_)) {
    other.wipe();
}

secret& secret::operator=(const secret& other) {
    if (this != &other) {
        wipe();
        value_ = other.value_;
    }
    return *this;
}

secret& secret::operator=(secret&& other) noexcept {
    if (this != &other) {
        wipe();
        value_ = std::move(other.value_);
        other.wipe();
    }
    return *this;
}

secret::~secret() {
    wipe();
}

// The whole capacity: a moved-from short string leaves its characters in the buffer.
void secret::wipe() noexcept {
    value_.resize(value_.capacity());
    ::explicit_bzero(value_.data(), value_.size());
    value_.clear();
}

std::ostream& operator<<(std::ostream& out, const secret&) {
    return out << "***";
}

}  // namespace cairn
