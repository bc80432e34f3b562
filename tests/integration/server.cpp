#include "integration/server.hpp"

#include "integration/server_traits.hpp"

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

std::string name_of_running_test() {
    const auto* const info = ::testing::UnitTest::GetInstance()->current_test_info();
    return std::string(info->test_suite_name()) + "." + info->name();
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

s3::client_config server_config() {
    return s3::load_config().value();
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
    const auto test = name_of_running_test();
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

s3::put_object_output server_test::put(const std::string& key, body::source body) {
    return good(s3.put_object(bucket, key, std::move(body)));
}

std::string server_test::get(const std::string& key) {
    auto got = good(s3.get_object(bucket, key));
    return good(got.body.read_all(256 * 1024 * 1024));
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
    if (e.effect() != known)
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
