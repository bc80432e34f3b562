#pragma once

#include "../common/descriptor.hpp"
#include "connection.hpp"

#include <array>
#include <memory>
#include <sys/epoll.h>
#include <vector>

namespace cairn::bench {

/// All connections of a workload on one epoll instance, level-triggered: one recv a wake-up.
template <class Channel>
class event_loop {
  public:
    explicit event_loop(const workload& load)
        : load_(load),
          requests_(load),
          context_(load),
          epoll_(checked(epoll_create1(0), "epoll_create1")) {
        for (std::size_t i = 0; i < load.connections; ++i) open_connection();
    }

    tally run(std::uint64_t count) {
        tickets queue(load_, count);
        for (auto& each : connections_) each->start_next(queue);
        while (!queue.all_settled()) wait_once(queue);
        return queue.settled();
    }

  private:
    using connection_type = connection<Channel>;

    void open_connection() {
        auto opened = std::make_unique<connection_type>(load_, context_, requests_);
        epoll_event interest{.events = EPOLLIN, .data = {.ptr = opened.get()}};
        checked(epoll_ctl(epoll_.get(), EPOLL_CTL_ADD, opened->fd(), &interest), "epoll_ctl");
        connections_.push_back(std::move(opened));
    }

    void wait_once(tickets& queue) {
        std::array<epoll_event, 128> events;
        const int ready =
            checked(epoll_wait(epoll_.get(), events.data(), events.size(), -1), "epoll_wait");
        for (int i = 0; i < ready; ++i) {
            static_cast<connection_type*>(events[i].data.ptr)->on_readable(queue);
        }
    }

    workload load_;
    prebuilt_requests requests_;
    typename Channel::context context_;
    descriptor epoll_;
    std::vector<std::unique_ptr<connection_type>> connections_;
};

}  // namespace cairn::bench
