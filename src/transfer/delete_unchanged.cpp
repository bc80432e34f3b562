#include "core/cancellation.hpp"

#include <cairn/transfer/delete_unchanged.hpp>

#include <boost/asio/this_coro.hpp>

#include <utility>

namespace cairn::transfer {
namespace {

s3::delete_object deletion(const s3::head_object& object) {
    s3::delete_object request(object.bucket, object.key);
    request.version_id = object.version_id;
    request.request_payer = object.request_payer;
    request.expected_bucket_owner = object.expected_bucket_owner;
    return request;
}

bool is_gone(const result<s3::head_object_output>& found) {
    return !found && found.error().code() == errc::not_found;
}

}  // namespace

awaitable<result<void>> delete_unchanged(s3::client client, s3::head_object object) {
    if (!object.if_match && !object.version_id)
        co_return error(errc::invalid_argument, "nothing says what the object has to be")
            .effect(effect::not_applied)
            .hint("set if_match, to the ETag that it had, or version_id");
    auto look = object;
    const auto same = co_await client.send(std::move(look));
    if (is_gone(same)) co_return result<void>();
    if (!same) co_return error(same.error()).effect(effect::not_applied);
    auto request = deletion(object);
    // A version is never replaced, and S3 takes no condition on one.
    if (!request.version_id) request.if_match = object.if_match;
    auto deleted = co_await client.send(std::move(request));
    if (!deleted && deleted.error().http_status() == 501) {
        auto unconditional = deletion(object);
        deleted = co_await client.send(std::move(unconditional));
    }
    if (deleted || deleted.error().code() == errc::not_found) co_return result<void>();
    const auto state = co_await asio::this_coro::cancellation_state;
    if (deleted.error().effect() != effect::unknown || is_cancelled(state))
        co_return deleted.error();
    const auto left = co_await client.send(std::move(object));
    if (is_gone(left)) co_return result<void>();
    co_return deleted.error();
}

}  // namespace cairn::transfer
