#include "wire/watch.hpp"

#include "core/saturated.hpp"
#include "core/strand.hpp"

#include <algorithm>

namespace cairn::wire {

time_limits time_limits::none() {
    time_limits off;
    off.connect = off.tls_handshake = off.first_byte = off.stall = {};
    return off;
}

void watch::begin(const asio::any_io_executor& ring_on, const time_limits& limits, stage now) {
    const std::lock_guard lock(mutex_);
    limits_ = limits;
    stage_ = now;
    waiting_ = true;
    restart();
    if (!alarm_)
        alarm_ = clock_->make_alarm(off_strands(ring_on), [weak = weak_from_this()] {
            if (const auto self = weak.lock()) self->ring();
        });
    arm();
}

void watch::enter(stage next) {
    const std::lock_guard lock(mutex_);
    stage_ = next;
    restart();
}

void watch::sent(std::size_t bytes) {
    const std::lock_guard lock(mutex_);
    count(bytes);
}

void watch::received(std::size_t bytes) {
    if (bytes == 0) return;
    const std::lock_guard lock(mutex_);
    if (stage_ == stage::first_byte) {
        stage_ = stage::receiving;
        restart();
    }
    count(bytes);
}

void watch::count(std::size_t bytes) {
    moved_ += bytes;
    if (moved_ >= limits_.stall_bytes) restart();
}

void watch::pause() {
    const std::lock_guard lock(mutex_);
    stop_waiting();
}

void watch::resume() {
    const std::lock_guard lock(mutex_);
    waiting_ = true;
    since_ += clock_->now() - paused_;
    arm();
}

void watch::end() {
    const std::lock_guard lock(mutex_);
    stop_waiting();
    if (armed_) alarm_->cancel();
    armed_ = false;
}

void watch::stop_waiting() {
    if (!waiting_) return;
    waiting_ = false;
    paused_ = clock_->now();
}

std::optional<watch::expiry> watch::expired() const {
    const std::lock_guard lock(mutex_);
    return expired_;
}

void watch::restart() {
    since_ = clock_->now();
    moved_ = 0;
}

clock::duration watch::limit() const {
    return stage_ == stage::first_byte ? limits_.first_byte : limits_.stall;
}

// Rings at the stage's end, or earlier: a later stage may have a shorter limit.
void watch::arm() {
    if (armed_) return;
    auto wait = std::max(limits_.first_byte, limits_.stall);
    for (const auto each : {limits_.first_byte, limits_.stall})
        if (each > clock::duration()) wait = std::min(wait, each);
    if (wait <= clock::duration()) return;
    armed_ = true;
    const auto soon = later(clock_->now(), wait);
    alarm_->set(limit() > clock::duration() ? std::min(soon, later(since_, limit())) : soon);
}

void watch::ring() {
    const std::lock_guard lock(mutex_);
    // A call that crossed with `end` finds nobody waiting.
    armed_ = false;
    if (!waiting_ || expired_) return;
    const auto most = limit();
    if (most > clock::duration() && clock_->now() - since_ >= most) {
        expired_ = {stage_ == stage::first_byte ? "first_byte" : "stall", most, moved_};
        return stream_.shutdown();
    }
    arm();
}

}  // namespace cairn::wire
