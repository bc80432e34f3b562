#include "resilience/breaker_machine.hpp"

#include "core/saturated.hpp"

#include <algorithm>

namespace cairn {
namespace {

// What the probes come to is known soon.
constexpr clock::duration while_probing = std::chrono::seconds(1);

}  // namespace

void breaker_machine::advance(time_point now) {
    now_ = std::max(now_, now);
    if (state_ == state::open && now_ >= open_until_) enter(state::half_open);
}

void breaker_machine::enter(state next) {
    state_ = next;
    ++generation_;
    window_ = {};
    probing_ = 0;
    probed_ = 0;
    if (next == state::closed) openings_ = 0;
}

std::variant<breaker_machine::admitted, breaker_machine::rejected> breaker_machine::admit(
    time_point now) {
    advance(now);
    switch (state_) {
        case state::closed:
            return admitted{generation_};
        case state::open:
            return rejected{open_until_ - now_};
        case state::half_open:
            if (probing_ + probed_ >= options_.probes && now_ - probed_at_ < options_.open_for)
                return rejected{while_probing};
            ++probing_;
            probed_at_ = now_;
            return admitted{generation_};
        case state::isolated:
            break;
    }
    return rejected{{}, true};
}

void breaker_machine::ended(std::uint64_t generation, health how, time_point now, double jitter) {
    advance(now);
    if (generation != generation_) return;
    if (state_ == state::closed) {
        count(how);
        if (how == health::bad && must_open()) open(jitter);
    } else if (state_ == state::half_open) {
        --probing_;
        if (how == health::bad) return open(jitter);
        if (how == health::good && ++probed_ == options_.probes) enter(state::closed);
    }
}

std::int64_t breaker_machine::bucket_number() const {
    const auto width = std::max<clock::duration>(options_.window / buckets, clock::duration(1));
    return now_.time_since_epoch() / width;
}

void breaker_machine::count(health how) {
    if (how == health::unknown) return;
    const auto number = bucket_number();
    auto& b = window_[static_cast<std::size_t>(number) % buckets];
    if (b.number != number) {
        b = {};
        b.number = number;
    }
    ++(how == health::good ? b.good : b.bad);
}

bool breaker_machine::must_open() const {
    const auto oldest = bucket_number() - static_cast<std::int64_t>(buckets) + 1;
    unsigned good = 0;
    unsigned bad = 0;
    for (const auto& b : window_) {
        if (b.number < oldest) continue;
        good += b.good;
        bad += b.bad;
    }
    const auto all = good + bad;
    return all >= options_.minimum_calls && bad >= options_.failure_ratio * all;
}

void breaker_machine::open(double jitter) {
    constexpr double spread = 0.1;
    const auto doublings = std::min(openings_++, 30U);
    const real_duration base = options_.open_for;
    const real_duration most = options_.max_open_for;
    const auto length = std::min(base * static_cast<double>(1ULL << doublings), most) *
                        (1 - spread + 2 * spread * jitter);
    enter(state::open);
    open_until_ = later(now_, saturated(length));
}

void breaker_machine::isolate() {
    enter(state::isolated);
}

void breaker_machine::reset() {
    enter(state::closed);
}

breaker_machine::state breaker_machine::current(time_point now) {
    advance(now);
    return state_;
}

}  // namespace cairn
