#pragma once

#include "testing/surroundings.hpp"

#include <cairn/testing/connection_fate.hpp>
#include <cairn/testing/link_options.hpp>
#include <cairn/wire/transport.hpp>

#include <array>
#include <deque>
#include <functional>
#include <memory>
#include <string>

namespace cairn {
class completion;
}

namespace cairn::testing {

/// The two ends of a connection.
enum class side : std::uint8_t { machine, host };

/// A TCP connection between a machine and a host, as both kernels see it.
///
/// Thread safety: none.
class simulated_connection : public std::enable_shared_from_this<simulated_connection> {
  public:
    struct terms {
        terms() = default;
        std::string name;  ///< In the trace.
        std::array<std::string, 2> names;
        std::array<link_options, 2> links;
        connection_fate fate;
        /// Whether the network holds back what is on its way between the two, and until when.
        std::function<bool()> is_cut;
        std::function<awaitable<void>()> until_healed;
    };

    simulated_connection(surroundings in, terms of);

    /// One end; to be called once for each. `open` counts those that exist.
    std::unique_ptr<wire::stream> stream(side of, std::shared_ptr<int> open);
    /// Ends it as a kernel does for a process that closes its socket, or that is killed.
    void close(side of);
    /// How long a piece without bytes is on its way from here.
    clock::duration latency_from(side of) const;

  private:
    class end_stream;

    // A piece on its way.
    struct segment {
        enum class kind : std::uint8_t { data, end, reset };
        kind what;
        std::string bytes;
        clock::time_point arrival{};
    };
    // One end's socket, and the way from it to the other end.
    struct socket {
        std::string unread;
        bool closed = false;  // by its owner
        bool ended = false;   // by the other end
        bool dead = false;    // reset
        error_code untold;    // of the reset, for the next call
        std::shared_ptr<completion> reader, writer;

        std::size_t unread_there = 0;  // sent from here
        std::uint64_t sent = 0;
        std::uint64_t received = 0;
        clock::time_point line_free{};
        clock::time_point last_arrival{};
        std::deque<segment> on_its_way;
        bool carried = false;
    };

    static awaitable<wire::io_result> read_some(std::shared_ptr<simulated_connection> self, side of,
                                                asio::mutable_buffer into);
    static awaitable<wire::io_result> write_some(std::shared_ptr<simulated_connection> self,
                                                 side of, std::span<const asio::const_buffer> from);
    static awaitable<void> carry(std::shared_ptr<simulated_connection> self, side from);

    socket& at(side s) { return sockets_[static_cast<std::size_t>(s)]; }
    const link_options& link(side s) const { return terms_.links[static_cast<std::size_t>(s)]; }
    static error_code tell(socket& to, error_code later);
    std::size_t transfer_limit(side of, std::size_t most);
    void send_data(side from, std::string bytes);
    void send(side from, segment s);
    void arrive(side to, segment s);
    void arrive_data(side to, std::string bytes);
    void reset(side to);
    void reset_by_host();
    void vanish();
    bool begin_reply();
    void end_reply();
    bool befalls_reply(const std::optional<std::uint64_t>& fated, double chance) const;
    void note(const std::string& event) const;
    void note_arrival(side to, const std::string& what) const;

    surroundings in_;
    terms terms_;
    std::array<socket, 2> sockets_;
    std::uint64_t replies_ = 0;
    bool owes_reply_ = false;
    bool repeats_ = false;
    std::string repeated_;
    bool vanished_ = false;
};

}  // namespace cairn::testing
