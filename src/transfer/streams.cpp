#include "transfer/streams.hpp"

#include <algorithm>
#include <cstring>
#include <string>
#include <utility>

namespace cairn::transfer {
namespace {

class file_stream final : public wire::body_stream {
  public:
    file_stream(std::shared_ptr<local_file> file, file_state as_seen)
        : file_(std::move(file)), as_seen_(as_seen) {}

    std::optional<std::uint64_t> remaining() const noexcept override { return std::nullopt; }
    awaitable<result<std::size_t>> read_some(asio::mutable_buffer into) override {
        const auto n = co_await file_->read_at(at_, into);
        if (!n) co_return n;
        at_ += *n;
        if (*n == 0) {
            const auto same = file_->check_unchanged(as_seen_);
            if (!same) co_return same.error();
        }
        co_return n;
    }

  private:
    std::shared_ptr<local_file> file_;
    file_state as_seen_;
    std::uint64_t at_ = 0;
};

class memory_stream final : public wire::body_stream {
  public:
    explicit memory_stream(std::string_view data) : data_(data) {}

    std::optional<std::uint64_t> remaining() const noexcept override { return data_.size(); }
    awaitable<result<std::size_t>> read_some(asio::mutable_buffer into) override {
        const auto n = std::min(into.size(), data_.size());
        std::memcpy(into.data(), data_.data(), n);
        data_.remove_prefix(n);
        co_return n;
    }

  private:
    std::string_view data_;
};

class piped_stream final : public wire::body_stream {
  public:
    explicit piped_stream(source::piped piped) : piped_(std::move(piped)) {}

    std::optional<std::uint64_t> remaining() const noexcept override { return std::nullopt; }
    awaitable<result<std::size_t>> read_some(asio::mutable_buffer into) override {
        auto n = co_await piped_.from.read_some(into);
        if (!n) co_return n;
        read_ += *n;
        const bool over = *n == 0 && into.size() > 0;
        if (piped_.size && (read_ > *piped_.size || (over && read_ < *piped_.size)))
            co_return error(errc::body_failed, "the stream has not its declared " +
                                                   std::to_string(*piped_.size) + " bytes (" +
                                                   std::to_string(read_) + ")");
        co_return n;
    }

  private:
    source::piped piped_;
    std::uint64_t read_ = 0;
};

}  // namespace

std::unique_ptr<wire::body_stream> stream_of(std::shared_ptr<local_file> file, file_state as_seen) {
    return std::make_unique<file_stream>(std::move(file), as_seen);
}

std::unique_ptr<wire::body_stream> stream_of(std::string_view data) {
    return std::make_unique<memory_stream>(data);
}

std::unique_ptr<wire::body_stream> stream_of(source::piped piped) {
    return std::make_unique<piped_stream>(std::move(piped));
}

}  // namespace cairn::transfer
