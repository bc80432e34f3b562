#pragma once

#include "support/fault_schedule.hpp"

#include <cairn/core/asio.hpp>

#include <boost/asio/io_context.hpp>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace cairn::test {

/// A TCP proxy between clients of HTTP/1.1 and a server on this machine, with faults.
///
/// Replies are not corrupted: without TLS, nothing would notice it in a plain GET. Thread safety:
/// none; one `io_context`, one thread.
class fault_proxy {
  public:
    struct event {
        std::string request;  ///< "PUT /bucket/key"
        wire_fault what = wire_fault::none;
        /// It came to pass. A fault may not: what was to be cut may be empty.
        bool struck = false;
    };

    fault_proxy(asio::io_context& context, std::uint16_t server_port, fault_schedule schedule);
    ~fault_proxy();
    fault_proxy(const fault_proxy&) = delete;
    fault_proxy& operator=(const fault_proxy&) = delete;

    /// What is to happen to the requests that are still to come.
    fault_schedule& schedule() noexcept;
    std::string endpoint() const;
    /// Each request that has come, in order.
    const std::vector<event>& events() const noexcept;
    /// Whether a fault that can make a call fail has struck a request with `part` in it, among the
    /// events from `since` on.
    bool explains_failure(std::string_view part, std::size_t since) const;
    /// Closes every connection, and accepts no more.
    void stop();

  private:
    class session;
    struct state;
    std::shared_ptr<state> state_;
};

}  // namespace cairn::test
