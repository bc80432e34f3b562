#include "integration/through_faults.hpp"

#include "integration/server.hpp"
#include "support/fault_proxy.hpp"

#include <cairn/core/bytes.hpp>

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/post.hpp>

#include <cstdlib>
#include <future>
#include <iostream>
#include <map>
#include <memory>
#include <thread>
#include <utility>

namespace cairn::test {
namespace {

constexpr const char* variable = "CAIRN_TEST_FAULTS";
constexpr unsigned default_percent = 20;
// Half of the calls that fail open a client's circuit breaker.
constexpr unsigned max_percent = 40;

struct wanted_faults {
    std::uint64_t seed = 0;
    unsigned percent = default_percent;
};

wanted_faults read_variable() {
    // NOLINTNEXTLINE(concurrency-mt-unsafe): no other thread is there yet.
    const std::string text = std::getenv(variable);
    const auto colon = text.find(':');
    const auto seed = parse_u64(text.substr(0, colon));
    const auto percent =
        colon == text.npos ? default_percent : parse_u64(text.substr(colon + 1)).value_or(0);
    if (!seed || percent < 1 || percent > max_percent)
        throw std::invalid_argument(std::string(variable) + " is '" + text +
                                    "': it is to be SEED or SEED:PERCENT, of at most " +
                                    std::to_string(max_percent) + " percent");
    return {*seed, static_cast<unsigned>(percent)};
}

/// The proxy, on a thread of its own: a test's context has to be empty when its calls have ended.
class passage {
  public:
    explicit passage(wanted_faults wanted)
        : wanted_(wanted),
          proxy_(context_, server_port(), schedule_for(wanted)),
          thread_([this] { context_.run(); }) {}
    ~passage() {
        on_thread([this] { proxy_.stop(); });
        work_.reset();
    }
    passage(const passage&) = delete;
    passage& operator=(const passage&) = delete;

    std::string endpoint() const { return proxy_.endpoint(); }
    std::string setting() const {
        return std::string(variable) + "=" + std::to_string(wanted_.seed) + ":" +
               std::to_string(wanted_.percent);
    }

    /// From then on what happens is the same, whichever tests have run before.
    void begin_test(const std::string& name) {
        on_thread([&] {
            proxy_.schedule().restart(name);
            begin_ = proxy_.events().size();
        });
    }
    void let_in(wire_fault what) {
        on_thread([&] { proxy_.schedule().let_in(what); });
    }
    void leave_out(wire_fault what) {
        on_thread([&] { proxy_.schedule().leave_out(what); });
    }
    /// How often each kind has struck, in this test or in all.
    std::map<wire_fault, std::size_t> strikes_in_test() { return strikes_since(begin_); }
    std::map<wire_fault, std::size_t> strikes() { return strikes_since(0); }
    bool broke_a_write_in_test() {
        bool broke = false;
        on_thread([&] {
            for (auto i = begin_; i < proxy_.events().size(); ++i) {
                const auto& e = proxy_.events()[i];
                broke = broke || (e.struck && breaks(e.what) && !e.request.starts_with("GET ") &&
                                  !e.request.starts_with("HEAD "));
            }
        });
        return broke;
    }
    void print_strikes_in_test() {
        on_thread([&] {
            for (auto i = begin_; i < proxy_.events().size(); ++i)
                if (const auto& e = proxy_.events()[i]; e.struck)
                    std::cout << name_of(e.what) << " " << e.request << "\n";
        });
    }

  private:
    static fault_schedule schedule_for(wanted_faults wanted) {
        fault_schedule made(wanted.seed, wanted.percent);
        made.keep_to_mendable();
        return made;
    }
    std::map<wire_fault, std::size_t> strikes_since(std::size_t begin) {
        std::map<wire_fault, std::size_t> counted;
        on_thread([&] {
            for (auto i = begin; i < proxy_.events().size(); ++i)
                if (const auto& e = proxy_.events()[i]; e.struck) ++counted[e.what];
        });
        return counted;
    }
    template <class Work>
    void on_thread(Work work) {
        std::promise<void> done;
        asio::post(context_, [&] {
            work();
            done.set_value();
        });
        done.get_future().wait();
    }

    const wanted_faults wanted_;
    asio::io_context context_;
    asio::executor_work_guard<asio::io_context::executor_type> work_{context_.get_executor()};
    fault_proxy proxy_;
    std::size_t begin_ = 0;  ///< The test's first event.
    std::jthread thread_;
};

std::unique_ptr<passage>& the_passage() {
    static std::unique_ptr<passage> made;
    return made;
}

/// Gives each test faults of its own, and shows them when it fails.
class faults_by_test : public ::testing::EmptyTestEventListener {
  public:
    void OnTestStart(const ::testing::TestInfo& test) override {
        the_passage()->begin_test(name_of_test(test));
    }
    void OnTestEnd(const ::testing::TestInfo& test) override {
        if (!test.result()->Failed()) return;
        the_passage()->print_strikes_in_test();
        std::cout << "again: " << command_line(the_passage()->setting(), name_of_test(test))
                  << "\n";
    }
};

/// Expects faults of each kind when all tests have run.
class faults_of_all_tests : public ::testing::Environment {
  public:
    explicit faults_of_all_tests(bool all_tests) : all_tests_(all_tests) {}

    void SetUp() override {
        for (const auto& each : tests_left_out_by_faults())
            std::cout << "left out: " << each.tests << ", which " << each.why << "\n";
    }
    void TearDown() override {
        auto strikes = the_passage()->strikes();
        const auto setting = the_passage()->setting();
        std::cout << setting << ":";
        for (const auto& [what, count] : strikes) std::cout << " " << count << " " << name_of(what);
        std::cout << "\n";
        if (!all_tests_) return;
        for (const auto what : kinds())
            EXPECT_GT(strikes[what], 0u) << name_of(what) << " never happened with " << setting;
    }

  private:
    static std::vector<wire_fault> kinds() {
        std::vector<wire_fault> all{wire_fault::refuse,    wire_fault::cut_request,
                                    wire_fault::twice,     wire_fault::lose_reply,
                                    wire_fault::cut_reply, wire_fault::cut_body,
                                    wire_fault::delay};
        if (server_notices_corruption()) all.push_back(wire_fault::corrupt);
        return all;
    }

    const bool all_tests_;
};

}  // namespace

const std::vector<test_left_out>& tests_left_out_by_faults() {
    static const std::vector<test_left_out> all{
        {"uploads.*", "sends requests of its own, each once"},
        {"versions.*", "sends requests of its own, each once"},
        {"multipart.lists_*upload*", "counts uploads, of which a lost reply leaves another"},
        {"ended_transfers.*", "counts uploads, of which a lost reply leaves another"},
        {"conditions_of_large_uploads.*", "sends a body that can be read only once"},
        {"virtual_hosts.*", "reaches the server by another name, past the proxy"},
        {"http_ports.*", "speaks TLS, which the proxy can't read"},
        {"http_faults/*", "has a proxy of its own"},
        {"cancellation.*", "counts turns of the context, and connections"},
        {"many_calls.reuse_their_connections", "counts connections"},
        {"many_calls.that_fail_share_connections_too", "counts connections"},
        {"refusals.leave_the_connection_in_use", "counts connections"},
        {"objects.that_do_not_exist_are_named", "counts attempts"},
        {"refusals.a_clock_that_is_a_day_*", "turns retries off"},
        {"refusals.another_region", "turns retries off"},
        {"bodies.of_any_size_take_little_memory", "measures memory, of which the proxy takes some"},
    };
    return all;
}

bool is_through_faults() {
    return the_passage() != nullptr;
}

void go_through_faults_if_told() {
    // NOLINTNEXTLINE(concurrency-mt-unsafe): no other thread is there yet.
    if (!std::getenv(variable)) return;
    if (server_has_tls())
        throw std::invalid_argument(std::string(variable) +
                                    " needs a server in the clear: the proxy reads requests");
    the_passage() = std::make_unique<passage>(read_variable());
    // NOLINTNEXTLINE(concurrency-mt-unsafe): the proxy's thread reads no variables.
    setenv("AWS_ENDPOINT_URL_S3", the_passage()->endpoint().c_str(), 1);
    const bool all_tests = GTEST_FLAG_GET(filter) == std::string("*");
    for (const auto& each : tests_left_out_by_faults()) leave_out_tests(each.tests);
    ::testing::UnitTest::GetInstance()->listeners().Append(new faults_by_test);
    ::testing::AddGlobalTestEnvironment(new faults_of_all_tests(all_tests));
}

bool tells_effect(const error& e, effect known) {
    if (e.effect() == known) return true;
    const bool forgotten = known == effect::not_applied && e.effect() == effect::unknown;
    return forgotten && e.attempts() > 1 && is_through_faults() &&
           the_passage()->broke_a_write_in_test();
}

dealing_with::dealing_with(wire_fault what) : what_(what) {
    if (is_through_faults()) the_passage()->let_in(what_);
    known_ = strikes();
}

// Nothing is caught here: what throws, fails the test program.
dealing_with::~dealing_with() {  // NOLINT(bugprone-exception-escape)
    if (is_through_faults()) the_passage()->leave_out(what_);
}

bool dealing_with::struck() {
    const auto before = std::exchange(known_, strikes());
    return known_ > before;
}

std::size_t dealing_with::strikes() const {
    if (!is_through_faults()) return 0;
    return the_passage()->strikes_in_test()[what_];
}

}  // namespace cairn::test
