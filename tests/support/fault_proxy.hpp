#pragma once

#include <cairn/core/asio.hpp>

#include <boost/asio/io_context.hpp>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace cairn::test {

/// What happens to a request, or to its reply, on the way.
enum class fault {
    none,
    refuse,       ///< The connection is reset; the server hears nothing of the request.
    cut_request,  ///< The connection is reset when a part of the request has been passed on.
    corrupt,      ///< A byte of the request's body is another one. Its signature tells the server.
    twice,        ///< The server gets the request again before its reply is passed on, on another
                  ///< connection, whose reply is dropped.
    lose_reply,   ///< The connection is reset when the server has replied.
    cut_reply,    ///< The connection ends when a part of the reply has been passed on.
    delay,        ///< The reply comes some milliseconds late.
    silence,      ///< No reply comes.
};

/// A TCP proxy between clients of HTTP/1.1 and a server on this machine, with faults that are drawn
/// from a seed.
///
/// What happens to a request depends on the seed, on its method, its target after the bucket, and
/// how often it has come before; not on when it comes. A corrupted body is sent only where its
/// hash is signed: then no server may store it. Replies are not corrupted: without TLS, nothing
/// would notice it in a plain GET. Thread safety: none; one `io_context`, one thread.
class fault_proxy {
  public:
    struct event {
        std::string request;  ///< "PUT /bucket/key"
        fault what = fault::none;
        /// It came to pass. A fault may not: a reply may end before the byte it was to be cut at.
        bool struck = false;
    };

    fault_proxy(asio::io_context& context, std::uint16_t server_port, std::uint64_t seed);
    ~fault_proxy();
    fault_proxy(const fault_proxy&) = delete;
    fault_proxy& operator=(const fault_proxy&) = delete;

    /// Lets requests that would meet this fault pass.
    void leave_out(fault what);

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

const char* name_of(fault what);

}  // namespace cairn::test
