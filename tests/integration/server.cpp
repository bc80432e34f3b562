#include "integration/server.hpp"

#include "integration/server_traits.hpp"
#include "integration/through_faults.hpp"

#include <cairn/core/random.hpp>

#include <cstdlib>
#include <string_view>

namespace cairn::test {
namespace {

// Only what hangs takes that long.
constexpr auto patience = std::chrono::minutes(2);

std::string variable(const char* name) {
    const char* const value = std::getenv(name);
    return value ? value : "";
}

/// What sends a body's bytes, and leaves the body to its owner.
class lent_body final : public wire::body_source {
  public:
    explicit lent_body(wire::body_source& owned) : owned_(owned) {}

    std::uint64_t size() const noexcept override { return owned_.size(); }
    awaitable<result<asio::const_buffer>> next() override { return owned_.next(); }
    bool rewind() noexcept override { return owned_.rewind(); }
    std::optional<asio::const_buffer> in_memory() const noexcept override {
        return owned_.in_memory();
    }

  private:
    wire::body_source& owned_;
};

body::source lent(const body::source& body) {
    if (!body.get()) return {};
    return body::source(std::make_unique<lent_body>(*body.get()));
}

}  // namespace

const std::string& server_name() {
    static const std::string name = variable("CAIRN_TEST_SERVER");
    return name;
}

bool server_has_tls() {
    return server_scheme() == "https";
}

std::string server_scheme() {
    const auto endpoint = variable("AWS_ENDPOINT_URL_S3");
    return endpoint.substr(0, endpoint.find("://"));
}

std::uint16_t server_port() {
    const auto endpoint = variable("AWS_ENDPOINT_URL_S3");
    return static_cast<std::uint16_t>(std::stoul(endpoint.substr(endpoint.rfind(':') + 1)));
}

std::string endpoint_at(const std::string& host) {
    return endpoint_at(server_scheme(), host);
}

std::string endpoint_at(const std::string& scheme, const std::string& host) {
    return scheme + "://" + host + ":" + std::to_string(server_port());
}

bool server_takes_trailers() {
    return !find_lack(server_name(), false, "trailing_checksums.are_verified_and_kept");
}

bool server_notices_corruption() {
    return !find_lack(server_name(), false, "changing_bodies.are_caught_by_their_signature");
}

std::string name_of_test(const ::testing::TestInfo& test) {
    return std::string(test.test_suite_name()) + "." + test.name();
}

std::vector<std::string> names_of_all_tests() {
    std::vector<std::string> names;
    const auto& program = *::testing::UnitTest::GetInstance();
    for (int s = 0; s < program.total_test_suite_count(); ++s) {
        const auto& suite = *program.GetTestSuite(s);
        for (int t = 0; t < suite.total_test_count(); ++t)
            names.push_back(name_of_test(*suite.GetTestInfo(t)));
    }
    return names;
}

void leave_out_tests(const std::string& tests) {
    std::string filter = GTEST_FLAG_GET(filter);
    filter += filter.find('-') == std::string::npos ? "-" : ":";
    GTEST_FLAG_SET(filter, filter + tests);
}

std::string command_line(const std::string& variables, const std::string& tests) {
    return variables + " tests/servers/serve.py with " + server_name() +
           " -- build/debug/tests/integration --gtest_filter='" + tests + "'";
}

s3::client_config server_config() {
    auto config = s3::load_config().value();
    config.checksums.trailers = server_takes_trailers();
    if (!is_through_faults()) return config;
    keep_breaker_closed(config);
    config.resilience.retry->quota = std::make_shared<retry_quota>(1'000'000);
    return config;
}

void keep_breaker_closed(s3::client_config& config) {
    config.resilience.breaker->minimum_calls = 1000;
}

std::string new_bucket_name() {
    return "cairn-" + system_random()->hex(10);
}

server_test::server_test() : s3(connect(server_config())) {}

s3::client server_test::connect(s3::client_config config) {
    return s3::client::create(std::move(config)).value();
}

void server_test::SetUp() {
    bucket = create_bucket();
    const auto test = name_of_test(*::testing::UnitTest::GetInstance()->current_test_info());
    const auto* const known = find_lack(server_name(), server_has_tls(), test);
    if (!known) return;
    if (known->outcome == lack::how::varies)
        GTEST_SKIP() << server_name() << ", at times, " << known->reason;
    expected_.begin(std::string(known->reason));
}

void server_test::TearDown() {
    const bool expected = expected_.begun();
    const bool failed = expected_.end();
    for (const auto& name : buckets_) delete_bucket(name);
    if (!expected) return;
    if (!failed)
        FAIL() << server_name() << " passes a test that server_traits.cpp says it fails, for it "
               << expected_.reason() << ": remove it there";
    GTEST_SKIP() << server_name() << " " << expected_.reason();
}

void server_test::finish() {
    context.restart();
    context.run_for(patience);
    if (!context.stopped()) throw std::logic_error("the io_context is left with work");
}

std::string server_test::create_bucket() {
    auto name = new_bucket_name();
    good(s3.create_bucket(name));
    delete_later(name);
    return name;
}

// A refusal is not tried again, even that of a body that was corrupted on the way.
s3::put_object_output server_test::put(const std::string& key, body::source body) {
    dealing_with corruption(wire_fault::corrupt);
    for (;;) {
        auto stored = run(s3.put_object(bucket, key, lent(body)));
        if (stored || !corruption.struck()) return std::move(stored).value();
        EXPECT_EQ(stored.error().http_status(), 400u) << stored.error();
        body.get()->rewind();
    }
}

// Nor is the reading of a body, of which the caller may have used the beginning.
std::string server_test::get(const std::string& key) {
    dealing_with broken_bodies(wire_fault::cut_body);
    for (;;) {
        auto got = good(s3.get_object(bucket, key));
        auto read = run(got.body.read_all(256 * 1024 * 1024));
        if (read || !broken_bodies.struck()) return std::move(read).value();
        EXPECT_TRUE(is_error(read.error(), errc::connection_lost, effect::none,
                             {"GetObject", "of the reply's body"}));
    }
}

std::vector<std::string> server_test::keys_of(const std::string& bucket_name) {
    std::vector<std::string> keys;
    auto pages = s3.list_objects(bucket_name);
    while (const auto page = good(pages.next()))
        for (const auto& object : page->contents) keys.push_back(object.key);
    return keys;
}

// A server that is not done with a broken upload may still add to a bucket that was empty.
void server_test::delete_bucket(const std::string& name) {
    constexpr int patient = 100;
    for (int attempt = 0;; ++attempt) {
        if (!run(s3.head_bucket(name))) return;
        for (const auto& one : good(s3.delete_objects(name, keys_of(name))))
            EXPECT_TRUE(one.outcome) << one.outcome.error();
        const auto deleted = run(s3.delete_bucket(name));
        if (deleted) return;
        if (attempt == patient) FAIL() << deleted.error();
    }
}

::testing::AssertionResult is_error(const error& e, errc code, effect known,
                                    const std::vector<std::string>& subjects) {
    const auto line = e.what();
    if (e.code() != code)
        return ::testing::AssertionFailure()
               << "it is not \"" << make_error_code(code).message() << "\": " << line;
    if (!tells_effect(e, known))
        return ::testing::AssertionFailure()
               << "its effect is " << static_cast<int>(e.effect()) << ": " << line;
    for (const auto& subject : subjects)
        if (line.find(subject) == std::string::npos)
            return ::testing::AssertionFailure() << "it doesn't say '" << subject << "': " << line;
    return ::testing::AssertionSuccess();
}

std::string path_of(const std::string& bucket, const std::string& key) {
    return "s3://" + bucket + "/" + key;
}

std::string pattern(std::size_t size, unsigned seed) {
    std::string data(size, '\0');
    std::uint32_t state = seed * 2654435761u + 1;
    for (auto& c : data) {
        state = state * 1664525u + 1013904223u;
        c = static_cast<char>(state >> 24);
    }
    return data;
}

}  // namespace cairn::test
