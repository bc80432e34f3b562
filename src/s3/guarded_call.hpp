#pragma once

#include "s3/attempt.hpp"
#include "s3/core.hpp"
#include "s3/guards.hpp"

#include <cairn/resilience/attempt_trace.hpp>

#include <optional>

namespace cairn::s3 {

/// One call of a client: its attempts, and what guards them.
///
/// The default guards are a loop in one coroutine, and cost no more than that; those that must run
/// a call beside something else are the public combinators around it. Lifetime: core, guards,
/// table, input and output outlive it.
class guarded_call {
  public:
    guarded_call(client_core& core, const guards& guard, const operation_table& table,
                 const void* input, void* output);

    /// May also throw `operation_aborted`, after which `canceled()` tells what is known.
    awaitable<result<void>> run();
    error canceled() const;
    /// To be called with the call's end.
    void ended(const result<void>& how) const;

  private:
    awaitable<result<void>> run_in_time();
    awaitable<result<void>> run_in_turn();
    awaitable<result<void>> run_in_line();
    awaitable<result<void>> run_attempts();
    awaitable<result<void>> wait_for_breaker(const error& refusal);
    awaitable<result<void>> attempt_in_time();
    awaitable<result<void>> attempt_to_end();
    awaitable<result<void>> attempt_once();
    awaitable<result<void>> attempt_hedged();
    awaitable<result<attempt*>> one_of_two(attempt* mine);
    attempt* add_second();

    result<std::optional<circuit_breaker::permit>> admit() const;
    health judge(const error& failed) const;
    void begin_attempt();
    void tell_queued(std::string_view where, clock::time_point since) const;
    error rejected(std::string_view by, error why) const;
    void succeeded(std::optional<circuit_breaker::permit>& leave);
    error not_tried(error why) const;
    retry_machine& retries();
    bool corrected(error& failed);
    bool learned_time(const error& failed);
    bool learned_region(error& failed);
    retryability worth_another(error& failed);
    error described(error failed) const;
    const regional& place() const;
    unsigned sent() const;

    client_core& core_;
    const guards& guard_;
    const operation_table& table_;
    const void* input_;
    void* output_;
    const observe::trace told_;
    std::shared_ptr<const regional> elsewhere_;  ///< Where its bucket is, if not at home.
    std::optional<attempt> attempt_;
    std::unique_ptr<attempt> second_;  ///< Beside it, if it was hedged.
    attempt* decisive_ = nullptr;      ///< Which of them the last outcome is of.
    std::optional<retry_machine> retries_;
    clock::time_point started_;
    clock::duration waited_for_breaker_{};
    attempt_trace attempts_;
    bool time_corrected_ = false;
    bool region_corrected_ = false;
    unsigned sent_before_ = 0;  ///< By the attempts before the present one.
};

}  // namespace cairn::s3
