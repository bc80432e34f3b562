#include "transfer/part_feed.hpp"

#include "core/file_error.hpp"
#include "transfer/context.hpp"

#include <cairn/resilience/concurrency_limit.hpp>

#include <algorithm>
#include <array>
#include <limits>
#include <string>
#include <utility>

namespace cairn::transfer {
namespace {

class file_part_source final : public wire::body_source {
  public:
    file_part_source(std::shared_ptr<local_file> file, file_state as_seen, byte_range range,
                     asio::mutable_buffer piece)
        : file_(std::move(file)),
          as_seen_(as_seen),
          range_(range),
          at_(range.offset),
          piece_(piece) {}

    std::uint64_t size() const noexcept override { return range_.size; }
    bool rewind() noexcept override {
        at_ = range_.offset;
        return true;
    }
    awaitable<result<asio::const_buffer>> next() override {
        const auto most = std::min<std::uint64_t>(range_.end() - at_, piece_.size());
        if (most == 0) co_return asio::const_buffer();
        const auto n =
            co_await file_->read_at(at_, asio::buffer(piece_, static_cast<std::size_t>(most)));
        if (!n) co_return n.error();
        if (*n < most) co_return file_error(file_->path(), "became shorter while it was sent", {});
        at_ += *n;
        // Before the last piece goes out: with it the server has what it was promised.
        if (at_ == range_.end()) {
            const auto same = file_->check_unchanged(as_seen_);
            if (!same) co_return same.error();
        }
        co_return asio::const_buffer(asio::buffer(piece_, *n));
    }

  private:
    std::shared_ptr<local_file> file_;
    file_state as_seen_;
    byte_range range_;
    std::uint64_t at_;
    asio::mutable_buffer piece_;
};

class file_feed final : public part_feed {
  public:
    file_feed(std::shared_ptr<local_file> file, file_state as_seen, part_plan plan,
              memory_budget memory, std::vector<bool> skip)
        : file_(std::move(file)),
          as_seen_(as_seen),
          plan_(plan),
          memory_(std::move(memory)),
          skip_(std::move(skip)) {
        skip_.resize(plan_.count());
    }

    std::optional<std::uint64_t> size() const noexcept override { return plan_.object_bytes(); }
    result<void> check_unchanged() const override { return file_->check_unchanged(as_seen_); }
    awaitable<result<std::optional<fed_part>>> next() override {
        while (next_ < skip_.size() && skip_[next_]) ++next_;
        if (next_ == skip_.size()) co_return std::optional<fed_part>();
        const auto index = next_++;
        auto piece = co_await memory_.acquire(piece_bytes);
        const auto range = plan_.part(index);
        auto body = body::source(
            std::make_unique<file_part_source>(file_, as_seen_, range, piece.memory()));
        co_return fed_part(index, range, std::move(body), std::move(piece));
    }

  private:
    std::shared_ptr<local_file> file_;
    file_state as_seen_;
    part_plan plan_;
    memory_budget memory_;
    std::vector<bool> skip_;
    std::uint64_t next_ = 0;
};

class view_feed final : public part_feed {
  public:
    view_feed(std::string_view data, part_plan plan) : data_(data), plan_(plan) {}

    std::optional<std::uint64_t> size() const noexcept override { return data_.size(); }
    awaitable<result<std::optional<fed_part>>> next() override {
        if (next_ == plan_.count()) co_return std::optional<fed_part>();
        const auto index = next_++;
        const auto range = plan_.part(index);
        co_return fed_part(index, range, body::view(data_.substr(range.offset, range.size)));
    }

  private:
    std::string_view data_;
    part_plan plan_;
    std::uint64_t next_ = 0;
};

class stream_feed final : public part_feed {
  public:
    stream_feed(body::reader from, std::optional<std::uint64_t> size, std::uint64_t part_bytes,
                memory_budget memory)
        : from_(std::move(from)),
          expected_(size),
          part_bytes_(part_bytes),
          memory_(std::move(memory)) {}

    std::optional<std::uint64_t> size() const noexcept override {
        return ended_ ? std::optional(offset_) : expected_;
    }
    // One worker at a time: the parts are read in order.
    awaitable<result<std::optional<fed_part>>> next() override {
        const auto turn = co_await turns_.acquire();
        if (!turn) co_return turn.error();
        if (ended_) co_return std::optional<fed_part>();
        if (next_ == max_parts) co_return co_await read_end();
        const auto room = std::max(memory_.total(), part_bytes_);
        const auto most = std::min(growing_part_bytes(next_, part_bytes_), room);
        auto memory = co_await memory_.acquire(static_cast<std::size_t>(most));
        const auto n = co_await from_.read(memory.memory());
        if (!n) co_return n.error();
        ended_ = *n < most;
        const byte_range range{offset_, *n};
        offset_ += *n;
        if (const auto right = check_size(); !right) co_return right.error();
        if (*n == 0 && next_ > 0) co_return std::optional<fed_part>();
        auto body = body::view({static_cast<const char*>(memory.memory().data()), *n});
        co_return fed_part(next_++, range, std::move(body), std::move(memory));
    }

  private:
    // After the last part that S3 takes.
    awaitable<result<std::optional<fed_part>>> read_end() {
        std::array<char, 1> more{};
        const auto n = co_await from_.read(asio::buffer(more));
        if (!n) co_return n.error();
        if (*n > 0) co_return too_long();
        ended_ = true;
        if (const auto right = check_size(); !right) co_return right.error();
        co_return std::optional<fed_part>();
    }
    result<void> check_size() const {
        if (!expected_ || offset_ == *expected_ || (!ended_ && offset_ < *expected_)) return {};
        return error(errc::body_failed,
                     "the stream is " +
                         std::string(ended_ && offset_ < *expected_ ? "shorter" : "longer") +
                         " than its declared " + std::to_string(*expected_) + " bytes (" +
                         std::to_string(offset_) + ")");
    }
    error too_long() const {
        return error(errc::limit_exceeded, "the stream has more than " + std::to_string(offset_) +
                                               " bytes, and S3 takes " + std::to_string(max_parts) +
                                               " parts")
            .hint("choose larger parts");
    }

    body::reader from_;
    std::optional<std::uint64_t> expected_;
    std::uint64_t part_bytes_;
    memory_budget memory_;
    concurrency_limit turns_{1, std::numeric_limits<std::size_t>::max()};
    std::uint64_t next_ = 0;
    std::uint64_t offset_ = 0;
    bool ended_ = false;
};

}  // namespace

std::unique_ptr<part_feed> feed_of(std::shared_ptr<local_file> file, file_state as_seen,
                                   part_plan plan, memory_budget memory, std::vector<bool> skip) {
    return std::make_unique<file_feed>(std::move(file), as_seen, plan, std::move(memory),
                                       std::move(skip));
}

std::unique_ptr<part_feed> feed_of(std::string_view data, part_plan plan) {
    return std::make_unique<view_feed>(data, plan);
}

std::unique_ptr<part_feed> feed_of(body::reader from, std::optional<std::uint64_t> size,
                                   std::uint64_t first_part_bytes, memory_budget memory) {
    return std::make_unique<stream_feed>(std::move(from), size, first_part_bytes,
                                         std::move(memory));
}

}  // namespace cairn::transfer
