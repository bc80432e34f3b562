#pragma once

#include <iosfwd>
#include <string>
#include <string_view>

namespace cairn {

/// A string that never prints and is wiped from memory when it goes.
class secret {
  public:
    secret() = default;
    explicit secret(std::string value) : value_(std::move(value)) {}
    secret(const secret&) = default;
    secret(secret&& other) noexcept;
    secret& operator=(const secret& other);
    secret& operator=(secret&& other) noexcept;
    ~secret();

    /// The text itself. Don't keep, log or compare it by hand.
    std::string_view reveal() const noexcept { return value_; }
    bool empty() const noexcept { return value_.empty(); }
    friend bool operator==(const secret& a, const secret& b) noexcept {
        return a.value_ == b.value_;
    }

  private:
    void wipe() noexcept;
    std::string value_;
};

/// Prints `***`, whatever the secret.
std::ostream& operator<<(std::ostream& out, const secret&);

}  // namespace cairn
