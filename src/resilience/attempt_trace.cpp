#include <cairn/resilience/attempt_trace.hpp>

namespace cairn {

void attempt_trace::tell_began() {
    from_ = told_.now();
    told_.tell(observe::attempt_started{number_});
}

void attempt_trace::tell_ended(const error* failed) const {
    told_.tell(observe::attempt_ended{number_, told_.now() - from_, failed});
}

void attempt_trace::tell_decided(const retry_machine::decision& next) const {
    switch (next.why) {
        case retry_machine::reason::retry:
            return told_.tell(observe::retry_scheduled{next.delay});
        case retry_machine::reason::attempts_exhausted:
            return told_.tell(observe::retry_given_up{"no attempts are left"});
        case retry_machine::reason::effect_unknown:
            return told_.tell(observe::retry_given_up{"it may have been carried out"});
        case retry_machine::reason::quota_exhausted:
            return told_.tell(observe::retry_given_up{"the retry quota is used up"});
        case retry_machine::reason::not_retryable:
            break;
    }
}

}  // namespace cairn
