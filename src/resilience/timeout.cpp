#include "core/run_until.hpp"
#include "core/saturated.hpp"
#include "core/seconds.hpp"

#include <cairn/resilience/timeout.hpp>

namespace cairn {

timeout::timeout(std::string_view name, clock::duration limit, std::shared_ptr<cairn::clock> time)
    : name_(name), limit_(limit), clock_(time ? std::move(time) : system_clock()) {}

awaitable<bool> timeout::expires(awaitable<void> work) const {
    return run_until(*clock_, later(clock_->now(), limit_), std::move(work));
}

bool timeout::was_canceled(const error& failed) {
    return failed.code() == errc::canceled || failed.code() == asio::error::operation_aborted;
}

error timeout::timed_out(const error& failed) const {
    auto e = failed;
    std::string seen = "no end within " + in_seconds(limit_) + " (" + std::string(name_) + ")";
    if (!failed.detail().empty()) seen += ", " + failed.detail();
    e.code(make_error_code(errc::timed_out)).detail(std::move(seen));
    return e;
}

timeout total_deadline(clock::duration limit, std::shared_ptr<clock> time) {
    return {"total deadline", limit, std::move(time)};
}
timeout attempt_timeout(clock::duration limit, std::shared_ptr<clock> time) {
    return {"attempt timeout", limit, std::move(time)};
}

}  // namespace cairn
