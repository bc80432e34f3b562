#include "transfer/upload_progress.hpp"

#include "transfer/context.hpp"

#include <algorithm>
#include <utility>

namespace cairn::transfer {

// What has been given out counts once the next piece is asked for: by then it has been sent.
class upload_progress::counted_source final : public wire::body_source {
  public:
    counted_source(std::shared_ptr<upload_progress> in, body::source body)
        : in_(std::move(in)), body_(std::move(body)) {}
    counted_source(const counted_source&) = delete;
    counted_source& operator=(const counted_source&) = delete;
    ~counted_source() override { take_back(); }

    std::uint64_t size() const noexcept override { return body_.get()->size(); }
    std::optional<asio::const_buffer> in_memory() const noexcept override {
        return body_.get()->in_memory();
    }
    bool rewind() noexcept override {
        take_back();
        left_ = {};
        given_ = 0;
        sending_ = false;
        return body_.get()->rewind();
    }
    void begin_sending() noexcept override { sending_ = true; }
    awaitable<result<asio::const_buffer>> next() override {
        count();
        if (left_.size() == 0) {
            const auto piece = co_await body_.get()->next();
            if (!piece) co_return piece.error();
            left_ = *piece;
        }
        // All of a body that lies in memory would be one piece.
        const auto piece = asio::buffer(left_, piece_bytes);
        left_ += piece.size();
        given_ = piece.size();
        co_return piece;
    }

  private:
    void count() {
        const auto sent = std::exchange(given_, 0);
        if (!sending_ || sent == 0) return;
        counted_ += sent;
        in_->sending_ += sent;
        in_->tell();
    }
    void take_back() noexcept { in_->sending_ -= std::exchange(counted_, 0); }

    std::shared_ptr<upload_progress> in_;
    body::source body_;
    asio::const_buffer left_;
    std::uint64_t given_ = 0;
    std::uint64_t counted_ = 0;
    bool sending_ = false;
};

body::source upload_progress::counted(body::source body) {
    if (!hear_ || !body.get()) return body;
    return body::source(std::make_unique<counted_source>(shared_from_this(), std::move(body)));
}

void upload_progress::stored(std::uint64_t bytes, std::optional<std::uint64_t> total) {
    stored_ = bytes;
    total_ = total;
    tell();
}

void upload_progress::tell() const {
    if (hear_) hear_({stored_ + sending_, total_});
}

}  // namespace cairn::transfer
