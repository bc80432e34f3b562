#pragma once

#include <cairn/resilience/attempt_trace.hpp>
#include <cairn/resilience/combinator.hpp>
#include <cairn/resilience/retry_policy.hpp>

namespace cairn {

/// Tries a call again, after a pause, while its failures may pass: see `retry_policy`.
///
/// Errors: the last attempt's, with `attempts` counted over all, and `effect` unknown if that of
/// any attempt is. Cancelled in a pause, it ends with `canceled` and what the last attempt came to.
class retry : public combinator<retry> {
  public:
    retry() : retry(retry_policy()) {}
    explicit retry(retry_policy policy);

    template <class Next>
    awaitable<detail::awaited<Next>> run(Next next) const {
        using T = detail::awaited<Next>;
        const auto policy = policy_;
        retry_machine machine(*policy);
        const observe::trace told(policy->sink.get(), policy->clock.get());
        attempt_trace attempts(told.of_call());
        for (;;) {
            detail::outcome<T> ended;
            attempts.began();
            co_await detail::settle<T>(next, ended);
            if (!ended.failed()) {
                machine.on_success();
                attempts.ended(nullptr);
                co_return ended.take();
            }
            const auto failed = ended.failure();
            attempts.ended(&failed);
            const auto decided = machine.on_failure(failed);
            attempts.decided(decided);
            if (decided.why != retry_machine::reason::retry) {
                ended.annotate(machine.conclude(failed, decided.why).attempts(machine.attempts()));
                co_return ended.take();
            }
            try {
                co_await policy->clock->sleep_until(policy->clock->now() + decided.delay);
            } catch (const boost::system::system_error& e) {
                if (e.code() != asio::error::operation_aborted) throw;
                if constexpr (!detail::is_result<T>) throw;
                co_return detail::refuse<T>(canceled_in_pause(machine.conclude(failed, decided.why))
                                                .attempts(machine.attempts()));
            }
        }
    }

  private:
    std::shared_ptr<const retry_policy> policy_;
};

}  // namespace cairn
