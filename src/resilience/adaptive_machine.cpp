#include "resilience/adaptive_machine.hpp"

#include "core/saturated.hpp"

#include <algorithm>
#include <cmath>

namespace cairn {
namespace {

using seconds = std::chrono::duration<double>;

constexpr double least_rate = 0.5;
constexpr double least_capacity = 1;
constexpr double smoothing = 0.8;
constexpr double beta = 0.7;   // What remains of the rate after throttling.
constexpr double scale = 0.4;  // How steep the curve is.
constexpr double most_growth = 2;
constexpr clock::duration measuring_step = std::chrono::milliseconds(500);

}  // namespace

adaptive_machine::adaptive_machine(time_point now)
    : start_(now), filled_at_(now), throttled_at_(now) {}

clock::duration adaptive_machine::wait(time_point now, std::size_t ahead) {
    if (!limits_) return {};
    fill(now);
    const double missing = std::max(0.0, static_cast<double>(ahead) + 1 - tokens_);
    return saturated(seconds(missing / fill_rate_));
}

void adaptive_machine::begin(time_point at) {
    if (!limits_) return;
    fill(at);
    tokens_ -= 1;
}

void adaptive_machine::ended(bool throttled, time_point now) {
    measure(now);
    double wanted = 0;
    if (throttled) {
        last_max_rate_ = limits_ ? std::min(measured_rate_, fill_rate_) : measured_rate_;
        throttled_at_ = now;
        limits_ = true;
        wanted = last_max_rate_ * beta;
    } else {
        wanted = wanted_rate(now);
    }
    set_rate(std::min(wanted, most_growth * measured_rate_), now);
}

// Back to the last rate that was too high quickly, past it slowly, then ever more quickly.
double adaptive_machine::wanted_rate(time_point now) const {
    const double until_last_max = std::cbrt(last_max_rate_ * (1 - beta) / scale);
    const double since = seconds(now - throttled_at_).count();
    return scale * std::pow(since - until_last_max, 3) + last_max_rate_;
}

void adaptive_machine::measure(time_point now) {
    ++count_;
    const long step = static_cast<long>((now - start_) / measuring_step);
    if (step <= counted_in_) return;
    const double present =
        count_ / (seconds(measuring_step).count() * static_cast<double>(step - counted_in_));
    measured_rate_ = present * smoothing + measured_rate_ * (1 - smoothing);
    count_ = 0;
    counted_in_ = step;
}

void adaptive_machine::fill(time_point now) {
    if (now <= filled_at_) return;
    tokens_ = std::min(capacity_, tokens_ + seconds(now - filled_at_).count() * fill_rate_);
    filled_at_ = now;
}

void adaptive_machine::set_rate(double wanted, time_point now) {
    fill(now);
    fill_rate_ = std::max(wanted, least_rate);
    capacity_ = std::max(wanted, least_capacity);
    tokens_ = std::min(tokens_, capacity_);
}

}  // namespace cairn
