#include "meter.hpp"

#include <cstdio>
#include <fstream>
#include <stdexcept>
#include <string>
#include <sys/resource.h>

namespace cairn::bench {
namespace {

double seconds(const timeval& time) {
    return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) * 1e-6;
}

// Not getrusage's ru_maxrss: that one keeps the peak of the process image before exec.
std::uint64_t peak_resident_kib() {
    std::ifstream status("/proc/self/status");
    for (std::string line; std::getline(status, line);) {
        if (line.starts_with("VmHWM:")) return std::stoull(line.substr(6));
    }
    throw std::runtime_error("/proc/self/status has no VmHWM");
}

}  // namespace

usage usage::now() {
    rusage used{};
    getrusage(RUSAGE_SELF, &used);
    return {seconds(used.ru_utime), seconds(used.ru_stime), std::chrono::steady_clock::now()};
}

void print_measurement(const usage& start, const tally& done) {
    const usage end = usage::now();
    const std::chrono::duration<double> wall = end.when - start.when;
    std::printf(
        R"({"requests": %llu, "bytes": %llu, "user_seconds": %.6f, "system_seconds": %.6f, )"
        R"("wall_seconds": %.6f, "peak_rss_kib": %llu})"
        "\n",
        static_cast<unsigned long long>(done.requests), static_cast<unsigned long long>(done.bytes),
        end.user_seconds - start.user_seconds, end.system_seconds - start.system_seconds,
        wall.count(), static_cast<unsigned long long>(peak_resident_kib()));
}

}  // namespace cairn::bench
