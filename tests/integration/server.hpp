#pragma once

#include "integration/expected_failure.hpp"
#include "integration/local_transport.hpp"

#include <cairn/s3/client.hpp>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <exception>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

/// What tests on a real S3 server share. `serve.py` starts the server and says where it is.
namespace cairn::test {

/// The name of the server that the tests run on: "ceph", ...
const std::string& server_name();
/// Whether it is reached over TLS.
bool server_has_tls();
/// A client's configuration as the environment has it; a failure throws.
s3::client_config server_config();
/// For a client of the fault proxy: of many calls at once, those that are broken end first, which
/// is an outage by all that a breaker knows.
void keep_breaker_closed(s3::client_config& config);
/// "http" or "https", the server's port, and an endpoint of another host on that port.
std::string server_scheme();
std::uint16_t server_port();
std::string endpoint_at(const std::string& host);
std::string endpoint_at(const std::string& scheme, const std::string& host);
/// Whether a checksum may follow the body that it is of.
bool server_takes_trailers();
/// Whether the server refuses a body that is not the one that was signed.
bool server_notices_corruption();
/// The name by which `--gtest_filter` knows a test.
std::string name_of_test(const ::testing::TestInfo& test);
std::vector<std::string> names_of_all_tests();
/// Has tests not run, by their names as `--gtest_filter` has them.
void leave_out_tests(const std::string& tests);
/// The line that runs tests again, with environment variables ("NAME=value").
std::string command_line(const std::string& variables, const std::string& tests);
/// A name that is not yet a bucket's.
std::string new_bucket_name();

/// An `io_context` that has to be empty whenever a call has ended, a client, and buckets of this
/// test's own that go with it. On real time: whatever hangs fails after a few minutes.
class server_test : public ::testing::Test {
  protected:
    server_test();

    void SetUp() override;
    void TearDown() override;

    /// Runs `work`, and all that it leaves behind, to the end. Rethrows what it throws.
    template <class T>
    T run(awaitable<T> work) {
        std::optional<T> value;
        std::exception_ptr failed;
        asio::co_spawn(context, std::move(work), [&](std::exception_ptr e, T v) {
            failed = e;
            value.emplace(std::move(v));
        });
        finish();
        if (failed) std::rethrow_exception(failed);
        return std::move(*value);
    }

    /// What `work` gives; an error fails the test.
    template <class T>
    T good(awaitable<result<T>> work) {
        return run(std::move(work)).value();
    }
    void good(awaitable<result<void>> work) { run(std::move(work)).value(); }

    /// The error that `work` gives; success fails the test.
    template <class T>
    error bad(awaitable<result<T>> work) {
        const auto ended = run(std::move(work));
        if (ended) throw std::logic_error("it was to fail, and succeeded");
        return ended.error();
    }

    /// Runs all of them at once, and gives what each gave, in their order.
    template <class T>
    std::vector<T> all(std::vector<awaitable<T>> work) {
        std::vector<std::optional<T>> values(work.size());
        std::exception_ptr failed;
        for (std::size_t i = 0; i < work.size(); ++i)
            asio::co_spawn(context, std::move(work[i]), [&, i](std::exception_ptr e, T v) {
                if (e) failed = e;
                values[i].emplace(std::move(v));
            });
        finish();
        if (failed) std::rethrow_exception(failed);
        std::vector<T> given;
        for (auto& v : values) given.push_back(std::move(*v));
        return given;
    }

    /// Runs the context until nothing is left to do.
    void finish();

    /// A client of its own, with its own pool.
    static s3::client connect(s3::client_config config);

    /// Creates a bucket, which TearDown deletes with all that is in it.
    std::string create_bucket();
    /// Has TearDown delete this bucket too, if it exists then.
    void delete_later(std::string name) { buckets_.push_back(std::move(name)); }
    /// Stores an object; a failure fails the test.
    s3::put_object_output put(const std::string& key, body::source body);
    /// What is stored; a failure fails the test.
    std::string get(const std::string& key);
    /// The keys of a bucket, in the order that the server lists them.
    std::vector<std::string> keys_of(const std::string& bucket_name);

    asio::io_context context;
    s3::client s3;
    std::string bucket;  ///< Made for this test.

  private:
    void delete_bucket(const std::string& name);

    std::vector<std::string> buckets_;
    expected_failure expected_;
};

/// Expects of a failed call what every error promises: its meaning, what it did, and a line that
/// names `subjects`.
::testing::AssertionResult is_error(const error& e, errc code, effect known,
                                    const std::vector<std::string>& subjects);

/// The object's path in an error's text.
std::string path_of(const std::string& bucket, const std::string& key);

/// `size` bytes that differ from place to place.
std::string pattern(std::size_t size, unsigned seed = 0);

}  // namespace cairn::test
