#pragma once

#include "../common/workload.hpp"
#include "prebuilt_requests.hpp"
#include "reply.hpp"

#include <vector>

namespace cairn::bench {

/// One keep-alive connection: sends a request, reads its reply, takes the next ticket.
template <class Channel>
class connection {
  public:
    connection(const workload& load, const typename Channel::context& context,
               const prebuilt_requests& requests)
        : requests_(&requests), channel_(load, context), buffer_(load.read_buffer_bytes()) {}

    int fd() const { return channel_.fd(); }

    void start_next(tickets& queue) {
        const auto ticket = queue.take();
        if (!ticket) return;
        current_ = *ticket;
        reply_ = reply(requests_->expected_body(current_));
        channel_.write(requests_->of(current_));
    }

    void on_readable(tickets& queue) {
        do {
            const auto got = channel_.read(buffer_);
            if (!got) return;
            if (reply_.feed({buffer_.data(), *got})) {
                queue.settle(current_);
                start_next(queue);
            }
        } while (Channel::holds_bytes_back);
    }

  private:
    const prebuilt_requests* requests_;
    Channel channel_;
    std::vector<char> buffer_;
    slice current_{};
    reply reply_{slice{}};
};

}  // namespace cairn::bench
