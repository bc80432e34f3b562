#pragma once

#include <cairn/s3/body.hpp>
#include <cairn/s3/config.hpp>
#include <cairn/s3/operations.hpp>
#include <cairn/s3/paginator.hpp>

#include <memory>
#include <string>
#include <vector>

namespace cairn::s3 {

struct client_core;
struct guards;
struct operation_table;

/// One key's end in `client::delete_objects`.
struct delete_outcome {
    delete_outcome(std::string key, result<deleted_object> outcome);
    std::string key;
    result<deleted_object> outcome;
};

/// An S3 client: a cheap handle to a pool of connections, copied by value.
///
/// Thread safety: safe to use from many coroutines and threads at once, all of one execution
/// context, since a pooled socket belongs to the context that opened it: make a client for each
/// `io_context`. Lifetime: connections live in the pool as long as a handle does; drop all handles
/// before the context they ran on.
/// Cancellation (every call): terminal, prompt; gives `canceled`, whose `effect` says whether a
/// change may have been made. A cancelled call's connection is closed, never pooled. Errors (every
/// call): a failed `result`, never an exception; see `cairn::errc`. Asio's own rule stands: in a
/// coroutine that has been cancelled, the next `co_await`, of whatever, throws `operation_aborted`.
class client {
  public:
    /// Fails with `invalid_configuration` when there is no provider of credentials, or the
    /// endpoint, region, a CA file or the pool's bound can't be used. Makes no request, and does
    /// not ask the provider: keys that are missing or wrong are told by the first call.
    static result<client> create(client_config config);
    /// A client as every AWS tool sets one up: `create(load_config())`.
    static result<client> from_environment();

    /// Sends one S3 operation, `put_object` for example, and gives its `output`.
    template <class Operation>
    awaitable<result<typename Operation::output>> send(Operation operation) const;

    /// @name The everyday forms
    /// @{
    awaitable<result<put_object_output>> put_object(std::string bucket, std::string key,
                                                    body::source body) const;
    awaitable<result<get_object_output>> get_object(std::string bucket, std::string key) const;
    awaitable<result<head_object_output>> head_object(std::string bucket, std::string key) const;
    awaitable<result<delete_object_output>> delete_object(std::string bucket,
                                                          std::string key) const;
    awaitable<result<copy_object_output>> copy_object(std::string from_bucket, std::string from_key,
                                                      std::string to_bucket,
                                                      std::string to_key) const;
    awaitable<result<create_bucket_output>> create_bucket(std::string bucket) const;
    awaitable<result<head_bucket_output>> head_bucket(std::string bucket) const;
    awaitable<result<delete_bucket_output>> delete_bucket(std::string bucket) const;
    awaitable<result<list_buckets_output>> list_buckets() const;
    /// The bucket's region; S3's empty answer is "us-east-1".
    awaitable<result<std::string>> bucket_location(std::string bucket) const;
    /// Deletes any number of keys, 1000 a request, and gives each one's outcome in the order of
    /// `keys`. A key that does not exist counts as deleted, as S3 has it. Keys that S3 refuses for
    /// now, by themselves, are tried again as a call that fails is, and no others with them.
    awaitable<result<std::vector<delete_outcome>>> delete_objects(
        std::string bucket, std::vector<std::string> keys) const;
    /// The pages of a listing, pulled one by one.
    paginator<list_objects_v2> list_objects(std::string bucket, std::string prefix = {}) const;
    /// @}

    /// The same client, its connections and credentials, with other guards: for one call, or for
    /// many. Quotas of retries and breakers stay what they are, unless `chosen` brings its own or
    /// has other options for a breaker.
    client with(s3::resilience chosen) const;
    /// Its guards, to be changed in part for `with`.
    const s3::resilience& resilience() const noexcept;
    /// Whether any call has succeeded, of this handle or another one of the same client: before, a
    /// failure is as likely to come of a wrong endpoint as of an outage.
    bool has_succeeded() const noexcept;

    /// The configuration it was made with.
    const client_config& config() const noexcept;

  private:
    client(std::shared_ptr<client_core> core, std::shared_ptr<const guards> guards)
        : core_(std::move(core)), guards_(std::move(guards)) {}
    // By value: the handle that `send` was called on may be gone before the operation starts.
    template <class Operation>
    static awaitable<result<typename Operation::output>> send_on(client self, Operation operation);
    awaitable<result<void>> run(const operation_table& table, const void* input,
                                void* output) const;

    std::shared_ptr<client_core> core_;
    std::shared_ptr<const guards> guards_;
};

}  // namespace cairn::s3
