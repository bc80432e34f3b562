#include "transfer/prefixes.hpp"

#include "core/cancellation.hpp"
#include "core/parallel.hpp"
#include "transfer/alone.hpp"
#include "transfer/copying.hpp"

#include <algorithm>
#include <functional>
#include <string_view>
#include <unordered_set>
#include <utility>

namespace cairn::transfer {
namespace {

awaitable<result<std::vector<std::string>>> list_keys(s3::client client,
                                                      s3::list_objects_v2 request) {
    std::vector<std::string> keys;
    s3::paginator<s3::list_objects_v2> pages(client, std::move(request));
    for (;;) {
        auto page = co_await pages.next();
        if (!page) co_return page.error();
        if (!*page) co_return keys;
        // A server may list one twice, where pages meet.
        for (auto& each : (*page)->contents)
            if (keys.empty() || keys.back() != each.key) keys.push_back(std::move(each.key));
    }
}

s3::list_objects_v2 sources_of(const s3::copy_object& object) {
    s3::list_objects_v2 request(object.copy_source.bucket);
    if (!object.copy_source.key.empty()) request.prefix = object.copy_source.key;
    request.request_payer = object.request_payer;
    request.expected_bucket_owner = object.expected_source_bucket_owner;
    return request;
}

// What is written where another source has yet to be read would take its place.
result<void> check_apart(const s3::copy_object& object, const std::vector<std::string>& keys) {
    const auto& from = object.copy_source;
    if (from.bucket != object.bucket || from.key == object.key) return {};
    const std::unordered_set<std::string_view> sources(keys.begin(), keys.end());
    const auto copy_of = [&](const std::string& key) {
        return object.key + key.substr(from.key.size());
    };
    const auto taker = std::ranges::find_if(
        keys, [&](const std::string& key) { return sources.contains(copy_of(key)); });
    if (taker == keys.end()) return {};
    return error(errc::invalid_argument, "\"" + *taker + "\" would replace \"" + copy_of(*taker) +
                                             "\", which is to be transferred, too")
        .hint("choose a destination that is not beneath the source, nor the source beneath it");
}

using transfer_one =
    std::function<awaitable<result<copy_output>>(const std::string& key, std::string to_key)>;

std::string path_of(const s3::copy_source& from, const std::string& key) {
    return "s3://" + from.bucket + "/" + key;
}

awaitable<result<void>> keep_outcome(const transfer_one& one, copy_outcome& of,
                                     std::string to_key) {
    auto work = one(of.key, std::move(to_key));
    auto ended = co_await std::move(work);
    of.outcome = std::move(ended);
    co_return result<void>();
}

// Whoever has cancelled is told what has become of each all the same.
awaitable<void> transfer_all(const context& in, const s3::copy_object& object,
                             const transfer_one& one, std::vector<copy_outcome>& outcomes) {
    const std::function<awaitable<result<void>>(std::size_t)> step = [&](std::size_t i) {
        const auto rest = outcomes[i].key.substr(object.copy_source.key.size());
        return keep_outcome(one, outcomes[i], object.key + rest);
    };
    try {
        co_await for_each_bounded(outcomes.size(), in.options.max_parts_at_once, step);
    } catch (const boost::system::system_error& e) {
        if (!is_cancellation(e)) throw;
    }
}

awaitable<result<std::vector<copy_outcome>>> transfer_beneath(std::shared_ptr<context> in,
                                                              const s3::copy_object& object,
                                                              std::string what, transfer_one one) {
    const auto& from = object.copy_source;
    if (from.version_id)
        co_return error(errc::invalid_argument, "a version is one object's, not a prefix's");
    auto keys = co_await list_keys(in->client(), sources_of(object));
    if (!keys) co_return keys.error();
    const auto apart = check_apart(object, *keys);
    if (!apart) co_return apart.error();
    std::vector<copy_outcome> outcomes;
    outcomes.reserve(keys->size());
    for (auto& key : *keys) {
        auto name = what;
        name.append(" ").append(path_of(from, key));
        outcomes.emplace_back(std::move(key), not_begun(std::move(name)));
    }
    co_await transfer_all(*in, object, one, outcomes);
    co_return outcomes;
}

copy copy_of(copy each, const std::string& key, std::string to_key) {
    each.object.copy_source.key = key;
    each.object.key = std::move(to_key);
    return each;
}

awaitable<result<std::vector<copy_outcome>>> copy_all(std::shared_ptr<context> in, copy each) {
    const transfer_one one = [&](const std::string& key, std::string to_key) {
        return copy_within_s3(in, copy_of(each, key, std::move(to_key)));
    };
    auto ended = co_await transfer_beneath(in, each.object, "copy", one);
    co_return ended;
}

awaitable<result<std::vector<copy_outcome>>> move_all(std::shared_ptr<context> in, move each) {
    const transfer_one one = [&](const std::string& key, std::string to_key) {
        return move_within_s3(in, move(copy_of(each.copy, key, std::move(to_key))));
    };
    auto ended = co_await transfer_beneath(in, each.copy.object, "move", one);
    co_return ended;
}

awaitable<result<std::vector<s3::delete_outcome>>> delete_all(s3::client client, std::string bucket,
                                                              std::string prefix) {
    s3::list_objects_v2 request(bucket);
    if (!prefix.empty()) request.prefix = std::move(prefix);
    auto keys = co_await list_keys(client, std::move(request));
    if (!keys) co_return keys.error();
    auto ended = co_await client.delete_objects(std::move(bucket), std::move(*keys));
    co_return ended;
}

}  // namespace

copy_outcome::copy_outcome(std::string k, result<copy_output> o)
    : key(std::move(k)), outcome(std::move(o)) {}

awaitable<result<std::vector<copy_outcome>>> copy_beneath(std::shared_ptr<context> in, copy each) {
    const auto& from = each.object.copy_source;
    auto name = "copy " + path_of(from, from.key);
    return run_alone(std::move(name), effect::not_applied,
                     copy_all(std::move(in), std::move(each)));
}

awaitable<result<std::vector<copy_outcome>>> move_beneath(std::shared_ptr<context> in, move each) {
    const auto& from = each.copy.object.copy_source;
    auto name = "move " + path_of(from, from.key);
    return run_alone(std::move(name), effect::not_applied,
                     move_all(std::move(in), std::move(each)));
}

awaitable<result<std::vector<s3::delete_outcome>>> delete_beneath(s3::client client,
                                                                  std::string bucket,
                                                                  std::string prefix) {
    auto name = "delete s3://" + bucket + "/" + prefix;
    return run_alone(std::move(name), effect::not_applied,
                     delete_all(std::move(client), std::move(bucket), std::move(prefix)));
}

}  // namespace cairn::transfer
