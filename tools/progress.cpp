#include "tools/progress.hpp"

#include "tools/text.hpp"

#include <cstdio>
#include <memory>
#include <sys/ioctl.h>
#include <unistd.h>

namespace cairn::tool {
namespace {

using namespace std::chrono_literals;

constexpr auto window = 10s;
constexpr auto pause_on_terminal = 200ms;
constexpr auto pause_elsewhere = 5s;

std::string time_left(const progress_count& now, std::uint64_t bytes_a_second) {
    if (!now.all_known || bytes_a_second == 0 || now.bytes >= now.total_bytes) return {};
    const auto seconds = (now.total_bytes - now.bytes) / bytes_a_second;
    return ", " + human_duration(std::chrono::seconds(seconds)) + " left";
}

std::string bytes_part(const progress_count& now) {
    if (!now.all_known || now.total_bytes == 0) return human_bytes(now.bytes);
    const auto text = human_bytes(now.bytes) + " of " + human_bytes(now.total_bytes);
    const auto percent =
        static_cast<double>(now.bytes) * 100 / static_cast<double>(now.total_bytes);
    return text + " (" + std::to_string(static_cast<int>(percent)) + "%)";
}

std::string objects_part(const progress_count& now) {
    if (now.all_known && now.total_objects == 1) return {};
    return ", " + std::to_string(now.objects) + " of " + std::to_string(now.total_objects) +
           (now.all_known ? "" : " or more") + " objects";
}

std::size_t columns() {
    winsize size{};
    const bool known = ::ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 1;
    return known ? size.ws_col - 1U : 79U;
}

}  // namespace

std::string progress_line(const progress_count& now, std::uint64_t bytes_a_second) {
    return bytes_part(now) + ", " + human_bytes(bytes_a_second) + "/s" +
           time_left(now, bytes_a_second) + objects_part(now);
}

void rate_meter::add(time_point when, std::uint64_t bytes_so_far) {
    samples_.push_back({when, bytes_so_far});
    while (samples_.size() > 2 && when - samples_[1].when >= window) samples_.pop_front();
}

std::uint64_t rate_meter::bytes_a_second() const {
    if (samples_.size() < 2 || samples_.back().bytes < samples_.front().bytes) return 0;
    const std::chrono::duration<double> time = samples_.back().when - samples_.front().when;
    const auto bytes = static_cast<double>(samples_.back().bytes - samples_.front().bytes);
    return time.count() > 0 ? static_cast<std::uint64_t>(bytes / time.count()) : 0;
}

progress_display::progress_display(const asio::any_io_executor& executor)
    : timer_(executor), on_terminal_(::isatty(STDERR_FILENO) == 1) {}

void progress_display::start() {
    if (std::exchange(running_, true)) return;
    rate_.add(std::chrono::steady_clock::now(), count_.bytes);
    tick();
}

void progress_display::stop() {
    running_ = false;
    timer_.cancel();
    clear();
}

void progress_display::clear() {
    if (std::exchange(shown_, false)) std::fputs("\r\x1b[K", stderr);
}

void progress_display::tick() {
    timer_.expires_after(on_terminal_ ? std::chrono::milliseconds(pause_on_terminal)
                                      : pause_elsewhere);
    timer_.async_wait([this](const error_code& stopped) {
        if (stopped || !running_) return;
        show();
        tick();
    });
}

void progress_display::show() {
    rate_.add(std::chrono::steady_clock::now(), count_.bytes);
    auto line = progress_line(count_, rate_.bytes_a_second());
    if (!on_terminal_) {
        std::fprintf(stderr, "%s\n", line.c_str());
        return;
    }
    line.resize(std::min(line.size(), columns()));
    std::fprintf(stderr, "\r%s\x1b[K", line.c_str());
    shown_ = true;
}

transfer::on_progress progress_display::follow() {
    return [this, seen = std::uint64_t{0}](const transfer::progress& now) mutable {
        count_.bytes += now.bytes - seen;  // wraps around where a transfer begins again
        seen = now.bytes;
    };
}

}  // namespace cairn::tool
