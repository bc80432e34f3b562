#include "core/race.hpp"
#include "support/io.hpp"

#include <cairn/codec/stream.hpp>

#include <boost/asio/buffer.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/strand.hpp>
#include <gmock/gmock.h>

#include <algorithm>
#include <atomic>
#include <future>
#include <limits>
#include <thread>

namespace cairn::codec {
namespace {

using namespace std::chrono_literals;
using ::testing::HasSubstr;

// A megabyte that gzip and zstd halve.
const bytes& content() {
    static const bytes made = [] {
        testing::seeded_random random(1);
        bytes out;
        while (out.size() < 1'000'000) out += static_cast<char>(random.below(16));
        return out;
    }();
    return made;
}

bytes compressed(const bytes& data, encoding e) {
    const auto by =
        e == encoding::gzip ? make_compressor(gzip_options(1)) : make_compressor(zstd_options(1));
    return apply(**by, as_bytes(data), std::numeric_limits<std::size_t>::max()).value();
}

/// Gives `data` in pieces, each of which takes its time, and then fails if it is to.
class slow_stream final : public wire::body_stream {
  public:
    slow_stream(std::shared_ptr<clock> clock, bytes data) : clock_(clock), data_(std::move(data)) {}
    ~slow_stream() override {
        if (gone) *gone = true;
    }

    std::optional<std::uint64_t> remaining() const noexcept override { return std::nullopt; }
    std::string operation() const override { return "GetObject s3://bucket/key"; }
    awaitable<result<std::size_t>> read_some(asio::mutable_buffer into) override {
        co_await clock_->sleep_until(clock_->now() + a_read);
        if (began) ++*began;
        if (data_.size() - at_ == fails_with_left) co_return error(errc::connection_lost, "gone");
        auto n = std::min({into.size(), piece, data_.size() - at_});
        if (data_.size() - at_ > fails_with_left)
            n = std::min(n, data_.size() - at_ - fails_with_left);
        n = asio::buffer_copy(into, asio::buffer(data_.data() + at_, n));
        at_ += n;
        co_return n;
    }

    clock::duration a_read{};
    std::size_t piece = 16 * 1024;
    std::size_t fails_with_left = std::numeric_limits<std::size_t>::max();
    std::shared_ptr<int> began;
    std::shared_ptr<bool> gone;

  private:
    std::shared_ptr<clock> clock_;
    bytes data_;
    std::size_t at_ = 0;
};

/// Gives `text` without waiting.
class text_stream final : public wire::body_stream {
  public:
    explicit text_stream(std::string_view text) : text_(text) {}
    std::optional<std::uint64_t> remaining() const noexcept override { return text_.size(); }
    awaitable<result<std::size_t>> read_some(asio::mutable_buffer into) override {
        const auto n = asio::buffer_copy(into, asio::buffer(text_));
        text_.remove_prefix(n);
        co_return n;
    }

  private:
    std::string_view text_;
};

/// Works until it is told to go on.
class long_work final : public transform {
  public:
    long_work(std::promise<void>& at_work, std::promise<void>& go_on)
        : at_work_(at_work), go_on_(go_on) {}
    result<step> run(std::span<const std::byte> in, std::span<std::byte> out, bool last) override {
        at_work_.set_value();
        go_on_.get_future().wait();
        std::ranges::fill(out, in.front());
        return step{in.size(), out.size(), last};
    }
    void reset() override {}

  private:
    std::promise<void>& at_work_;
    std::promise<void>& go_on_;
};

/// Copies, and tells where it runs; fails after so many bytes.
class watched_transform final : public transform {
  public:
    struct seen {
        std::vector<std::thread::id> threads;
        std::atomic<bool> at_work = false;
    };
    explicit watched_transform(std::shared_ptr<seen> seen) : seen_(std::move(seen)) {}
    ~watched_transform() override { EXPECT_FALSE(seen_->at_work); }

    result<step> run(std::span<const std::byte> in, std::span<std::byte> out, bool last) override {
        seen_->at_work = true;
        seen_->threads.push_back(std::this_thread::get_id());
        step s;
        s.consumed = s.produced = std::min(in.size(), out.size());
        std::copy_n(in.begin(), s.consumed, out.begin());
        s.ended = last && s.consumed == in.size();
        total_ += s.consumed;
        seen_->at_work = false;
        if (total_ >= fails_after) return error(errc::corrupt_stream, "planted");
        return s;
    }
    void reset() override {}

    std::size_t fails_after = std::numeric_limits<std::size_t>::max();

  private:
    std::shared_ptr<seen> seen_;
    std::size_t total_ = 0;
};

class stream_test : public test::io {
  protected:
    std::unique_ptr<slow_stream> stream(bytes data) {
        return std::make_unique<slow_stream>(time, std::move(data));
    }
    std::unique_ptr<wire::body_stream> unpacked(std::unique_ptr<wire::body_stream> from,
                                                std::string_view encoded) {
        return decompressed(std::move(from), encoded, decompression_options(), inline_).value();
    }
    // All of it, by reads of `piece` bytes.
    static awaitable<result<bytes>> all_of(wire::body_stream& from, std::size_t piece) {
        bytes all;
        for (;;) {
            const auto have = all.size();
            all.resize(have + piece);
            const auto n = co_await from.read_some(asio::buffer(all.data() + have, piece));
            if (!n) co_return n.error();
            all.resize(have + *n);
            if (*n == 0) co_return all;
        }
    }
    static awaitable<void> read_through(std::unique_ptr<wire::body_stream> from,
                                        std::shared_ptr<std::optional<bytes>> into) {
        auto all = co_await all_of(*from, 100'000);
        if (all) *into = std::move(*all);
    }
    result<bytes> read(wire::body_stream& from, std::size_t piece = 100'000) {
        return run(all_of(from, piece));
    }

    const std::shared_ptr<workers> inline_ = std::make_shared<workers>(0);
};

TEST_F(stream_test, CompressesAndDecompresses) {
    for (const auto& how : {compression(gzip_options(1)), compression(zstd_options(1))}) {
        auto packing = transformed(stream(content()), make_compressor(how).value(), inline_);
        auto packed = read(*packing).value();
        EXPECT_LT(packed.size(), content().size() * 6 / 10);
        const auto unpacking = unpacked(stream(packed), name_of(encoding_of(how)));
        EXPECT_EQ(unpacking->remaining(), std::nullopt);
        EXPECT_EQ(read(*unpacking).value(), content());
        EXPECT_EQ(unpacking->remaining(), 0U);
        EXPECT_EQ(read(*unpacking).value(), "") << "the end stays";
    }
}

TEST_F(stream_test, ReadsOfAnySizeGiveTheSame) {
    const auto plain = content().substr(0, 300'000);
    for (const std::size_t piece : {1, 1000, 256 * 1024, 10'000'000}) {
        auto from = stream(compressed(plain, encoding::zstd));
        from->piece = piece;
        EXPECT_EQ(
            read(*unpacked(std::move(from), "zstd"), std::max<std::size_t>(piece, 100)).value(),
            plain);
    }
}

TEST_F(stream_test, AnEmptyBodyIsAnEmptyFrame) {
    auto packing = transformed(stream(""), make_compressor(zstd_options()).value(), inline_);
    const auto packed = read(*packing).value();
    EXPECT_EQ(packed, compressed("", encoding::zstd));
    EXPECT_EQ(read(*unpacked(stream(packed), "zstd")).value(), "");
    EXPECT_EQ(read(*unpacked(stream(""), "zstd")).error().code(), errc::corrupt_stream);
}

TEST_F(stream_test, ReadsNothingIntoNothing) {
    const auto body = unpacked(stream(compressed("text", encoding::gzip)), "gzip");
    EXPECT_EQ(run(body->read_some(asio::mutable_buffer())).value(), 0U);
    EXPECT_EQ(read(*body).value(), "text");
}

TEST_F(stream_test, MoreComesOutThanAPieceHolds) {
    const bytes zeros(5'000'000, '\0');
    EXPECT_EQ(read(*unpacked(stream(compressed(zeros, encoding::zstd)), "zstd")).value(), zeros);
    EXPECT_EQ(read(*unpacked(stream(compressed(zeros, encoding::gzip)), "gzip")).value(), zeros);
}

TEST_F(stream_test, UndoesEncodingsInTheirOrder) {
    auto twice = compressed(compressed(content(), encoding::gzip), encoding::zstd);
    EXPECT_EQ(read(*unpacked(stream(twice), "gzip, zstd, aws-chunked")).value(), content());
    EXPECT_EQ(read(*unpacked(stream(twice), "zstd, gzip")).error().code(), errc::corrupt_stream);
    EXPECT_EQ(read(*unpacked(stream("plain"), "aws-chunked")).value(), "plain");
}

TEST_F(stream_test, RefusesAnEncodingThatIsNotKnown) {
    const auto made = decompressed(stream(""), "br", decompression_options(), inline_);
    ASSERT_FALSE(made);
    EXPECT_THAT(made.error().detail(), HasSubstr("\"br\""));
}

TEST_F(stream_test, ErrorsNameWhatWasRead) {
    auto cut = compressed(content(), encoding::gzip);
    cut.resize(cut.size() - 1);
    const auto body = unpacked(stream(cut), "gzip");
    for (int i = 0; i < 2; ++i) {
        const auto e = read(*body).error();
        EXPECT_EQ(e.code(), errc::corrupt_stream);
        EXPECT_EQ(e.operation(), "GetObject s3://bucket/key");
        EXPECT_THAT(e.detail(), HasSubstr("cut short"));
    }
    EXPECT_EQ(body->remaining(), std::nullopt);
}

TEST_F(stream_test, ErrorsOfTheSourceComeThroughAndStay) {
    const auto packed = compressed(content(), encoding::zstd);
    for (const std::size_t left :
         {packed.size(), packed.size() / 2, std::size_t{1}, std::size_t{0}}) {
        auto from = stream(packed);
        from->fails_with_left = left;
        const auto body = unpacked(std::move(from), "zstd");
        for (int i = 0; i < 2; ++i) EXPECT_EQ(read(*body).error().code(), errc::connection_lost);
    }
}

TEST_F(stream_test, DamageEndsTheReadAhead) {
    const auto seen = std::make_shared<watched_transform::seen>();
    auto by = std::make_unique<watched_transform>(seen);
    by->fails_after = 1;
    auto from = stream(content());
    from->a_read = 1s;
    const auto started = time->now();
    const auto body = transformed(std::move(from), std::move(by), inline_);
    EXPECT_EQ(read(*body).error().detail(), "planted");
    // The first piece takes 16 reads; the next one is not waited for.
    EXPECT_EQ(time->now() - started, 16s);
}

TEST_F(stream_test, ReadsOnePieceAheadWhileOneIsAtWork) {
    const auto seen = std::make_shared<watched_transform::seen>();
    auto from = stream(content());
    const auto began = from->began = std::make_shared<int>(0);
    const auto body =
        transformed(std::move(from), std::make_unique<watched_transform>(seen), inline_);
    bytes out(100'000, '\0');
    EXPECT_EQ(run(body->read_some(asio::buffer(out))).value(), out.size());
    EXPECT_EQ(*began, 32) << "two pieces of 16 reads, and no more";
    EXPECT_EQ(seen->threads.size(), 1U);
}

TEST_F(stream_test, WorksOnTheThreadsOfItsWorkers) {
    wait_for_the_kernel();
    const auto threads = std::make_shared<workers>(2);
    const auto seen = std::make_shared<watched_transform::seen>();
    auto body = transformed(stream(content()), std::make_unique<watched_transform>(seen), threads);
    body = transformed(std::move(body), make_compressor(zstd_options(1)).value(), threads);
    body = decompressed(std::move(body), "zstd", decompression_options(), threads).value();
    EXPECT_EQ(read(*body).value(), content());
    EXPECT_GE(seen->threads.size(), 4U);
    for (const auto thread : seen->threads) EXPECT_NE(thread, std::this_thread::get_id());
}

TEST_F(stream_test, CancelsEverywhere) {
    const auto packed = compressed(content(), encoding::zstd);
    const auto into = std::make_shared<std::optional<bytes>>();
    const auto gone = std::make_shared<bool>();
    const auto make = [&] {
        into->reset();
        *gone = false;
        auto from = stream(packed);
        from->a_read = 1s;
        from->piece = 150'000;
        from->gone = gone;
        return read_through(unpacked(std::move(from), "zstd"), into);
    };
    const auto check = [&](int) {
        EXPECT_TRUE(*gone);
        EXPECT_EQ(into->value_or(content()), content());
    };
    EXPECT_GT(cancel_everywhere(make, check), 5);
    EXPECT_TRUE(*into);
}

TEST_F(stream_test, CancelsWhileAWorkerIsAtWork) {
    wait_for_the_kernel();
    const auto threads = std::make_shared<workers>(1);
    const auto into = std::make_shared<std::optional<bytes>>();
    const auto make = [&] {
        into->reset();
        auto seen = std::make_shared<watched_transform::seen>();
        return read_through(
            transformed(stream(content()), std::make_unique<watched_transform>(std::move(seen)),
                        threads),
            into);
    };
    const auto check = [&](int) { EXPECT_EQ(into->value_or(content()), content()); };
    EXPECT_GT(cancel_everywhere(make, check), 5);
    EXPECT_TRUE(*into);
}

TEST_F(stream_test, AContextMayGoWhileAWorkerIsAtWork) {
    // By itself, and beside a read of what comes next.
    for (const std::size_t size : {4U, 1'000'000U}) {
        auto threads = std::make_shared<workers>(1);
        std::promise<void> at_work;
        std::promise<void> go_on;
        std::thread other;
        const std::string text(size, 'x');
        {
            asio::io_context ends;
            auto body = transformed(std::make_unique<text_stream>(text),
                                    std::make_unique<long_work>(at_work, go_on), threads);
            const auto into = std::make_shared<std::optional<bytes>>();
            asio::co_spawn(ends, read_through(std::move(body), into), asio::detached);
            ends.poll();
            at_work.get_future().wait();
            other = std::thread([&] { go_on.set_value(); });
        }
        other.join();
        threads.reset();
    }
}

TEST_F(stream_test, GivesNothingMoreAfterACancellation) {
    auto from = stream(compressed(content(), encoding::zstd));
    from->a_read = 1s;
    const auto body = unpacked(std::move(from), "zstd");
    const auto ends = run(race(asio::make_strand(context), all_of(*body, 100'000),
                               time->sleep_until(time->now() + 3s)));
    EXPECT_TRUE(ends.second);
    EXPECT_EQ(read(*body).error().code(), errc::canceled);
}

}  // namespace
}  // namespace cairn::codec
