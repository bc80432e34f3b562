#pragma once

#include <cairn/core/clock.hpp>
#include <cairn/core/random.hpp>
#include <cairn/observe/sink.hpp>
#include <cairn/resilience/classify.hpp>
#include <cairn/resilience/retry_quota.hpp>

#include <memory>
#include <optional>

namespace cairn {

/// When and how often to try again. The defaults are those of AWS's standard retry mode, version
/// 2.1 of 2026.
struct retry_policy {
    retry_policy();

    unsigned max_attempts = 3;  ///< The first try included.
    /// The n-th pause is a random part of `base_delay` · 2ⁿ⁻¹, at most `max_delay` ("full jitter").
    cairn::clock::duration base_delay = std::chrono::milliseconds(50);
    /// In place of `base_delay` when the service asks for fewer calls.
    cairn::clock::duration throttled_base_delay = std::chrono::seconds(1);
    cairn::clock::duration max_delay = std::chrono::seconds(20);
    /// Calling twice does what calling once does. Otherwise a failure whose `effect` is unknown is
    /// not tried again: an exception's is, and so is that of a `result` whose maker says so. An
    /// error that says nothing of its effect is taken for one that had none.
    bool idempotent = false;
    classifier classify;  ///< Null: `cairn::classify`.
    /// Share one among all that call one service. Null: one for each `retry` and its copies; in a
    /// client, one for each bucket.
    std::shared_ptr<retry_quota> quota;
    /// Hears of attempts and pauses; null: nobody does. A client tells its own, with all the rest.
    std::shared_ptr<observe::sink> sink;
    /// Null: the system's; in a client, the client's.
    std::shared_ptr<cairn::clock> clock;
    std::shared_ptr<cairn::random> random;
};

/// The decisions of one call's retries, without their waits.
class retry_machine {
  public:
    enum class reason { retry, not_retryable, effect_unknown, attempts_exhausted, quota_exhausted };
    struct decision {
        reason why = reason::not_retryable;
        cairn::clock::duration delay{};  ///< Before the next try, if there is one.
    };

    /// @param policy outlives the machine; its quota and randomness are not null.
    explicit retry_machine(const retry_policy& policy)
        : retry_machine(policy, policy.idempotent, policy.quota) {}
    /// @param idempotent of this call, in place of the policy's.
    /// @param quota of this call, in place of the policy's.
    retry_machine(const retry_policy& policy, bool idempotent, std::shared_ptr<retry_quota> quota)
        : policy_(policy), quota_(std::move(quota)), idempotent_(idempotent) {}

    /// The end of an attempt that failed, as the policy's classifier judges it.
    decision on_failure(const error& failed);
    /// The same, as its caller has judged it.
    decision on_failure(const error& failed, retryability judged);
    /// The end of an attempt that succeeded.
    void on_success();
    /// `last`, told as the failure of all attempts: what one of them may have done stays unknown,
    /// whatever the last one came to.
    error conclude(error last, reason why) const;

    /// Attempts that were made; not those that somebody within turned away, and all of a retry
    /// within.
    unsigned attempts() const noexcept { return made_; }

  private:
    cairn::clock::duration backoff(retryability kind) const;

    const retry_policy& policy_;
    const std::shared_ptr<retry_quota> quota_;
    const bool idempotent_;
    unsigned attempts_ = 0;  ///< Also those that were turned away.
    unsigned made_ = 0;
    unsigned last_cost_ = 0;
    bool effect_unknown_ = false;
};

/// `canceled`, in the pause after `last`: what is known of that stays known.
error canceled_in_pause(const error& last);

}  // namespace cairn
