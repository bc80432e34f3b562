#include "transfer/read_object.hpp"

#include <cairn/checkpoint/s3_backing.hpp>

#include <cstdint>
#include <utility>

namespace cairn::checkpoint {
namespace {

class s3_objects final : public backing {
  public:
    s3_objects(s3::client client, std::string bucket)
        : client_(std::move(client)), bucket_(std::move(bucket)) {}

    awaitable<result<create_outcome>> create(std::string key, bytes data) override {
        s3::put_object request(bucket_, std::move(key));
        request.body = std::move(data);
        request.if_none_match = "*";
        const auto reply = co_await client_.send(std::move(request));
        if (reply) co_return create_outcome::created;
        if (reply.error().code() == errc::precondition_failed) co_return create_outcome::exists;
        if (reply.error().code() == errc::conflict) co_return create_outcome::contended;
        co_return reply.error();
    }

    awaitable<result<void>> put(std::string key, bytes data) override {
        const auto reply =
            co_await client_.put_object(bucket_, std::move(key), body::source(std::move(data)));
        if (!reply) co_return reply.error();
        co_return result<void>();
    }

    awaitable<result<bytes>> get(std::string key, std::size_t limit) override {
        s3::get_object request(bucket_, std::move(key));
        auto read = co_await transfer::read_object(client_, std::move(request), limit);
        if (!read) co_return unless_missing(read.error());
        co_return read;
    }

    awaitable<result<std::vector<std::string>>> list(std::string prefix, std::string start_after,
                                                     std::size_t limit) override {
        s3::list_objects_v2 request(bucket_);
        request.prefix = std::move(prefix);
        if (!start_after.empty()) request.start_after = start_after;
        request.max_keys = static_cast<std::int64_t>(limit);
        s3::paginator<s3::list_objects_v2> pages(client_, std::move(request));
        std::vector<std::string> keys;
        while (keys.size() < limit) {  // S3 may give fewer keys than asked for and have more
            auto page = co_await pages.next();
            if (!page) co_return page.error();
            if (!*page) break;
            for (auto& object : (*page)->contents) {
                const auto& last = keys.empty() ? start_after : keys.back();
                if (object.key <= last) co_return out_of_order(last, object.key);
                keys.push_back(std::move(object.key));
            }
        }
        if (keys.size() > limit) keys.resize(limit);
        co_return keys;
    }

    awaitable<result<std::vector<result<void>>>> remove(std::vector<std::string> keys) override {
        const auto reply = co_await client_.delete_objects(bucket_, std::move(keys));
        if (!reply) co_return reply.error();
        std::vector<result<void>> outcomes;
        for (const auto& one : *reply)
            outcomes.push_back(one.outcome ? result<void>() : result<void>(one.outcome.error()));
        co_return outcomes;
    }

    std::string location(std::string_view key) const override {
        return "s3://" + bucket_ + '/' + std::string(key);
    }

  private:
    // To the commit protocol `not_found` means that a slot is free. Only S3's word for a missing
    // key says so: not a missing bucket, a proxy's 404, or whatever else a server has a 404 for.
    static error unless_missing(error e) {
        if (e.code() != errc::not_found || e.s3_code() == "NoSuchKey") return e;
        const bool bucket = e.s3_code() == "NoSuchBucket";
        return e.code(make_error_code(bucket ? errc::invalid_configuration : errc::bad_request));
    }

    // The end of a log is found by the order of its keys, so an order of the server's own can't be
    // used.
    error out_of_order(const std::string& last, const std::string& key) const {
        error e(errc::malformed_reply, "the server lists " + key + " after " + last);
        e.operation("ListObjectsV2 s3://" + bucket_);
        e.hint("use a bucket that lists its keys in byte order");
        return e;
    }

    s3::client client_;
    std::string bucket_;
};

}  // namespace

std::shared_ptr<backing> s3_backing(s3::client client, std::string bucket) {
    return std::make_shared<s3_objects>(std::move(client), std::move(bucket));
}

}  // namespace cairn::checkpoint
