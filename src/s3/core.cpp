#include "s3/core.hpp"

namespace cairn::s3 {
namespace {

// What is forgotten is learned again, by one more request.
constexpr std::size_t max_buckets = 1024;
constexpr std::size_t max_regions = 64;

}  // namespace

regional::regional(std::string name, s3::site where)
    : region(std::move(name)), site(std::move(where)), signer(region, "s3") {}

client_core::client_core(client_config c, s3::site where,
                         std::shared_ptr<wire::connection_pool> connections)
    : config(std::move(c)),
      home(config.region, std::move(where)),
      pool(std::move(connections)),
      by_bucket_(max_buckets),
      by_region_(max_regions) {}

std::shared_ptr<const regional> client_core::elsewhere(std::string_view bucket) {
    return by_bucket_.find(bucket);
}

std::shared_ptr<const regional> client_core::learn(std::string_view bucket,
                                                   const std::string& region) {
    auto place = by_region_.find_or(
        region, [&] { return std::make_shared<const regional>(region, home.site.in(region)); });
    by_bucket_.set(bucket, place);
    return place;
}

}  // namespace cairn::s3
