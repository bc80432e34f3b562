#include "core/strand.hpp"
#include "core/task_group.hpp"

#include <cairn/codec/stream.hpp>

#include <boost/asio/this_coro.hpp>

#include <algorithm>
#include <cstring>
#include <functional>
#include <optional>
#include <span>
#include <utility>
#include <vector>

namespace cairn::codec {
namespace {

// Large enough that a hand-over to another thread costs little beside it, small enough for its
// cache.
constexpr std::size_t piece_bytes = 256 * 1024;

/// Bytes that have been read from `from`, up to a piece.
struct piece {
    std::vector<std::byte> data;
    std::size_t begin = 0;
    std::size_t end = 0;
    bool last = false;

    bool is_empty() const noexcept { return begin == end && !last; }
    std::span<const std::byte> rest() const { return std::span(data).subspan(begin, end - begin); }
};

/// What a worker works on, and holds for as long as it does.
struct workbench {
    explicit workbench(std::unique_ptr<transform> t) : by(std::move(t)), out(piece_bytes) {}

    void work() {
        const auto done = by->run(at_hand.rest(), out, at_hand.last);
        if (!done) {
            failed = done.error();
            return;
        }
        at_hand.begin += done->consumed;
        produced = done->produced;
        ended = done->ended;
    }

    std::unique_ptr<transform> by;
    piece at_hand;
    piece ahead;  // read while the worker works
    std::vector<std::byte> out;
    std::size_t produced = 0;
    bool ended = false;
    std::optional<error> failed;
};

class transformed_stream final : public wire::body_stream {
  public:
    transformed_stream(std::unique_ptr<wire::body_stream> from, std::unique_ptr<transform> by,
                       std::shared_ptr<workers> on)
        : from_(std::move(from)),
          bench_(std::make_shared<workbench>(std::move(by))),
          on_(std::move(on)) {}

    std::optional<std::uint64_t> remaining() const noexcept override {
        if (bench_->ended && given_ == bench_->produced && !bench_->failed) return 0;
        return std::nullopt;
    }
    std::string operation() const override { return from_->operation(); }

    awaitable<result<std::size_t>> read_some(asio::mutable_buffer into) override {
        if (into.size() == 0) co_return std::size_t{0};
        while (given_ == bench_->produced && !bench_->ended) {
            const auto advanced = co_await advance();
            if (!advanced) co_return advanced.error();
        }
        co_return give(into);
    }

  private:
    std::size_t give(asio::mutable_buffer into) {
        const auto n = std::min(into.size(), bench_->produced - given_);
        if (n > 0) std::memcpy(into.data(), bench_->out.data() + given_, n);
        given_ += n;
        return n;
    }

    // One round: a piece through the transform, and one from where they come.
    awaitable<result<void>> advance() {
        if (std::exchange(broken_, true)) co_return why_broken();
        if (bench_->at_hand.is_empty() && bench_->ahead.is_empty()) {
            co_await fill_ahead();
            if (read_failed_) co_return *read_failed_;
        }
        if (bench_->at_hand.is_empty()) std::swap(bench_->at_hand, bench_->ahead);
        given_ = bench_->produced = 0;
        co_await work_and_fill();
        if (bench_->failed) co_return named(*bench_->failed);
        if (read_failed_) co_return *read_failed_;
        broken_ = false;
        co_return result<void>();
    }

    error why_broken() const {
        if (bench_->failed) return named(*bench_->failed);
        if (read_failed_) return *read_failed_;
        return named(error(errc::canceled, "reading the body was cancelled before"));
    }
    error named(error e) const {
        if (e.operation().empty()) e.operation(operation());
        return e;
    }

    awaitable<void> work_and_fill() {
        if (bench_->at_hand.last || !bench_->ahead.is_empty()) {
            co_await work();
            co_return;
        }
        const auto executor = on_a_strand(co_await asio::this_coro::executor);
        const auto both = std::make_shared<task_group>();
        both->add(executor, work_or_cancel(*both));
        both->add(executor, fill_ahead());
        co_await both->run();
    }

    awaitable<void> work() {
        std::function<void()> job = [at = bench_] { at->work(); };
        co_await on_->run(std::move(job));
    }
    // What comes next is not waited for when it would be in vain.
    awaitable<void> work_or_cancel(task_group& both) {
        co_await work();
        if (bench_->failed) both.cancel();
    }

    // Fills the piece ahead, so that slow streams of small reads don't make small jobs.
    awaitable<void> fill_ahead() {
        auto& next = bench_->ahead;
        next.data.resize(piece_bytes);
        next.begin = next.end = 0;
        while (!next.last && next.end < next.data.size()) {
            const auto room =
                asio::buffer(next.data.data() + next.end, next.data.size() - next.end);
            const auto n = co_await from_->read_some(room);
            if (!n) {
                read_failed_ = n.error();
                co_return;
            }
            next.end += *n;
            next.last = *n == 0;
        }
    }

    std::unique_ptr<wire::body_stream> from_;
    std::shared_ptr<workbench> bench_;
    std::shared_ptr<workers> on_;
    std::size_t given_ = 0;
    bool broken_ = false;  ///< In a round, or left in the middle of one.
    std::optional<error> read_failed_;
};

}  // namespace

std::unique_ptr<wire::body_stream> transformed(std::unique_ptr<wire::body_stream> from,
                                               std::unique_ptr<transform> by,
                                               std::shared_ptr<workers> on) {
    return std::make_unique<transformed_stream>(std::move(from), std::move(by), std::move(on));
}

result<std::unique_ptr<wire::body_stream>> decompressed(std::unique_ptr<wire::body_stream> from,
                                                        std::string_view content_encoding,
                                                        const decompression_options& options,
                                                        std::shared_ptr<workers> on) {
    auto encodings = parse_content_encoding(content_encoding);
    if (!encodings) return encodings.error();
    for (; !encodings->empty(); encodings->pop_back()) {
        auto by = make_decompressor(encodings->back(), options);
        if (!by) return by.error();
        from = transformed(std::move(from), std::move(*by), on);
    }
    return from;
}

}  // namespace cairn::codec
