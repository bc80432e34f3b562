#pragma once

#include <system_error>
#include <unistd.h>
#include <utility>

namespace cairn::bench {

/// The result of a system call, or an exception that names the call.
template <class Result>
Result checked(Result result, const char* call) {
    if (result < 0) throw std::system_error(errno, std::system_category(), call);
    return result;
}

/// An open file descriptor.
class descriptor {
  public:
    explicit descriptor(int number) : number_(number) {}
    descriptor(descriptor&& from) noexcept : number_(std::exchange(from.number_, -1)) {}
    descriptor& operator=(descriptor&& from) noexcept {
        std::swap(number_, from.number_);
        return *this;
    }
    ~descriptor() {
        if (number_ >= 0) close(number_);
    }

    int get() const { return number_; }

  private:
    int number_;
};

}  // namespace cairn::bench
