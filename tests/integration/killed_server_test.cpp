#include "integration/ledger.hpp"
#include "integration/server.hpp"

#include <cstdlib>
#include <iostream>

namespace cairn::test {
namespace {

using std::chrono::milliseconds;

constexpr int writers = 6;
constexpr std::size_t max_object_bytes = 200'000;

/// Writes objects and checkpoints without a pause for as long as it is wanted to.
class writer {
  public:
    writer(int number, s3::client client, std::string bucket)
        : told_(std::move(bucket), "w" + std::to_string(number)),
          s3_(std::move(client)),
          dice_(static_cast<unsigned>(number)) {}

    awaitable<void> write(const int& wanted, int& acknowledged) {
        thread_.emplace((co_await told_.open_thread(s3_)).value());
        for (int n = 0; acknowledged < wanted; ++n) {
            const bool done = co_await write_one(n);
            if (!done) continue;
            ++acknowledged;
            // For whoever kills the server.
            std::cout << "acknowledged " << acknowledged << std::endl;
        }
    }

    const ledger& told() const noexcept { return told_; }
    int failures() const noexcept { return failures_; }

  private:
    awaitable<bool> write_one(int n) {
        if (n % 3 == 0) return save(n);
        return put(n % 3 == 1);
    }

    awaitable<bool> put(bool conditional) {
        object_record made;
        made.size = dice_() % max_object_bytes;
        made.seed = static_cast<unsigned>(dice_());
        const auto key = told_.new_key();
        const auto content = made.content();
        s3::put_object request(told_.bucket(), key);
        request.body = body::view(content);
        if (conditional) request.if_none_match = "*";
        const auto done = co_await s3_.send(std::move(request));
        if (done)
            told_.put(key, made);
        else
            told_.put_failed(key, made, done.error());
        if (!done) co_await failed(done.error());
        co_return done.has_value();
    }

    awaitable<bool> save(int n) {
        auto draft = ledger::draft_of(n);
        const auto done = co_await thread_->save(std::move(draft));
        if (done) {
            told_.saved(n, *done);
            co_return true;
        }
        told_.save_failed(n, done.error());
        co_await failed(done.error());
        // What the log holds now is what the next save builds on.
        for (;;) {
            const auto latest = co_await thread_->load();
            if (latest || latest.error().code() == errc::checkpoint_not_found) co_return false;
            co_await failed(latest.error());
        }
    }

    /// What a server that is down may come to; waits as long as the breaker has said.
    awaitable<void> failed(error e) {
        ++failures_;
        const auto code = e.code() == errc::commit_state_unknown ? e.cause() : e.code();
        const bool expected = code == errc::connect_failed || code == errc::connection_lost ||
                              code == errc::circuit_open;
        EXPECT_TRUE(expected) << "no server that was killed fails so: " << e;
        const auto time = s3_.config().clock;
        co_await time->sleep_until(time->now() + e.retry_after());
    }

    ledger told_;
    const s3::client s3_;
    std::mt19937_64 dice_;
    std::optional<checkpoint::thread> thread_;
    int failures_ = 0;
};

class killed_server : public server_test {
  protected:
    /// How many acknowledged writes there are to be; 0 when nobody kills the server.
    static int wanted() {
        const char* const given = std::getenv("CAIRN_TEST_ACKNOWLEDGED_WRITES");
        return given ? std::stoi(given) : 0;
    }

    /// The default guards, but a breaker that looks again sooner.
    s3::client client() {
        auto config = server_config();
        config.resilience.attempt_timeout = std::chrono::seconds(10);
        config.resilience.breaker->open_for = milliseconds(200);
        config.resilience.breaker->max_open_for = milliseconds(400);
        return connect(std::move(config));
    }

    awaitable<bool> checked(const ledger& told) {
        co_await told.check(s3);
        co_return true;
    }
};

TEST_F(killed_server, loses_nothing_that_it_acknowledged) {
    if (!wanted()) GTEST_SKIP() << "killed_server_test.py runs it, which kills the server";
    std::vector<std::unique_ptr<writer>> all_writers;
    all_writers.reserve(writers);
    const auto guarded = client();
    for (int i = 0; i < writers; ++i)
        all_writers.push_back(std::make_unique<writer>(i, guarded, bucket));

    const int enough = wanted();
    int acknowledged = 0;
    const auto write_to_end = [&](writer& one) -> awaitable<int> {
        co_await one.write(enough, acknowledged);
        co_return one.failures();
    };
    std::vector<awaitable<int>> work;
    work.reserve(writers);
    for (const auto& one : all_writers) work.push_back(write_to_end(*one));
    int failures = 0;
    for (const int failed : all(std::move(work))) failures += failed;

    std::size_t saves = 0;
    std::size_t objects = 0;
    for (const auto& one : all_writers) {
        run(checked(one->told()));
        saves += one->told().saves();
        objects += one->told().objects().size();
    }
    EXPECT_GT(failures, 0) << "the server was never missed";
    std::cout << objects << " objects and " << saves << " checkpoints, " << failures
              << " failed calls" << std::endl;
}

}  // namespace
}  // namespace cairn::test
