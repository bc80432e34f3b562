#include <cairn/resilience/retry_policy.hpp>

#include <algorithm>
#include <cmath>

namespace cairn {
namespace {

// Tokens, by AWS's standard retry mode.
constexpr unsigned transient_cost = 14;
constexpr unsigned throttled_cost = 5;
constexpr unsigned first_try_earns = 1;
// A server's own wish counts within this much above the backoff.
constexpr clock::duration max_above_backoff = std::chrono::seconds(5);

// As its error tells, or one, unless it was turned away.
unsigned attempts_of(const error& failed) {
    if (failed.attempts() > 0) return failed.attempts();
    const auto code = failed.code();
    const bool turned_away = code == errc::circuit_open || code == errc::concurrency_limited ||
                             code == errc::rate_limited;
    return turned_away ? 0 : 1;
}

}  // namespace

retry_policy::retry_policy() = default;

clock::duration retry_machine::backoff(retryability kind) const {
    const auto base =
        kind == retryability::throttled ? policy_.throttled_base_delay : policy_.base_delay;
    const auto doublings = static_cast<int>(std::min(attempts_ - 1, 60U));
    const auto most = std::min(std::ldexp(static_cast<double>(base.count()), doublings),
                               static_cast<double>(policy_.max_delay.count()));
    const auto count = std::llround(most * policy_.random->next_part());
    return cairn::clock::duration(count);
}

retry_machine::decision retry_machine::on_failure(const error& failed) {
    return on_failure(failed, classify(failed, policy_.classify).retry);
}

retry_machine::decision retry_machine::on_failure(const error& failed, retryability judged) {
    ++attempts_;
    made_ += attempts_of(failed);
    if (failed.effect() == effect::unknown) effect_unknown_ = true;
    if (judged == retryability::none) return {reason::not_retryable, {}};
    if (failed.effect() == effect::applied) return {reason::not_retryable, {}};
    if (effect_unknown_ && !idempotent_) return {reason::effect_unknown, {}};
    if (attempts_ >= policy_.max_attempts) return {reason::attempts_exhausted, {}};
    const auto cost = judged == retryability::throttled ? throttled_cost : transient_cost;
    if (!quota_->take(cost)) return {reason::quota_exhausted, {}};
    last_cost_ = cost;
    const auto pause = backoff(judged);
    return {reason::retry, std::max(pause, std::min<cairn::clock::duration>(
                                               failed.retry_after(), pause + max_above_backoff))};
}

void retry_machine::on_success() {
    ++attempts_;
    quota_->give(attempts_ == 1 ? first_try_earns : last_cost_);
}

error retry_machine::conclude(error last, reason why) const {
    if (effect_unknown_ && last.effect() == effect::not_applied) last.effect(effect::unknown);
    if (why == reason::quota_exhausted && last.hint().empty())
        last.hint("too many calls fail to retry this one: wait before you call again");
    return last;
}

error canceled_in_pause(const error& last) {
    auto e = last;
    return e.code(make_error_code(errc::canceled))
        .cause(last.code())
        .detail("while waiting for the next try; the last one: " +
                (last.detail().empty() ? last.code().message() : last.detail()));
}

}  // namespace cairn
