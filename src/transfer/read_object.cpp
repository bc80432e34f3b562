#include "transfer/read_object.hpp"

#include <cairn/resilience/classify.hpp>

#include <utility>

namespace cairn::transfer {
namespace {

unsigned tries_of(const s3::client& client) {
    const auto& retry = client.resilience().retry;
    return retry ? retry->max_attempts : 1;
}

}  // namespace

awaitable<result<std::string>> read_object(s3::client client, s3::get_object request,
                                           std::size_t limit_bytes) {
    for (auto left = tries_of(client);; --left) {
        auto again = request;
        auto got = co_await client.send(std::move(again));
        if (!got) co_return got.error();
        auto read = co_await got->body.read_all(limit_bytes);
        const bool is_lost = !read && classify(read.error()).retry != retryability::none;
        if (!is_lost || left <= 1) co_return read;
    }
}

}  // namespace cairn::transfer
