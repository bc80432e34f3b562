#pragma once

#include "wire/watch.hpp"

#include <cairn/core/clock.hpp>
#include <cairn/wire/transport.hpp>

#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace cairn::wire {

/// Bytes read ahead of what has been parsed.
class read_buffer {
  public:
    std::string_view data() const noexcept { return {storage_.data() + begin_, end_ - begin_}; }
    bool empty() const noexcept { return begin_ == end_; }
    void consume(std::size_t n) noexcept {
        begin_ += n;
        if (begin_ == end_) begin_ = end_ = 0;
    }
    /// Room behind the data, after growing to `grow_to` bytes if it is full.
    asio::mutable_buffer prepare(std::size_t grow_to);
    void commit(std::size_t n) noexcept { end_ += n; }
    std::size_t capacity() const noexcept { return storage_.size(); }

  private:
    std::vector<char> storage_;
    std::size_t begin_ = 0;
    std::size_t end_ = 0;
};

/// A stream to one host with what exchanges on it share.
struct connection {
    connection(std::unique_ptr<wire::stream> s, const std::shared_ptr<clock>& time)
        : stream(std::move(s)),
          watch(std::make_shared<wire::watch>(*stream, time)),
          opened(time->now()),
          idle_since(opened) {}

    std::unique_ptr<wire::stream> stream;
    std::shared_ptr<wire::watch> watch;
    read_buffer in;
    std::string out;  ///< A request's head as sent; kept for its capacity.
    clock::time_point opened;
    clock::time_point idle_since;
    bool used = false;  ///< It has completed an exchange, so the peer may have closed it since.
};

}  // namespace cairn::wire
