#pragma once

#include <cairn/core/asio.hpp>
#include <cairn/core/error.hpp>
#include <cairn/transfer/progress.hpp>

#include <boost/asio/steady_timer.hpp>

#include <chrono>
#include <cstdint>
#include <deque>
#include <string>

namespace cairn::tool {

/// How far a command has come.
struct progress_count {
    std::uint64_t bytes = 0;
    std::uint64_t total_bytes = 0;  ///< 0: nobody can tell.
    std::uint64_t objects = 0;
    std::uint64_t total_objects = 0;
    bool all_known = false;  ///< The totals are final.
};

/// "1.2 GiB of 3.4 GiB (35%), 120.0 MiB/s, 18 s left, 3 of 10 objects".
std::string progress_line(const progress_count& now, std::uint64_t bytes_a_second);

/// The rate of the last seconds.
class rate_meter {
  public:
    using time_point = std::chrono::steady_clock::time_point;

    void add(time_point when, std::uint64_t bytes_so_far);
    std::uint64_t bytes_a_second() const;

  private:
    struct sample {
        time_point when;
        std::uint64_t bytes = 0;
    };
    std::deque<sample> samples_;
};

/// Shows progress on stderr: on a terminal one line that changes, else a line every few seconds.
///
/// Thread safety: none.
class progress_display {
  public:
    explicit progress_display(const asio::any_io_executor& executor);

    /// From the first transfer on; not to be called where nobody wants to see it.
    void start();
    void stop();
    /// Takes the line off the terminal, where something else is to be written.
    void clear();
    progress_count& count() noexcept { return count_; }

    /// Counts one transfer's bytes.
    transfer::on_progress follow();

  private:
    void tick();
    void show();

    asio::steady_timer timer_;
    bool on_terminal_;
    bool running_ = false;
    bool shown_ = false;
    progress_count count_;
    rate_meter rate_;
};

}  // namespace cairn::tool
