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
    auto read = result<std::string>(error(errc::canceled));
    for (auto left = tries_of(client); left > 0; --left) {
        auto got = co_await client.send(request);
        if (!got) co_return got.error();
        read = co_await got->body.read_all(limit_bytes);
        const bool is_lost = !read && classify(read.error()).retry != retryability::none;
        if (!is_lost) break;
    }
    co_return read;
}

}  // namespace cairn::transfer
