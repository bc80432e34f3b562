#include "multi.hpp"

#include <algorithm>
#include <array>
#include <stdexcept>
#include <sys/epoll.h>

namespace cairn::bench {
namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

void require(CURLMcode outcome) {
    if (outcome != CURLM_OK) throw std::runtime_error(curl_multi_strerror(outcome));
}

std::uint32_t epoll_events(int curl_poll) {
    std::uint32_t events = 0;
    if (curl_poll & CURL_POLL_IN) events |= EPOLLIN;
    if (curl_poll & CURL_POLL_OUT) events |= EPOLLOUT;
    return events;
}

int curl_events(std::uint32_t events) {
    int result = 0;
    if (events & EPOLLIN) result |= CURL_CSELECT_IN;
    if (events & EPOLLOUT) result |= CURL_CSELECT_OUT;
    if (events & (EPOLLERR | EPOLLHUP)) result |= CURL_CSELECT_ERR;
    return result;
}

}  // namespace

multi::multi(long connections)
    : epoll_(checked(epoll_create1(0), "epoll_create1")), handle_(curl_multi_init()) {
    if (!handle_) throw std::runtime_error("curl_multi_init failed");
    require(curl_multi_setopt(handle_.get(), CURLMOPT_MAXCONNECTS, connections));
    require(curl_multi_setopt(handle_.get(), CURLMOPT_SOCKETFUNCTION, &multi::on_socket));
    require(curl_multi_setopt(handle_.get(), CURLMOPT_SOCKETDATA, this));
    require(curl_multi_setopt(handle_.get(), CURLMOPT_TIMERFUNCTION, &multi::on_timer));
    require(curl_multi_setopt(handle_.get(), CURLMOPT_TIMERDATA, this));
}

void multi::add(CURL* easy) {
    require(curl_multi_add_handle(handle_.get(), easy));
}

void multi::remove(CURL* easy) {
    require(curl_multi_remove_handle(handle_.get(), easy));
}

void multi::wait_once(const std::function<void(CURL*, CURLcode)>& on_done) {
    std::array<epoll_event, 128> events;
    const int ready =
        checked(epoll_wait(epoll_.get(), events.data(), events.size(), milliseconds_to_wait()),
                "epoll_wait");
    for (int i = 0; i < ready; ++i) act(events[i].data.fd, curl_events(events[i].events));
    if (timer_ && *timer_ <= steady_clock::now()) {
        timer_.reset();
        act(CURL_SOCKET_TIMEOUT, 0);
    }
    pass_on_finished(on_done);
}

int multi::on_socket(CURL*, curl_socket_t socket, int what, void* self, void* known) {
    static_cast<multi*>(self)->watch(socket, what, known != nullptr);
    return 0;
}

int multi::on_timer(CURLM*, long timeout_ms, void* self) {
    auto& timer = static_cast<multi*>(self)->timer_;
    timer.reset();
    if (timeout_ms >= 0) timer = steady_clock::now() + milliseconds(timeout_ms);
    return 0;
}

void multi::watch(curl_socket_t socket, int what, bool known) {
    if (what == CURL_POLL_REMOVE) {
        // The socket may be closed already, which removed it.
        epoll_ctl(epoll_.get(), EPOLL_CTL_DEL, socket, nullptr);
        return;
    }
    epoll_event interest{.events = epoll_events(what), .data = {.fd = socket}};
    checked(epoll_ctl(epoll_.get(), known ? EPOLL_CTL_MOD : EPOLL_CTL_ADD, socket, &interest),
            "epoll_ctl");
    if (!known) require(curl_multi_assign(handle_.get(), socket, this));
}

void multi::act(curl_socket_t socket, int events) {
    int running = 0;
    require(curl_multi_socket_action(handle_.get(), socket, events, &running));
}

int multi::milliseconds_to_wait() const {
    if (!timer_) return -1;
    const auto left = std::chrono::ceil<milliseconds>(*timer_ - steady_clock::now());
    return static_cast<int>(std::max(left, milliseconds(0)).count());
}

void multi::pass_on_finished(const std::function<void(CURL*, CURLcode)>& on_done) {
    int queued = 0;
    while (const CURLMsg* message = curl_multi_info_read(handle_.get(), &queued)) {
        if (message->msg != CURLMSG_DONE) continue;
        on_done(message->easy_handle, message->data.result);
    }
}

}  // namespace cairn::bench
