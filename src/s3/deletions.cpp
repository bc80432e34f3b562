#include "s3/deletions.hpp"

#include "core/cancellation.hpp"
#include "core/parallel.hpp"
#include "core/saturated.hpp"
#include "s3/service_error.hpp"
#include "s3/validate.hpp"
#include "wire/xml.hpp"

#include <algorithm>
#include <atomic>
#include <functional>
#include <map>
#include <optional>
#include <span>
#include <string_view>
#include <utility>

namespace cairn::s3 {
namespace {

// S3's bound on one DeleteObjects request.
constexpr std::size_t keys_per_delete = 1000;
// S3 takes 3,500 keys a second of one prefix.
constexpr std::size_t requests_at_once = 4;

error key_error(std::string operation, const delete_objects_error& refused) {
    error e(meaning_of(refused.code.value_or(""), 0));
    e.operation(std::move(operation));
    e.s3_code(refused.code.value_or(""));
    e.s3_message(refused.message.value_or(""));
    e.effect(e.code() == errc::service_failed ? effect::unknown : effect::not_applied);
    return e;
}

deleted_object as_deleted(std::string key, const delete_object_output& answer) {
    deleted_object gone;
    gone.key = std::move(key);
    gone.delete_marker = answer.delete_marker;
    (gone.delete_marker.value_or(false) ? gone.delete_marker_version_id : gone.version_id) =
        answer.version_id;
    return gone;
}

/// The keys of one `client::delete_objects`, and what has become of each.
class deletions {
  public:
    deletions(std::string bucket, std::vector<std::string> keys) : bucket_(std::move(bucket)) {
        outcomes.reserve(keys.size());
        for (auto& key : keys) {
            const auto i = outcomes.size();
            outcomes.emplace_back(std::move(key), deleted_object());
            refused_.push_back(0);
            const auto [first, is_new] = seen_.emplace(outcomes[i].key, i);
            if (is_new)
                add(i);
            else
                repeats_.emplace_back(i, first->second);
        }
    }

    std::vector<std::string> keys_at(std::span<const std::size_t> chunk) const {
        std::vector<std::string> keys;
        for (const auto i : chunk) keys.push_back(outcomes[i].key);
        return keys;
    }

    void settle(std::span<const std::size_t> chunk, const delete_objects_output& answer) {
        touched = true;
        std::map<std::string_view, result<deleted_object>> by_key;
        for (const auto& gone : answer.deleted) by_key.insert_or_assign(gone.key, gone);
        for (const auto& refused : answer.errors)
            by_key.insert_or_assign(refused.key, key_error(operation_on(refused.key), refused));
        for (const auto i : chunk) {
            const auto found = by_key.find(outcomes[i].key);
            outcomes[i].outcome = found != by_key.end() ? found->second : unmentioned(i);
            refused_[i] = static_cast<char>(found != by_key.end() && !found->second);
        }
    }

    /// Of `sent`, those that S3 has refused by themselves for now. What failed with its request has
    /// been tried again with it.
    std::vector<std::size_t> to_try_again(std::span<const std::size_t> sent,
                                          const classifier& own) const {
        std::vector<std::size_t> again;
        for (const auto i : sent)
            if (refused_[i] &&
                classify(outcomes[i].outcome.error(), own).retry != retryability::none)
                again.push_back(i);
        return again;
    }

    void fail(std::span<const std::size_t> chunk, const error& e) {
        touch(e);
        for (const auto i : chunk) {
            outcomes[i].outcome = e;
            refused_[i] = 0;
        }
    }

    void settle_alone(std::size_t i, const result<delete_object_output>& answer) {
        auto& at = outcomes[i];
        if (answer) {
            touched = true;
            at.outcome = as_deleted(at.key, *answer);
        } else {
            touch(answer.error());
            at.outcome = answer.error();
        }
    }

    void touch(const error& failed) {
        if (failed.effect() != effect::not_applied) touched = true;
    }

    /// The outcomes, once every key in `together` and `alone` has one.
    std::vector<delete_outcome> take() {
        for (const auto& [again, first] : repeats_)
            outcomes[again].outcome = outcomes[first].outcome;
        return std::move(outcomes);
    }

    std::vector<delete_outcome> outcomes;
    std::vector<std::size_t> together;  ///< Indexes of keys for requests of many.
    std::vector<std::size_t> alone;     ///< Those that the document of such a request can't hold.
    /// Some request may have changed something.
    std::atomic<bool> touched = false;

  private:
    // One bad key must not take those down that share its request.
    void add(std::size_t i) {
        const auto& key = outcomes[i].key;
        if (auto problem = key_problem(key); !problem.empty()) {
            error e(errc::invalid_argument, std::move(problem));
            e.operation(operation_on(key));
            e.effect(effect::not_applied);
            outcomes[i].outcome = std::move(e);
        } else {
            (wire::xml::can_hold(key) ? together : alone).push_back(i);
        }
    }

    error unmentioned(std::size_t i) const {
        error e(errc::malformed_reply, "the reply does not mention this key");
        e.operation(operation_on(outcomes[i].key));
        e.effect(effect::unknown);
        return e;
    }

    std::string operation_on(const std::string& key) const {
        return "DeleteObjects s3://" + bucket_ + "/" + key;
    }

    std::string bucket_;
    std::map<std::string_view, std::size_t> seen_;
    // A key is sent once: MinIO's answer to one that is sent twice can't be read.
    std::vector<std::pair<std::size_t, std::size_t>> repeats_;
    // Of each key by itself; requests on other threads write to others, so no bits.
    std::vector<char> refused_;
};

/// When to ask again for keys that were refused by themselves: as for a call that failed.
class rounds {
  public:
    explicit rounds(const client& s3) {
        if (!s3.resilience().retry) return;
        policy_.emplace(*s3.resilience().retry);
        auto quota = policy_->quota ? policy_->quota : std::make_shared<retry_quota>();
        machine_.emplace(*policy_, true, std::move(quota));
    }

    const classifier& own() const noexcept {
        static const classifier none;
        return policy_ ? policy_->classify : none;
    }
    /// How long to wait first; nothing when that was the last round.
    std::optional<clock::duration> after(const error& failed) {
        if (!machine_) return std::nullopt;
        const auto decided = machine_->on_failure(failed);
        if (decided.why != retry_machine::reason::retry) return std::nullopt;
        return decided.delay;
    }

  private:
    std::optional<retry_policy> policy_;
    std::optional<retry_machine> machine_;
};

// Fails when it is cancelled, and only then: all else is the outcome of some key.
awaitable<result<void>> delete_chunk(client s3, const std::string& bucket, deletions& all,
                                     std::span<const std::size_t> chunk) {
    const auto answer = co_await s3.send(s3::delete_objects(bucket, all.keys_at(chunk)));
    if (answer) {
        all.settle(chunk, *answer);
        co_return result<void>();
    }
    all.fail(chunk, answer.error());
    if (answer.error().code() == errc::canceled) co_return answer.error();
    co_return result<void>();
}

awaitable<result<void>> delete_chunks(client s3, const std::string& bucket, deletions& all,
                                      std::span<const std::size_t> keys) {
    const auto chunks = (keys.size() + keys_per_delete - 1) / keys_per_delete;
    const std::function<awaitable<result<void>>(std::size_t)> step = [&](std::size_t i) {
        const auto rest = keys.subspan(i * keys_per_delete);
        return delete_chunk(s3, bucket, all, rest.first(std::min(keys_per_delete, rest.size())));
    };
    auto done = co_await for_each_bounded(chunks, requests_at_once, step);
    co_return done;
}

awaitable<result<void>> delete_together(client s3, const std::string& bucket, deletions& all) {
    rounds more(s3);
    auto left = all.together;
    while (!left.empty()) {
        const auto done = co_await delete_chunks(s3, bucket, all, left);
        if (!done) co_return done.error();
        left = all.to_try_again(left, more.own());
        if (left.empty()) break;
        const auto pause = more.after(all.outcomes[left.front()].outcome.error());
        if (!pause) break;
        auto& time = *s3.config().clock;
        co_await time.sleep_until(later(time.now(), *pause));
    }
    co_return result<void>();
}

awaitable<result<void>> delete_one(client s3, const std::string& bucket, deletions& all,
                                   std::size_t i) {
    const auto answer = co_await s3.delete_object(bucket, all.outcomes[i].key);
    all.settle_alone(i, answer);
    if (!answer && answer.error().code() == errc::canceled) co_return answer.error();
    co_return result<void>();
}

awaitable<result<void>> delete_alone(client s3, const std::string& bucket, deletions& all) {
    const std::function<awaitable<result<void>>(std::size_t)> step = [&](std::size_t i) {
        return delete_one(s3, bucket, all, all.alone[i]);
    };
    auto done = co_await for_each_bounded(all.alone.size(), requests_at_once, step);
    co_return done;
}

}  // namespace

delete_outcome::delete_outcome(std::string k, result<deleted_object> o)
    : key(std::move(k)), outcome(std::move(o)) {}

awaitable<result<std::vector<delete_outcome>>> delete_all(client s3, std::string bucket,
                                                          std::vector<std::string> keys) {
    deletions all(bucket, std::move(keys));
    error canceled(errc::canceled);
    // A cancellation that comes between two requests is thrown by the second one's co_await.
    try {
        auto done = co_await delete_together(s3, bucket, all);
        if (done) {
            auto rest = co_await delete_alone(s3, bucket, all);
            done = std::move(rest);
        }
        if (done) co_return all.take();
        canceled = done.error();
    } catch (const boost::system::system_error& e) {
        if (!is_cancellation(e)) throw;
        canceled.operation("DeleteObjects s3://" + bucket);
    }
    canceled.effect(all.touched ? effect::unknown : effect::not_applied);
    co_return canceled;
}

}  // namespace cairn::s3
