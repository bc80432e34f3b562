#include "testing/s3_connection.hpp"
#include "testing/s3_operations.hpp"
#include "testing/simulated_s3_state.hpp"

#include <limits>
#include <stdexcept>

namespace cairn::testing {

using simulated::connection;
using simulated::reply;

simulated_s3_options::simulated_s3_options()
    : credentials{auth::credentials("simulated-access-key", secret("simulated-secret-key"))} {}

simulated_s3::state::state(const simulated_s3_options& options)
    : clock(options.clock ? options.clock : system_clock()),
      core(options.region, options.credentials, options.domains) {
    core.stored().least_part_bytes = options.least_part_bytes;
}

s3_call simulated_s3::state::hear(const wire::request_head& head) {
    auto what = core.target_of(head);
    s3_call heard;
    heard.index = requests++;
    heard.nth = requests_by_operation[what.operation]++;
    heard.operation = std::move(what.operation);
    heard.bucket = std::move(what.bucket);
    heard.key = std::move(what.key);
    heard.at = clock->now();
    return heard;
}

// The plan runs without the lock on what is stored, so that it may look at that.
simulated_s3::state::arrival simulated_s3::state::arrive(const wire::request_head& head) {
    const std::lock_guard in_order(arrivals);
    arrival a;
    std::shared_ptr<const s3_fault_plan> followed;
    {
        const std::lock_guard lock(mutex);
        a.call = hear(head);
        followed = plan;
    }
    if (followed) a.fault = (*followed)(a.call);
    return a;
}

reply simulated_s3::state::refuse(const wire::request_head& head, const s3_fault& fault) {
    const simulated::refusal r(fault.status, fault.code, "The test wants it so.");
    return core.refuse(head, r, clock->utc_now());
}

reply simulated_s3::state::refuse_garbage() {
    const simulated::refusal r(400, "BadRequest",
                               "An error occurred when parsing the HTTP request.");
    const std::lock_guard lock(mutex);
    return core.refuse({}, r, clock->utc_now());
}

void simulated_s3::state::note(const wire::request_head& head, const s3_call& call,
                               unsigned status) {
    s3_log_entry entry;
    entry.method = head.method;
    entry.target = head.target;
    entry.operation = call.operation;
    entry.status = status;
    log.push_back(std::move(entry));
}

std::optional<reply> simulated_s3::state::refuse_early(const wire::request_head& head,
                                                       const arrival& how) {
    const std::lock_guard lock(mutex);
    if (how.fault.carried_out && how.fault.answered && how.fault.status == 0) {
        auto refused = core.refuse_early(head, clock->utc_now());
        if (refused) note(head, how.call, refused->status);
        return refused;
    }
    return std::nullopt;
}

std::optional<reply> simulated_s3::state::answer(const wire::request_head& head, bytes body,
                                                 const arrival& how) {
    const auto& fault = how.fault;
    const std::lock_guard lock(mutex);
    reply r;
    if (fault.carried_out) r = core.handle(head, std::move(body), clock->utc_now());
    if (fault.status != 0) r = refuse(head, fault);
    note(head, how.call, fault.answered ? r.status : 0);
    if (!fault.answered) return std::nullopt;
    if (fault.corrupt_at && *fault.corrupt_at < r.body.size()) {
        auto& corrupted = r.body[static_cast<std::size_t>(*fault.corrupt_at)];
        corrupted = static_cast<char>(corrupted ^ 1);
    }
    return r;
}

simulated_s3::simulated_s3(const simulated_s3_options& options)
    : state_(std::make_shared<state>(options)) {}

awaitable<void> simulated_s3::serve(std::unique_ptr<wire::stream> stream) const {
    return serve_all(state_, std::move(stream));
}

awaitable<void> simulated_s3::serve_all(std::shared_ptr<state> s,
                                        std::unique_ptr<wire::stream> stream) {
    constexpr auto all = std::numeric_limits<std::size_t>::max();
    connection peer(std::move(stream));
    for (;;) {
        const auto came = co_await peer.read_head();
        if (came == connection::came::end) co_return;
        if (came == connection::came::garbage) {
            co_await peer.send(s->refuse_garbage(), false, all);
            co_return;
        }
        const auto how = s->arrive(peer.head());
        if (peer.expects_continue()) {
            auto refused = s->refuse_early(peer.head(), how);
            if (refused) {
                co_await peer.send(std::move(*refused), false, all);
                co_return;
            }
            const bool told = co_await peer.send_continue();
            if (!told) co_return;
        }
        auto body = co_await peer.read_body();
        if (!body) co_return;
        auto answer = s->answer(peer.head(), std::move(*body), how);
        if (!answer) co_return;
        if (how.fault.delay.count() > 0)
            co_await s->clock->sleep_until(s->clock->now() + how.fault.delay);
        const auto most = static_cast<std::size_t>(how.fault.truncate_at.value_or(all));
        const bool goes_on = co_await peer.send(std::move(*answer), true, most);
        if (!goes_on) co_return;
    }
}

void simulated_s3::follow(s3_fault_plan plan) const {
    std::shared_ptr<const s3_fault_plan> next;
    if (plan) next = std::make_shared<const s3_fault_plan>(std::move(plan));
    const std::lock_guard lock(state_->mutex);
    state_->plan.swap(next);
}

void simulated_s3::create_bucket(const std::string& name) const {
    if (!simulated::is_bucket_name(name))
        throw std::invalid_argument("S3 has no bucket of the name \"" + name +
                                    "\": use 3 to 63 lower-case letters, digits, - and .");
    const std::lock_guard lock(state_->mutex);
    auto& s = *state_;
    simulated::bucket made{name, s.core.region()};
    made.created = s.clock->utc_now();
    s.core.stored().buckets.try_emplace(name, std::move(made));
}

std::optional<bytes> simulated_s3::object(const std::string& bucket, const std::string& key) const {
    const std::lock_guard lock(state_->mutex);
    const auto& buckets = state_->core.stored().buckets;
    const auto in = buckets.find(bucket);
    const auto* const found = in == buckets.end() ? nullptr : in->second.current(key);
    return found ? std::optional(*found->data) : std::nullopt;
}

std::vector<std::string> simulated_s3::keys(const std::string& bucket) const {
    const std::lock_guard lock(state_->mutex);
    const auto& buckets = state_->core.stored().buckets;
    const auto in = buckets.find(bucket);
    std::vector<std::string> found;
    if (in == buckets.end()) return found;
    for (const auto& [key, versions] : in->second.objects)
        if (!versions.back().is_delete_marker) found.push_back(key);
    return found;
}

std::size_t simulated_s3::uploads(const std::string& bucket) const {
    const std::lock_guard lock(state_->mutex);
    const auto& buckets = state_->core.stored().buckets;
    const auto in = buckets.find(bucket);
    return in == buckets.end() ? 0 : in->second.uploads.size();
}

std::vector<s3_log_entry> simulated_s3::log() const {
    const std::lock_guard lock(state_->mutex);
    return state_->log;
}

}  // namespace cairn::testing
