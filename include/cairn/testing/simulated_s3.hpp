#pragma once

#include <cairn/auth/credentials.hpp>
#include <cairn/core/bytes.hpp>
#include <cairn/core/clock.hpp>
#include <cairn/testing/s3_fault.hpp>
#include <cairn/wire/transport.hpp>

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace cairn::testing {

/// What a simulated S3 is like.
struct simulated_s3_options {
    simulated_s3_options();

    /// Where the time of objects and the age of signatures come from; null for the machine's.
    std::shared_ptr<cairn::clock> clock;
    /// The region of every endpoint whose name has none in it.
    std::string region = "us-east-1";
    /// Whose requests are taken; all of one account. By default "simulated-access-key" and
    /// "simulated-secret-key".
    std::vector<auth::credentials> credentials;
    /// Hosts whose subdomains are buckets, besides AWS's own: "s3.example".
    std::vector<std::string> domains;
    /// What a part of a multipart upload has at least, unless it is the last one. Some servers take
    /// smaller ones than S3, which saves tests time.
    std::uint64_t least_part_bytes = 5ULL << 20U;
};

/// A request that a simulated S3 has had.
struct s3_log_entry {
    s3_log_entry() = default;

    std::string method;
    std::string target;     ///< As sent.
    std::string operation;  ///< "PutObject"; empty when S3 has no such operation.
    unsigned status = 0;    ///< Of the answer; 0: there was none.
};

/// A simulated S3 that listens on a loopback port until it is stopped or destroyed.
///
/// Lifetime: to be destroyed before the execution context of its executor.
/// Thread safety: as a pointer's; `stop` may come from any thread.
class s3_listener {
  public:
    s3_listener(s3_listener&&) noexcept = default;
    s3_listener& operator=(s3_listener&& other) noexcept;
    ~s3_listener();

    /// "http://127.0.0.1:PORT".
    std::string endpoint() const;
    /// Takes no more connections, and ends those that there are; one whose reply a fault delays,
    /// when its time has come.
    void stop() noexcept;

  private:
    friend class simulated_s3;
    struct state;
    explicit s3_listener(std::shared_ptr<state> s) : state_(std::move(s)) {}
    std::shared_ptr<state> state_;
};

/// S3 in memory, for tests, with S3's own rules: what S3 would refuse is refused with S3's answer,
/// and what this simulation has not is refused with `501 NotImplemented`, which names it.
///
/// It has buckets, objects, copies, tags, conditions, ranges, listings, versions, multipart
/// uploads, checksums, and Signature Version 4 in the `Authorization` header. Request ids and
/// version ids come from a counter, so that the same requests have the same answers.
///
/// ```cpp
/// cairn::testing::simulated_s3 s3;
/// s3.create_bucket("photos");
/// auto port = s3.listen(context.get_executor());
/// config.endpoint = port.endpoint();               // with the credentials of its options
/// s3.follow([](const auto& call) {                 // the third upload's reply is lost
///     return call.operation == "PutObject" && call.nth == 2 ? s3_fault::lost_reply() : s3_fault();
/// });
/// ```
///
/// A handle: copies are one S3. Thread-safe.
class simulated_s3 {
  public:
    explicit simulated_s3(const simulated_s3_options& options = {});

    /// Serves HTTP/1.1 on `stream` until the peer closes it, or asks to have it closed.
    /// Cancellation: ends the stream; a request that has come in whole may have been carried out.
    awaitable<void> serve(std::unique_ptr<wire::stream> stream) const;
    /// Serves on a free port of 127.0.0.1. Throws `boost::system::system_error` if there is none.
    s3_listener listen(asio::any_io_executor executor) const;

    /// Lets requests fail from now on as `plan` says; with a null one, none.
    void follow(s3_fault_plan plan) const;

    /// Makes a bucket in the simulation's region, as CreateBucket does; one that is there stays.
    /// Throws `std::invalid_argument` for a name that S3 doesn't take.
    void create_bucket(const std::string& name) const;
    /// The bytes of an object; nothing when there is none, or its newest version is a delete
    /// marker.
    std::optional<bytes> object(const std::string& bucket, const std::string& key) const;
    /// The keys of a bucket's objects, in S3's order.
    std::vector<std::string> keys(const std::string& bucket) const;
    /// Multipart uploads of a bucket that were neither completed nor aborted.
    std::size_t uploads(const std::string& bucket) const;
    /// All requests so far, in the order in which they were answered.
    std::vector<s3_log_entry> log() const;

  private:
    struct state;
    static awaitable<void> serve_all(std::shared_ptr<state> s,
                                     std::unique_ptr<wire::stream> stream);
    std::shared_ptr<state> state_;
};

}  // namespace cairn::testing
