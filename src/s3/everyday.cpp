#include "s3/service_error.hpp"

#include <cairn/s3/client.hpp>

#include <map>
#include <string_view>

namespace cairn::s3 {
namespace {

// S3's bound on one DeleteObjects request.
constexpr std::size_t keys_per_delete = 1000;

error key_error(const delete_objects_error& refused) {
    error e(meaning_of(refused.code.value_or(""), 0));
    e.operation = "DeleteObjects " + refused.key;
    e.s3_code = refused.code.value_or("");
    e.s3_message = refused.message.value_or("");
    e.effect = effect::not_applied;
    return e;
}

void settle(std::vector<delete_outcome>& outcomes, std::size_t begin, std::size_t end,
            const delete_objects_output& answer) {
    std::map<std::string_view, result<deleted_object>> by_key;
    for (const auto& gone : answer.deleted) by_key.insert_or_assign(gone.key, gone);
    for (const auto& refused : answer.errors)
        by_key.insert_or_assign(refused.key, key_error(refused));
    for (auto i = begin; i < end; ++i)
        if (const auto found = by_key.find(outcomes[i].key); found != by_key.end())
            outcomes[i].outcome = found->second;
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
    const auto located = co_await send(s3::get_bucket_location(std::move(bucket)));
    if (!located) co_return located.error();
    const auto region = located->location_constraint.value_or("");
    co_return region.empty() ? std::string("us-east-1") : region;
}

awaitable<result<std::vector<delete_outcome>>> client::delete_objects(
    std::string bucket, std::vector<std::string> keys) const {
    std::vector<delete_outcome> outcomes;
    outcomes.reserve(keys.size());
    for (auto& key : keys)
        outcomes.emplace_back(std::move(key),
                              error(errc::malformed_reply, "the reply does not mention this key"));
    for (std::size_t begin = 0; begin < outcomes.size(); begin += keys_per_delete) {
        const auto end = std::min(begin + keys_per_delete, outcomes.size());
        std::vector<std::string> chunk;
        for (auto i = begin; i < end; ++i) chunk.push_back(outcomes[i].key);
        const auto answer = co_await send(s3::delete_objects(bucket, chunk));
        if (answer)
            settle(outcomes, begin, end, *answer);
        else if (answer.error().code == errc::canceled)
            co_return answer.error();
        else
            for (auto i = begin; i < end; ++i) outcomes[i].outcome = answer.error();
    }
    co_return std::move(outcomes);
}

paginator<list_objects_v2> client::list_objects(std::string bucket, std::string prefix) const {
    list_objects_v2 request(std::move(bucket));
    if (!prefix.empty()) request.prefix = std::move(prefix);
    return paginator<list_objects_v2>(*this, std::move(request));
}

}  // namespace cairn::s3
