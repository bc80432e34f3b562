#include "support/scratch.hpp"

#include <cairn/auth/providers.hpp>
#include <cairn/testing/simulated_s3.hpp>
#include <cairn/transfer.hpp>

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/strand.hpp>
#include <boost/asio/thread_pool.hpp>
#include <boost/asio/use_future.hpp>
#include <gmock/gmock.h>

#include <filesystem>
#include <fstream>
#include <future>
#include <iterator>
#include <thread>
#include <vector>

// One manager, its budgets and its threads, used from several threads at once: on real ones, for
// the thread sanitizer.
namespace cairn::transfer {
namespace {

constexpr std::size_t part_bytes = 10'000;
constexpr std::size_t object_bytes = 5 * part_bytes + 123;
constexpr int transfers_at_once = 6;
constexpr unsigned runners = 4;

class transfers_on_threads : public ::testing::Test {
  protected:
    transfers_on_threads() {
        s3_.create_bucket("bucket");
        s3::client_config config(auth::static_credentials(
            auth::credentials("simulated-access-key", secret("simulated-secret-key"))));
        config.endpoint = port_.endpoint();
        options o;
        o.part_size_bytes = o.multipart_threshold_bytes = part_bytes;
        o.copy_threshold_bytes = part_bytes;
        o.max_parts_at_once = 4;
        // So little that all wait for each other.
        o.upload_memory_bytes = o.download_memory_bytes = 3 * part_bytes;
        shared_.emplace(s3::client::create(std::move(config)).value(), o);
    }
    ~transfers_on_threads() override {
        shared_.reset();
        port_.stop();
    }

    static std::string content(int n) {
        std::string data(object_bytes, '\0');
        auto state = static_cast<std::uint32_t>(n + 1);
        for (auto& c : data) c = static_cast<char>((state = state * 1664525U + 1013904223U) >> 24U);
        return data;
    }
    std::filesystem::path at(const std::string& name) const { return directory_.path() / name; }

    /// Sends a file, copies it, and reads the copy as a file and as a stream; what went wrong.
    static awaitable<result<void>> there_and_back(manager m, std::filesystem::path in, int n) {
        const auto key = std::to_string(n);
        const auto data = content(n);
        const auto source_path = in / ("source" + key);
        std::ofstream(source_path, std::ios::binary) << data;
        const auto sent = co_await m.upload_file(source_path, "bucket", key);
        if (!sent) co_return sent.error();
        auto copying = copy("bucket", key, "bucket", "copy" + key);
        copying.part_size_bytes = part_bytes;
        const auto copied = co_await m.send(std::move(copying));
        if (!copied) co_return copied.error();
        auto opened = co_await m.open("bucket", "copy" + key);
        if (!opened) co_return opened.error();
        upload piped(source::stream(std::move(opened->body)), "bucket", "piped" + key);
        const auto stored = co_await m.send(std::move(piped));
        if (!stored) co_return stored.error();
        download back("bucket", "piped" + key, in / ("out" + key));
        back.sync = false;
        const auto got = co_await m.send(std::move(back));
        if (!got) co_return got.error();
        std::ifstream file(in / ("out" + key), std::ios::binary);
        const std::string read{std::istreambuf_iterator<char>(file), {}};
        if (read != data) co_return error(errc::malformed_reply, key + " has changed");
        co_return result<void>();
    }

    /// All of them at once, each on the executor that `on` gives.
    template <class On>
    std::vector<std::future<result<void>>> start_all(On on) {
        std::vector<std::future<result<void>>> ends;
        for (int n = 0; n < transfers_at_once; ++n)
            ends.push_back(asio::co_spawn(on(), there_and_back(*shared_, directory_.path(), n),
                                          asio::use_future));
        return ends;
    }
    void expect_done(std::vector<std::future<result<void>>> ends) const {
        for (auto& each : ends) {
            const auto end = each.get();
            EXPECT_TRUE(end) << end.error();
        }
        EXPECT_EQ(s3_.keys("bucket").size(), 3u * transfers_at_once);
        EXPECT_EQ(s3_.uploads("bucket"), 0u);
    }

    test::scratch_directory directory_;
    // The server's own thread.
    asio::thread_pool serving_{1};
    testing::simulated_s3 s3_ = with_small_parts();
    testing::s3_listener port_ = s3_.listen(serving_.get_executor());
    std::optional<manager> shared_;

  private:
    static testing::simulated_s3 with_small_parts() {
        testing::simulated_s3_options rules;
        rules.least_part_bytes = 1;
        return testing::simulated_s3(rules);
    }
};

TEST_F(transfers_on_threads, of_one_context_share_a_manager) {
    asio::io_context context;
    auto ends = start_all([&] { return context.get_executor(); });
    {
        std::vector<std::jthread> threads;
        for (unsigned i = 0; i < runners; ++i) threads.emplace_back([&] { context.run(); });
    }
    expect_done(std::move(ends));
    shared_.reset();
}

TEST_F(transfers_on_threads, of_a_pool_share_a_manager) {
    asio::thread_pool pool(runners);
    expect_done(start_all([&] { return pool.get_executor(); }));
    shared_.reset();
    pool.join();
}

TEST_F(transfers_on_threads, each_on_a_strand_share_a_manager) {
    asio::thread_pool pool(runners);
    expect_done(start_all([&] { return asio::make_strand(pool); }));
    shared_.reset();
    pool.join();
}

// Its listings and removals run on the manager's threads, its transfers on all of the pool's.
TEST_F(transfers_on_threads, trees_are_made_alike) {
    asio::thread_pool pool(runners);
    for (const std::string folder : {"tree", "back"}) std::filesystem::create_directory(at(folder));
    std::ofstream(at("back") / "extra") << "extra";
    for (int n = 0; n < transfers_at_once; ++n)
        std::ofstream(at("tree") / std::to_string(n), std::ios::binary) << content(n);
    const auto to_s3 = sync(tree::folder(at("tree")), tree::prefix("bucket", "t"));
    auto back = sync(tree::prefix("bucket", "t"), tree::folder(at("back")));
    back.rules.remove_extra = true;
    for (auto what : {to_s3, back}) {
        std::size_t heard = 0;
        what.on_outcome = [&](const sync_outcome&) { ++heard; };
        auto work = shared_->send(what);
        auto end = asio::co_spawn(pool, std::move(work), asio::use_future);
        const auto done = end.get();
        ASSERT_TRUE(done) << done.error();
        EXPECT_TRUE(done->is_complete());
        EXPECT_EQ(heard, done->outcomes.size());
    }
    EXPECT_FALSE(std::filesystem::exists(at("back") / "extra"));
    for (int n = 0; n < transfers_at_once; ++n) {
        std::ifstream file(at("back") / std::to_string(n), std::ios::binary);
        EXPECT_EQ(std::string(std::istreambuf_iterator<char>(file), {}), content(n));
    }
    shared_.reset();
    pool.join();
}

// What is cancelled on one thread gives back what it held to those on others.
TEST_F(transfers_on_threads, that_are_cancelled_hold_up_no_others) {
    asio::thread_pool pool(runners);
    std::vector<std::unique_ptr<asio::cancellation_signal>> signals;
    std::vector<std::future<result<void>>> cancelled;
    std::vector<asio::strand<asio::thread_pool::executor_type>> strands;
    for (int n = 0; n < transfers_at_once; ++n) {
        signals.push_back(std::make_unique<asio::cancellation_signal>());
        strands.push_back(asio::make_strand(pool));
        cancelled.push_back(
            asio::co_spawn(strands.back(), there_and_back(*shared_, directory_.path(), 100 + n),
                           asio::bind_cancellation_slot(signals.back()->slot(), asio::use_future)));
    }
    auto ends = start_all([&] { return pool.get_executor(); });
    for (std::size_t n = 0; n < signals.size(); ++n)
        asio::post(strands[n], [&, n] { signals[n]->emit(asio::cancellation_type::terminal); });
    for (auto& each : cancelled) try {
            const auto end = each.get();
        } catch (const boost::system::system_error& e) {
            EXPECT_EQ(e.code(), asio::error::operation_aborted);
        }
    for (auto& each : ends) EXPECT_TRUE(each.get());
    shared_.reset();
    pool.join();
}

}  // namespace
}  // namespace cairn::transfer
