#include "s3/guarded_call.hpp"

#include "core/cancellation.hpp"
#include "core/saturated.hpp"
#include "s3/clock_skew.hpp"
#include "s3/redirection.hpp"

#include <cairn/resilience/timeout.hpp>

namespace cairn::s3 {
namespace {

std::string hint_for(const error& e, const client_config& config) {
    const std::string server =
        config.endpoint.empty() ? "region " + config.region : config.endpoint;
    if (e.code() == errc::connect_failed)
        return "is the server of " + server + " running, and is the address right?";
    if (e.code() == errc::resolve_failed)
        return "check the name in the endpoint or region (" + server + ")";
    const bool distrusted = e.detail().find("certificate") != std::string::npos;
    if (e.code() == errc::tls_failed && !distrusted)
        return "does " + server + " speak TLS? If not, use http://";
    if (e.code() == errc::tls_failed)
        return "trust the server's CA (tls.ca_file, AWS_CA_BUNDLE) and use a name its certificate "
               "has";
    if (e.code() == errc::not_s3)
        return "check that " + server + " is an S3 server, and whether it wants http or https";
    return {};
}

}  // namespace

guarded_call::guarded_call(client_core& core, const guards& guard, const operation_table& table,
                           const void* input, void* output)
    : core_(core),
      guard_(guard),
      table_(table),
      input_(input),
      output_(output),
      told_(core.told().of_call()),
      started_(core.config.clock->now()),
      attempts_(told_) {
    if (told_) told_.tell(observe::call_started{name_of(table_, input_)});
}

awaitable<result<void>> guarded_call::run() {
    if (guard_.chosen.total_deadline > clock::duration()) return run_in_time();
    return run_in_turn();
}

awaitable<result<void>> guarded_call::run_in_time() {
    const auto limited = total_deadline(guard_.chosen.total_deadline, core_.config.clock);
    const auto call = [this] { return run_in_turn(); };
    auto ended = co_await limited(call);
    if (!ended) co_return described(ended.error());
    co_return ended;
}

awaitable<result<void>> guarded_call::run_in_turn() {
    const bool limited = guard_.chosen.concurrency_limit || guard_.chosen.rate_limit;
    return limited ? run_in_line() : run_attempts();
}

awaitable<result<void>> guarded_call::run_in_line() {
    const auto& chosen = guard_.chosen;
    std::optional<concurrency_limit::permit> leave;
    if (chosen.concurrency_limit) {
        auto granted = co_await chosen.concurrency_limit->acquire();
        if (!granted) co_return rejected("concurrency limit", granted.error());
        tell_queued("concurrency limit", started_);
        leave.emplace(std::move(*granted));
    }
    if (chosen.rate_limit) {
        const auto from = core_.config.clock->now();
        const auto started = co_await chosen.rate_limit->acquire();
        if (!started) co_return rejected("rate limit", started.error());
        tell_queued("rate limit", from);
    }
    auto ended = co_await run_attempts();
    co_return ended;
}

awaitable<result<void>> guarded_call::run_attempts() {
    const bool timed = guard_.chosen.attempt_timeout > clock::duration();
    if (core_.knows_other_regions()) elsewhere_ = core_.elsewhere(bucket_of(table_, input_));
    for (;;) {
        auto leave = admit();
        if (!leave) {
            const auto waited = co_await wait_for_breaker(leave.error());
            if (!waited) co_return rejected("circuit breaker", waited.error());
            continue;
        }
        if (guard_.chosen.adaptive_rate) {
            const auto from = core_.config.clock->now();
            const auto in_turn = co_await guard_.chosen.adaptive_rate->acquire();
            if (!in_turn) co_return not_tried(in_turn.error());
            tell_queued("adaptive rate", from);
        }
        begin_attempt();
        error failed;
        try {
            auto work = timed ? attempt_in_time() : attempt_once();
            auto done = co_await std::move(work);
            if (done) done = decisive_->deliver(output_);
            if (done) {
                succeeded(*leave);
                attempts_.ended(nullptr);
                co_return done;
            }
            failed = done.error();
        } catch (const boost::system::system_error& e) {
            if (!is_cancellation(e)) throw;
            failed = error(errc::canceled);
        }
        failed = described(std::move(failed));
        attempts_.ended(&failed);
        if (*leave) (*leave)->ended(judge(failed));
        if (guard_.chosen.adaptive_rate) guard_.chosen.adaptive_rate->failed(failed);
        const bool at_once = corrected(failed);
        if (!guard_.chosen.retry) co_return failed;
        if (at_once) continue;
        const auto judged = worth_another(failed);
        const auto decided = retries().on_failure(failed, judged);
        failed = retries().conclude(std::move(failed), decided.why);
        attempts_.decided(decided);
        if (decided.why != retry_machine::reason::retry) co_return failed;
        try {
            auto& time = *core_.config.clock;
            co_await time.sleep_until(later(time.now(), decided.delay));
        } catch (const boost::system::system_error& e) {
            if (!is_cancellation(e)) throw;
            co_return canceled_in_pause(failed);
        }
    }
}

result<std::optional<circuit_breaker::permit>> guarded_call::admit() const {
    const bool another_endpoint = elsewhere_ && core_.config.endpoint.empty();
    return guard_.breakers->admit(table_, input_,
                                  another_endpoint ? elsewhere_->region : std::string_view());
}

// Nobody knows when one closes that was opened by hand.
awaitable<result<void>> guarded_call::wait_for_breaker(const error& refusal) {
    const auto pause = refusal.retry_after();
    waited_for_breaker_ += pause;
    const bool may_wait = waited_for_breaker_ <= guard_.chosen.breaker_wait;
    if (pause == clock::duration() || !may_wait) co_return refusal;
    auto& time = *core_.config.clock;
    const auto from = time.now();
    try {
        co_await time.sleep_until(later(from, pause));
    } catch (const boost::system::system_error& e) {
        if (!is_cancellation(e)) throw;
        co_return error(errc::canceled);
    }
    tell_queued("circuit breaker", from);
    co_return result<void>();
}

// What the call's own deadline has ended says something of a server that kept it waiting for most
// of that time.
health guarded_call::judge(const error& failed) const {
    const auto limit = guard_.chosen.total_deadline;
    const auto now = core_.config.clock->now();
    const bool ended_by_deadline =
        failed.code() == errc::canceled && limit > clock::duration() && now - started_ >= limit;
    if (ended_by_deadline && decisive_->unanswered_for(now) >= limit / 2) return health::bad;
    return guard_.breakers->judge(failed);
}

void guarded_call::begin_attempt() {
    sent_before_ += sent();
    second_.reset();
    decisive_ = &attempt_.emplace(core_, place(), table_, input_, told_);
    attempts_.began();
}

void guarded_call::tell_queued(std::string_view where, clock::time_point since) const {
    if (told_ && told_.now() > since) told_.tell(observe::call_queued{where, told_.now() - since});
}

// Cancelled in a queue, nobody has turned it away.
error guarded_call::rejected(std::string_view by, error why) const {
    auto e = not_tried(std::move(why));
    if (told_ && e.code() != errc::canceled) told_.tell(observe::call_rejected{by, &e});
    return e;
}

void guarded_call::ended(const result<void>& how) const {
    if (!told_) return;
    const auto failed = how ? error() : how.error();
    told_.tell(
        observe::call_ended{told_.now() - started_, attempts_.count(), how ? nullptr : &failed});
}

awaitable<result<void>> guarded_call::attempt_in_time() {
    const auto limited = attempt_timeout(guard_.chosen.attempt_timeout, core_.config.clock);
    const auto call = [this] { return attempt_to_end(); };
    auto ended = co_await limited(call);
    co_return ended;
}

// So that the time limit hears what a cancelled attempt has done.
awaitable<result<void>> guarded_call::attempt_to_end() {
    try {
        auto work = attempt_once();
        auto ended = co_await std::move(work);
        co_return ended;
    } catch (const boost::system::system_error& e) {
        if (!is_cancellation(e)) throw;
    }
    error canceled(errc::canceled);
    co_return canceled.effect(attempt_->known_effect(canceled));
}

awaitable<result<void>> guarded_call::attempt_once() {
    const bool only_asks = table_.method == "GET" || table_.method == "HEAD";
    if (guard_.hedge && only_asks) return attempt_hedged();
    return attempt_->run();
}

awaitable<result<void>> guarded_call::attempt_hedged() {
    const auto& both = *guard_.hedge;
    auto call = [this, first = true]() mutable {
        return one_of_two(std::exchange(first, false) ? &*attempt_ : add_second());
    };
    const auto ended = co_await both(call);
    if (!ended) co_return ended.error();
    decisive_ = *ended;
    co_return result<void>();
}

awaitable<result<attempt*>> guarded_call::one_of_two(attempt* mine) {
    const auto ended = co_await mine->run();
    if (ended) co_return mine;
    // The other one may be waiting for a place in the pool.
    mine->hang_up();
    decisive_ = mine;
    co_return ended.error();
}

attempt* guarded_call::add_second() {
    if (told_) told_.tell(observe::call_hedged{told_.now() - attempts_.began_at()});
    second_ = std::make_unique<attempt>(core_, place(), table_, input_, told_);
    return second_.get();
}

const regional& guarded_call::place() const {
    return elsewhere_ ? *elsewhere_ : core_.home;
}

// Made when the first attempt has ended, which knows whether it can be repeated.
retry_machine& guarded_call::retries() {
    if (!retries_)
        retries_.emplace(*guard_.chosen.retry, attempt_->replayable(),
                         guard_.quota_for(table_, input_));
    return *retries_;
}

void guarded_call::succeeded(std::optional<circuit_breaker::permit>& leave) {
    const auto& chosen = guard_.chosen;
    if (!core_.has_succeeded.load(std::memory_order_relaxed)) core_.has_succeeded = true;
    if (leave) leave->ended(health::good);
    if (chosen.adaptive_rate) chosen.adaptive_rate->succeeded();
    // Tokens that nobody has spent needn't be looked up.
    const bool earns = chosen.retry && (retries_ || guard_.can_earn(table_, input_));
    if (earns) retries().on_success();
}

// Once a call each, what a refusal tells of the server's clock and of the bucket's region is put
// right. The next try is then no retry: it costs no token and no pause.
bool guarded_call::corrected(error& failed) {
    if (failed.http_status() == 0) return false;
    const bool learned = learned_time(failed) || learned_region(failed);
    if (!learned || attempt_->rewind()) return learned;
    failed.hint(attempt::body_is_spent);
    return false;
}

bool guarded_call::learned_time(const error& failed) {
    const auto lead = clock_lead(failed, decisive_->reply(), core_.config.clock->utc_now(),
                                 decisive_->clock_lead());
    if (!lead || std::exchange(time_corrected_, true)) return false;
    core_.clock_lead = *lead;
    if (told_) told_.tell(observe::call_corrected{"the server's time"});
    return true;
}

bool guarded_call::learned_region(error& failed) {
    const auto& named = decisive_->named_region();
    const auto& asked = elsewhere_ ? elsewhere_->region : core_.home.region;
    if (named == asked || !belongs_elsewhere(table_, failed, named)) return false;
    if (std::exchange(region_corrected_, true)) {
        failed.hint("the servers point from region to region, last from " + asked + " to " + named +
                    ": set the client's region to the bucket's own");
        return false;
    }
    if (told_) told_.tell(observe::call_corrected{"the region " + named});
    elsewhere_ = core_.learn(bucket_of(table_, input_), named);
    return true;
}

// A body that has been read from must be read again.
retryability guarded_call::worth_another(error& failed) {
    const auto judged = classify(failed, guard_.chosen.retry->classify).retry;
    if (judged == retryability::none || attempt_->rewind()) return judged;
    failed.hint(attempt::body_is_spent);
    if (told_) told_.tell(observe::retry_given_up{"its body can be read only once"});
    return retryability::none;
}

unsigned guarded_call::sent() const {
    return (attempt_ ? attempt_->sent() : 0) + (second_ ? second_->sent() : 0);
}

error guarded_call::canceled() const {
    return not_tried(error(errc::canceled));
}

// What earlier attempts may have done stays unknown.
error guarded_call::not_tried(error why) const {
    auto e = described(std::move(why));
    return retries_ ? retries_->conclude(std::move(e), retry_machine::reason::not_retryable) : e;
}

error guarded_call::described(error failed) const {
    if (!table_.modifies)
        failed.effect(effect::none);
    else if (attempt_)
        failed.effect(attempt_->known_effect(failed));
    else if (failed.effect() == effect::none)
        failed.effect(effect::not_applied);
    failed.operation(name_of(table_, input_));
    failed.attempts(sent_before_ + sent());
    failed.elapsed(core_.config.clock->now() - started_);
    if (failed.hint().empty()) failed.hint(hint_for(failed, core_.config));
    const bool dropped =
        failed.code() == errc::connection_lost && attempt_ && attempt_->met_silence();
    const bool may_want_tls = dropped && !core_.home.site.tls() && !core_.has_succeeded;
    if (failed.hint().empty() && may_want_tls)
        failed.hint("does " + core_.config.endpoint + " want https?");
    return failed;
}

}  // namespace cairn::s3
