// The least CPU that a transfer can use: one thread and epoll, pre-signed requests, and nothing
// done but copying between file and sockets and the checksum of what is copied.

#include "../common/file_part.hpp"
#include "plain_channel.hpp"
#include "reply.hpp"
#include "tls_channel.hpp"

#include <array>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <sys/epoll.h>
#include <vector>

namespace {

using namespace cairn::bench;

constexpr std::size_t piece_bytes = 256 * 1024;

std::string head(const workload& load, const slice& part) {
    const bool put = load.operation == operation::put;
    return (put ? "PUT " : "GET ") + load.path() + " HTTP/1.1\r\nHost: " + load.authority() +
           (put ? "\r\nContent-Length: " + std::to_string(part.length)
                : "\r\nRange: bytes=" + part.range()) +
           "\r\n\r\n";
}

/// One connection: part after part.
template <class Channel>
class lane {
  public:
    lane(const workload& load, const typename Channel::context& shared, const descriptor& file,
         tickets& queue)
        : load_(load), file_(file), queue_(queue), channel_(load, shared), piece_(piece_bytes) {
        start_next();
    }

    int fd() const { return channel_.fd(); }
    std::uint32_t interest() const { return sending() ? EPOLLOUT : EPOLLIN; }
    void on_ready() { sending() ? send() : receive(); }

  private:
    bool put() const { return load_.operation == operation::put; }
    bool sending() const {
        return !unsent_.empty() || (put() && moving_ && moving_->missing() > 0);
    }

    void start_next() {
        moving_.reset();
        part_ = queue_.take();
        if (!part_) return;
        moving_.emplace(file_, *part_);
        answered_ = false;
        head_ = head(load_, *part_);
        unsent_ = head_;
    }

    void send() {
        while (sending()) {
            if (unsent_.empty()) unsent_ = moving_->read(piece_);
            const auto sent = channel_.write_some(unsent_);
            if (!sent) return;
            unsent_ = unsent_.subspan(*sent);
        }
    }

    // TLS gives a record at a time: a write for each would cost more than the copy.
    void receive() {
        std::size_t filled = 0;
        do {
            filled = 0;
            do {
                const auto got = channel_.read(std::span(piece_).subspan(filled));
                if (!got) break;
                filled += *got;
            } while (Channel::holds_bytes_back && filled < piece_.size());
            if (filled > 0) take(std::span(piece_).first(filled));
        } while (Channel::holds_bytes_back && filled == piece_.size());
    }

    void take(std::span<const char> bytes) {
        if (!answered_) bytes = behind_head(bytes, moving_->missing());
        answered_ = true;
        if (!bytes.empty()) moving_->write(bytes);
        if (moving_->missing() > 0) return;
        moving_->finish();
        queue_.settle(*part_);
        start_next();
    }

    const workload& load_;
    const descriptor& file_;
    tickets& queue_;
    Channel channel_;
    std::vector<char> piece_;
    std::string head_;
    std::span<const char> unsent_;
    std::optional<slice> part_;
    std::optional<file_part> moving_;
    bool answered_ = false;
};

template <class Channel>
void run(const workload& load) {
    const typename Channel::context shared(load);
    const descriptor file = open_file(load);
    const descriptor epoll(checked(epoll_create1(0), "epoll_create1"));
    tickets queue(load, load.object_bytes / load.request_bytes);
    std::vector<std::unique_ptr<lane<Channel>>> lanes;
    const auto watch = [&](lane<Channel>& each, int how) {
        epoll_event interest{.events = each.interest(), .data = {.ptr = &each}};
        checked(epoll_ctl(epoll.get(), how, each.fd(), &interest), "epoll_ctl");
    };
    for (std::size_t i = 0; i < load.connections; ++i) {
        lanes.push_back(std::make_unique<lane<Channel>>(load, shared, file, queue));
        watch(*lanes.back(), EPOLL_CTL_ADD);
    }
    while (!queue.all_settled()) {
        std::array<epoll_event, 16> events;
        const int ready =
            checked(epoll_wait(epoll.get(), events.data(), events.size(), -1), "epoll_wait");
        for (int i = 0; i < ready; ++i) {
            auto& each = *static_cast<lane<Channel>*>(events[i].data.ptr);
            const auto before = each.interest();
            each.on_ready();
            if (each.interest() != before) watch(each, EPOLL_CTL_MOD);
        }
    }
}

}  // namespace

int main(int argc, char** argv) {
    try {
        const workload load = parse_workload(argc, argv);
        load.tls() ? run<tls_channel>(load) : run<plain_channel>(load);
        return EXIT_SUCCESS;
    } catch (const std::exception& error) {
        std::fprintf(stderr, "%s\n", error.what());
        return EXIT_FAILURE;
    }
}
