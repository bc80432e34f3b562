#include "s3/deletions.hpp"

#include <cairn/s3/client.hpp>

namespace cairn::s3 {
namespace {

// The client by value, as in `client::send_on`: the caller's handle may be gone before this starts.
awaitable<result<std::string>> region_of(client s3, std::string bucket) {
    const auto located = co_await s3.send(s3::get_bucket_location(std::move(bucket)));
    if (!located) co_return located.error();
    const auto region = located->location_constraint.value_or("");
    co_return region.empty() ? std::string("us-east-1") : region;
}

}  // namespace

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
