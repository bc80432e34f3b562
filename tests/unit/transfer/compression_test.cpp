#include "unit/transfer/fixture.hpp"

namespace cairn::transfer {
namespace {

using ::testing::ElementsAre;
using testing::s3_fault;

class compressed_transfers : public transfer_test {
  protected:
    download_output get_plain(codec::decompression_options how = {}) {
        download request("bucket", "key", at("out"));
        request.decompression = std::move(how);
        return good(transfers.send(std::move(request)));
    }
    void put(source from, codec::compression how) {
        upload request(std::move(from), "bucket", "key");
        request.compression = std::move(how);
        good(transfers.send(std::move(request)));
    }
    awaitable<void> replace() {
        auto stored = co_await client.put_object("bucket", "key", content(4000));
        stored.value();
    }
};

TEST_F(compressed_transfers, come_back_as_they_were) {
    const codec::compression kinds[]{codec::gzip_options(1), codec::zstd_options(1)};
    for (const auto& how : kinds)
        for (const std::size_t size : {0, 1, 1000, 20'000}) {
            const auto data = content(size);
            put(source::file(write("source", data)), how);
            const auto stored = good(client.head_object("bucket", "key"));
            EXPECT_EQ(stored.content_encoding, codec::name_of(codec::encoding_of(how)));
            EXPECT_EQ(get_plain().size_bytes, size);
            EXPECT_TRUE(read("out") == data) << size;
            put(source::view(data), how);
            get_plain();
            EXPECT_TRUE(read("out") == data) << size;
        }
    EXPECT_EQ(s3.uploads("bucket"), 0U);
    EXPECT_THAT(files(), ElementsAre("out", "source"));
}

/// Comes in pieces, each of which takes a second.
class slow_stream final : public wire::body_stream {
  public:
    slow_stream(std::string key, std::shared_ptr<clock> time, std::vector<std::string>& order)
        : key_(std::move(key)), time_(std::move(time)), order_(order) {}

    std::optional<std::uint64_t> remaining() const noexcept override { return std::nullopt; }
    awaitable<result<std::size_t>> read_some(asio::mutable_buffer into) override {
        order_.push_back(key_);
        co_await time_->sleep_until(time_->now() + std::chrono::seconds(1));
        co_return left_-- > 0 ? std::min<std::size_t>(into.size(), 100) : 0;
    }

  private:
    std::string key_;
    std::shared_ptr<clock> time_;
    std::vector<std::string>& order_;
    int left_ = 5;
};

// Each takes memory of its own, which no budget counts.
TEST_F(compressed_transfers, run_no_more_at_once_than_there_are_threads) {
    std::vector<std::string> order;
    int stored = 0;
    const auto send = [&](upload request) -> awaitable<void> {
        request.compression = codec::zstd_options(1);
        const auto ended = co_await transfers.send(std::move(request));
        stored += ended.has_value();
    };
    for (const std::string key : {"a", "b", "c"})
        world.spawn(
            send({source::stream(body::reader(std::make_unique<slow_stream>(key, time, order))),
                  "bucket", key}));
    settle();
    EXPECT_EQ(stored, 3);
    const auto times = order.size();
    order.erase(std::ranges::unique(order).begin(), order.end());
    EXPECT_THAT(order, ElementsAre("a", "b", "c"));
    EXPECT_GE(times, 15U);
}

TEST_F(compressed_transfers, are_undone_no_more_at_once_than_there_are_threads) {
    for (const std::string key : {"a", "b", "c"}) {
        upload request(source::bytes(content(600'000)), "bucket", key);
        request.compression = codec::zstd_options(1);
        good(transfers.send(std::move(request)));
    }
    good(client.put_object("bucket", "plain", content(500)));
    std::vector<std::string> order;
    const auto bring = [&](std::string key) -> awaitable<void> {
        download request("bucket", key, at(key));
        request.decompression.emplace();
        request.on_progress = [&order, key](const progress&) { order.push_back(key); };
        const auto ended = co_await transfers.send(std::move(request));
        EXPECT_TRUE(ended) << ended.error();
    };
    for (const std::string key : {"a", "b", "c", "plain"}) world.spawn(bring(key));
    settle();
    EXPECT_TRUE(read("c") == content(600'000));
    EXPECT_TRUE(read("plain") == content(500));
    std::erase(order, "plain");
    order.erase(std::ranges::unique(order).begin(), order.end());
    EXPECT_THAT(order, ElementsAre("a", "b", "c"));
}

TEST_F(compressed_transfers, are_smaller) {
    put(source::bytes(std::string(100'000, 'x')), codec::zstd_options());
    EXPECT_LT(s3.object("bucket", "key")->size(), 100U);
}

TEST_F(compressed_transfers, keep_the_encodings_that_were_there) {
    const auto once_compressed = [&] {
        put(source::bytes("plain"), codec::gzip_options());
        return *s3.object("bucket", "key");
    }();
    upload request(source::bytes(once_compressed), "bucket", "key");
    request.object.content_encoding = "gzip";
    request.compression = codec::zstd_options();
    good(transfers.send(std::move(request)));
    EXPECT_EQ(good(client.head_object("bucket", "key")).content_encoding, "gzip, zstd");
    get_plain();
    EXPECT_EQ(read("out"), "plain");
}

TEST_F(compressed_transfers, leave_no_file_when_they_are_damaged_or_too_large) {
    put(source::bytes(content(20'000)), codec::zstd_options());
    download request("bucket", "key", at("out"));
    request.decompression.emplace();
    request.decompression->max_output_bytes = 19'999;
    EXPECT_EQ(bad(transfers.send(std::move(request))).code(), errc::limit_exceeded);
    auto stored = *s3.object("bucket", "key");
    stored[stored.size() / 2] = static_cast<char>(stored[stored.size() / 2] ^ 1);
    s3::put_object damaged("bucket", "key");
    damaged.body = stored;
    damaged.content_encoding = "zstd";
    good(client.send(std::move(damaged)));
    download again("bucket", "key", at("out"));
    again.decompression.emplace();
    EXPECT_EQ(bad(transfers.send(std::move(again))).code(), errc::corrupt_stream);
    EXPECT_THAT(files(), ElementsAre());
}

TEST_F(compressed_transfers, leave_no_note_of_earlier_downloads_that_were_not) {
    put(source::bytes(content(20'000)), codec::zstd_options());
    s3.follow([](const testing::s3_call& call) {
        return call.operation == "GetObject" && call.nth >= 4
                   ? s3_fault::refusal(403, "AccessDenied")
                   : s3_fault();
    });
    bad(transfers.download_file("bucket", "key", at("out")));
    s3.follow(nullptr);
    EXPECT_THAT(files(), ElementsAre("out.cairn-part", "out.cairn-part.json"));
    get_plain();
    EXPECT_TRUE(read("out") == content(20'000));
    EXPECT_THAT(files(), ElementsAre("out"));
}

TEST_F(compressed_transfers, of_an_object_that_is_replaced_meanwhile_fail_or_begin_again) {
    for (const auto what : {on_change::fail, on_change::restart}) {
        put(source::bytes(content(900'000)), codec::zstd_options());
        download request("bucket", "key", at("out"));
        request.decompression.emplace();
        request.on_change = what;
        bool replaced = false;
        request.on_progress = [&](const progress&) {
            if (!std::exchange(replaced, true)) world.spawn(replace());
        };
        const auto got = run(transfers.send(std::move(request)));
        ASSERT_EQ(got.has_value(), what == on_change::restart);
        if (got) {
            EXPECT_TRUE(read("out") == content(4000));
        } else {
            EXPECT_EQ(got.error().code(), errc::precondition_failed);
            EXPECT_THAT(files(), ElementsAre());
        }
    }
}

TEST_F(compressed_transfers, are_not_resumed) {
    upload request(source::bytes("data"), "bucket", "key");
    request.compression = codec::gzip_options();
    request.resume_file = at("token");
    EXPECT_EQ(bad(transfers.send(std::move(request))).code(), errc::invalid_argument);
}

TEST_F(compressed_transfers, leave_nothing_behind_wherever_they_are_cancelled) {
    const auto data = content(2500);
    put(source::view(data), codec::zstd_options());
    const auto bring = [&]() -> awaitable<void> {
        download request("bucket", "key", at("out"));
        request.decompression.emplace();
        co_await transfers.send(std::move(request));
    };
    const int runs = cancel_everywhere(bring, [&](int n) {
        EXPECT_TRUE(!read("out") || read("out") == data) << n;
        EXPECT_FALSE(read("out.cairn-part")) << n;
        std::filesystem::remove(at("out"));
    });
    EXPECT_GT(runs, 10);
}

}  // namespace
}  // namespace cairn::transfer
