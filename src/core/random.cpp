#include <cairn/core/bytes.hpp>
#include <cairn/core/random.hpp>

#include <cerrno>
#include <cstdlib>
#include <limits>
#include <sys/random.h>
#include <vector>

namespace cairn {
namespace {

class kernel_random final : public random {
  public:
    void fill(std::span<std::byte> out) noexcept override {
        while (!out.empty()) {
            const auto got = ::getrandom(out.data(), out.size(), 0);
            if (got < 0 && errno != EINTR)
                std::abort();  // only EFAULT and EINVAL are left: a bug here
            if (got > 0) out = out.subspan(static_cast<std::size_t>(got));
        }
    }
};

}  // namespace

std::uint64_t random::next_u64() noexcept {
    std::uint64_t value = 0;
    fill(std::as_writable_bytes(std::span(&value, 1)));
    return value;
}

double random::next_part() noexcept {
    return static_cast<double>(next_u64()) /
           static_cast<double>(std::numeric_limits<std::uint64_t>::max());
}

std::string random::hex(std::size_t count) {
    std::vector<std::byte> raw(count);
    fill(raw);
    return to_hex(raw);
}

std::shared_ptr<random> system_random() {
    return std::make_shared<kernel_random>();
}

}  // namespace cairn
