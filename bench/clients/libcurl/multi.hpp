#pragma once

#include "../common/descriptor.hpp"

#include <chrono>
#include <curl/curl.h>
#include <functional>
#include <memory>
#include <optional>

namespace cairn::bench {

struct curl_multi_deleter {
    void operator()(CURLM* handle) const { curl_multi_cleanup(handle); }
};

/// libcurl's multi interface driven by epoll (curl_multi_socket_action), its way for many
/// connections.
class multi {
  public:
    explicit multi(long connections);
    multi(const multi&) = delete;
    multi& operator=(const multi&) = delete;

    void add(CURL* easy);
    void remove(CURL* easy);
    /// Waits for something to happen, lets libcurl handle it, and passes on each transfer that has
    /// ended.
    void wait_once(const std::function<void(CURL*, CURLcode)>& on_done);

  private:
    using time_point = std::chrono::steady_clock::time_point;

    static int on_socket(CURL* easy, curl_socket_t socket, int what, void* self, void* known);
    static int on_timer(CURLM* handle, long timeout_ms, void* self);
    void watch(curl_socket_t socket, int what, bool known);
    void act(curl_socket_t socket, int events);
    int milliseconds_to_wait() const;
    void pass_on_finished(const std::function<void(CURL*, CURLcode)>& on_done);

    descriptor epoll_;
    std::unique_ptr<CURLM, curl_multi_deleter> handle_;
    std::optional<time_point> timer_;
};

}  // namespace cairn::bench
