#include "integration/memory.hpp"

#include "support/sanitizers.hpp"

#include <cairn/core/ascii.hpp>
#include <cairn/core/bytes.hpp>

#include <fstream>
#include <string>
#include <string_view>

namespace cairn::test {
namespace {

// A line of /proc/self/status, in kB.
std::size_t status_bytes(std::string_view name) {
    std::ifstream status("/proc/self/status");
    for (std::string line; std::getline(status, line);) {
        if (!line.starts_with(name)) continue;
        const auto value = ascii::trim(std::string_view(line).substr(name.size()));
        return static_cast<std::size_t>(parse_u64(value.substr(0, value.find(' '))).value_or(0)) *
               1024;
    }
    return 0;
}

}  // namespace

memory_watch::memory_watch() {
    std::ofstream("/proc/self/clear_refs") << "5";  // VmHWM starts again at VmRSS.
    before_ = status_bytes("VmRSS:");
}

std::size_t memory_watch::growth_bytes() const {
    const auto peak = status_bytes("VmHWM:");
    return test::has_its_own_allocator || peak < before_ ? 0 : peak - before_;
}

}  // namespace cairn::test
