#include "core/cancellation.hpp"
#include "s3/service_error.hpp"
#include "s3/validate.hpp"
#include "wire/xml.hpp"

#include <cairn/s3/client.hpp>

#include <map>
#include <span>
#include <string_view>

namespace cairn::s3 {
namespace {

// S3's bound on one DeleteObjects request.
constexpr std::size_t keys_per_delete = 1000;

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
        answered = true;
        std::map<std::string_view, result<deleted_object>> by_key;
        for (const auto& gone : answer.deleted) by_key.insert_or_assign(gone.key, gone);
        for (const auto& refused : answer.errors)
            by_key.insert_or_assign(refused.key, key_error(operation_on(refused.key), refused));
        for (const auto i : chunk) {
            const auto found = by_key.find(outcomes[i].key);
            outcomes[i].outcome = found != by_key.end() ? found->second : unmentioned(i);
        }
    }

    void fail(std::span<const std::size_t> chunk, const error& e) {
        answered = true;
        for (const auto i : chunk) outcomes[i].outcome = e;
    }

    void settle_alone(std::size_t i, const result<delete_object_output>& answer) {
        answered = true;
        auto& at = outcomes[i];
        if (answer)
            at.outcome = as_deleted(at.key, *answer);
        else
            at.outcome = answer.error();
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
    bool answered = false;              ///< A request has been.

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
};

// The client by value, as in `client::send_on`: the caller's handle may be gone before this starts.
awaitable<result<std::string>> region_of(client s3, std::string bucket) {
    const auto located = co_await s3.send(s3::get_bucket_location(std::move(bucket)));
    if (!located) co_return located.error();
    const auto region = located->location_constraint.value_or("");
    co_return region.empty() ? std::string("us-east-1") : region;
}

// Fails when it is cancelled, and only then: all else is the outcome of some key.
awaitable<result<void>> delete_together(client s3, std::string bucket, deletions& all) {
    std::span<const std::size_t> left = all.together;
    while (!left.empty()) {
        const auto chunk = left.first(std::min(keys_per_delete, left.size()));
        left = left.subspan(chunk.size());
        const auto answer = co_await s3.send(s3::delete_objects(bucket, all.keys_at(chunk)));
        if (answer)
            all.settle(chunk, *answer);
        else if (answer.error().code() == errc::canceled)
            co_return answer.error();
        else
            all.fail(chunk, answer.error());
    }
    co_return result<void>();
}

awaitable<result<void>> delete_alone(client s3, std::string bucket, deletions& all) {
    for (const auto i : all.alone) {
        const auto answer = co_await s3.delete_object(bucket, all.outcomes[i].key);
        if (!answer && answer.error().code() == errc::canceled) co_return answer.error();
        all.settle_alone(i, answer);
    }
    co_return result<void>();
}

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
    // The last request's effect is all of it only while it is the first.
    if (all.answered) canceled.effect(effect::unknown);
    co_return canceled;
}

}  // namespace

delete_outcome::delete_outcome(std::string k, result<deleted_object> o)
    : key(std::move(k)), outcome(std::move(o)) {}

awaitable<result<put_object_output>> client::put_object(std::string bucket, std::string key,
                                                        body::source body) const {
    s3::put_object request(std::move(bucket), std::move(key));
    request.body = std::move(body);
    return send(std::move(request));
}

awaitable<result<get_object_output>> client::get_object(std::string bucket, std::string key) const {
    return send(s3::get_object(std::move(bucket), std::move(key)));
}

awaitable<result<head_object_output>> client::head_object(std::string bucket,
                                                          std::string key) const {
    return send(s3::head_object(std::move(bucket), std::move(key)));
}

awaitable<result<delete_object_output>> client::delete_object(std::string bucket,
                                                              std::string key) const {
    return send(s3::delete_object(std::move(bucket), std::move(key)));
}

awaitable<result<copy_object_output>> client::copy_object(std::string from_bucket,
                                                          std::string from_key,
                                                          std::string to_bucket,
                                                          std::string to_key) const {
    return send(s3::copy_object(std::move(to_bucket), std::move(to_key),
                                copy_source(std::move(from_bucket), std::move(from_key))));
}

awaitable<result<create_bucket_output>> client::create_bucket(std::string bucket) const {
    s3::create_bucket request(std::move(bucket));
    // AWS wants a region named wherever it isn't the first one; other servers know but their own.
    if (config().endpoint.empty() && config().region != "us-east-1") {
        request.create_bucket_configuration.emplace();
        request.create_bucket_configuration->location_constraint = config().region;
    }
    return send(std::move(request));
}

awaitable<result<head_bucket_output>> client::head_bucket(std::string bucket) const {
    return send(s3::head_bucket(std::move(bucket)));
}

awaitable<result<delete_bucket_output>> client::delete_bucket(std::string bucket) const {
    return send(s3::delete_bucket(std::move(bucket)));
}

awaitable<result<list_buckets_output>> client::list_buckets() const {
    return send(s3::list_buckets());
}

awaitable<result<std::string>> client::bucket_location(std::string bucket) const {
    return region_of(*this, std::move(bucket));
}

awaitable<result<std::vector<delete_outcome>>> client::delete_objects(
    std::string bucket, std::vector<std::string> keys) const {
    return delete_all(*this, std::move(bucket), std::move(keys));
}

paginator<list_objects_v2> client::list_objects(std::string bucket, std::string prefix) const {
    list_objects_v2 request(std::move(bucket));
    if (!prefix.empty()) request.prefix = std::move(prefix);
    return {*this, std::move(request)};
}

}  // namespace cairn::s3
