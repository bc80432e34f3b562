#include "transfer/context.hpp"
#include "transfer/copying.hpp"
#include "transfer/downloading.hpp"
#include "transfer/etag.hpp"
#include "transfer/object_stream.hpp"
#include "transfer/prefixes.hpp"
#include "transfer/syncing.hpp"
#include "transfer/uploading.hpp"

#include <cairn/transfer/manager.hpp>

#include <utility>

namespace cairn::transfer {
namespace {

awaitable<result<opened_object>> open_reader(std::shared_ptr<context> in, s3::get_object request) {
    auto stream = co_await open_object(std::move(in), std::move(request));
    if (!stream) co_return stream.error();
    opened_object opened;
    opened.object = std::move(stream->object);
    opened.body = body::reader(std::move(stream->body));
    opened.is_verified = stream->is_verified;
    co_return opened;
}

}  // namespace

upload::upload(source from, std::string bucket, std::string key)
    : from(std::move(from)), object(std::move(bucket), std::move(key)) {}

download::download(std::string bucket, std::string key, std::filesystem::path to)
    : object(std::move(bucket), std::move(key)), to(std::move(to)) {}

copy::copy(std::string from_bucket, std::string from_key, std::string to_bucket, std::string to_key)
    : object(std::move(to_bucket), std::move(to_key),
             s3::copy_source(std::move(from_bucket), std::move(from_key))) {}

move::move(std::string from_bucket, std::string from_key, std::string to_bucket, std::string to_key)
    : copy(std::move(from_bucket), std::move(from_key), std::move(to_bucket), std::move(to_key)) {}

move::move(transfer::copy request) : copy(std::move(request)) {}

known_object::known_object(std::uint64_t size, std::string_view tag)
    : size_bytes(size), etag(in_quotes(tag)) {}

manager::manager(s3::client client) : manager(std::move(client), options()) {}

manager::manager(s3::client client, const options& chosen)
    : context_(std::make_shared<context>(std::move(client), chosen)) {}

awaitable<result<upload_output>> manager::send(upload request) const {
    return upload_source(context_, std::move(request));
}

awaitable<result<download_output>> manager::send(download request) const {
    return download_object(context_, std::move(request));
}

awaitable<result<copy_output>> manager::send(copy request) const {
    return copy_within_s3(context_, std::move(request));
}

awaitable<result<copy_output>> manager::send(move request) const {
    return move_within_s3(context_, std::move(request));
}

awaitable<result<std::vector<copy_outcome>>> manager::copy_prefix(copy each) const {
    return copy_beneath(context_, std::move(each));
}

awaitable<result<std::vector<copy_outcome>>> manager::move_prefix(move each) const {
    return move_beneath(context_, std::move(each));
}

awaitable<result<std::vector<s3::delete_outcome>>> manager::delete_prefix(
    std::string bucket, std::string prefix) const {
    return delete_beneath(context_->client(), std::move(bucket), std::move(prefix));
}

awaitable<result<sync_plan>> manager::plan(sync wanted) const {
    return plan_of(context_, std::move(wanted));
}

awaitable<result<sync_output>> manager::send(sync wanted) const {
    return sync_trees(context_, std::move(wanted));
}

awaitable<result<sync_output>> manager::send(sync wanted, sync_plan plan) const {
    return sync_trees(context_, std::move(wanted), std::move(plan));
}

awaitable<result<std::vector<s3::delete_outcome>>> manager::delete_objects(
    std::string bucket, std::vector<std::string> keys) const {
    return context_->client().delete_objects(std::move(bucket), std::move(keys));
}

awaitable<result<upload_output>> manager::upload_file(std::filesystem::path from,
                                                      std::string bucket, std::string key) const {
    return send(upload(source::file(std::move(from)), std::move(bucket), std::move(key)));
}

awaitable<result<upload_output>> manager::upload_file(std::filesystem::path from,
                                                      std::string bucket, std::string key,
                                                      on_progress hear) const {
    upload request(source::file(std::move(from)), std::move(bucket), std::move(key));
    request.on_progress = std::move(hear);
    return send(std::move(request));
}

awaitable<result<download_output>> manager::download_file(std::string bucket, std::string key,
                                                          std::filesystem::path to) const {
    return send(download(std::move(bucket), std::move(key), std::move(to)));
}

awaitable<result<download_output>> manager::download_file(std::string bucket, std::string key,
                                                          std::filesystem::path to,
                                                          on_progress hear) const {
    download request(std::move(bucket), std::move(key), std::move(to));
    request.on_progress = std::move(hear);
    return send(std::move(request));
}

awaitable<result<opened_object>> manager::open(s3::get_object request) const {
    return open_reader(context_, std::move(request));
}

awaitable<result<opened_object>> manager::open(std::string bucket, std::string key) const {
    return open(s3::get_object(std::move(bucket), std::move(key)));
}

const s3::client& manager::client() const noexcept {
    return context_->given;
}

}  // namespace cairn::transfer
