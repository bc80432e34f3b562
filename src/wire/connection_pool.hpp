#pragma once

#include "wire/connection.hpp"

#include <cairn/core/clock.hpp>
#include <cairn/core/random.hpp>
#include <cairn/core/result.hpp>
#include <cairn/observe/sink.hpp>
#include <cairn/wire/pool.hpp>
#include <cairn/wire/time_limits.hpp>
#include <cairn/wire/transport.hpp>

#include <memory>
#include <string>

namespace cairn::wire {

/// Whom a connection is to.
struct peer {
    peer(bool t, std::string h, std::uint16_t p) : tls(t), host(std::move(h)), port(p) {}
    std::string key() const {
        return (tls ? "https://" : "http://") + host + ":" + std::to_string(port);
    }

    bool tls;
    std::string host;
    std::uint16_t port;
};

class lease;

/// Keep-alive connections, bounded a host.
///
/// Callers beyond the bound wait in order; a connection or a right set free goes to the first of
/// them. Idle connections are used last in, first out, so that a burst's surplus expires. Thread
/// safety: safe. Cancellation: of a waiting caller, leaves the queue at once.
class connection_pool : public std::enable_shared_from_this<connection_pool> {
  public:
    connection_pool(std::shared_ptr<transport> transport, std::shared_ptr<clock> clock,
                    std::shared_ptr<random> random, const pool_options& options,
                    const time_limits& limits);
    ~connection_pool();

    /// Fails with `resolve_failed`, `connect_failed` (each address tried), `tls_failed`, or
    /// `timed_out` with the stage that took too long.
    ///
    /// @param told hears of waits, connections and what it takes to open them.
    awaitable<result<lease>> acquire(peer to, observe::trace told = {});

    struct counts {
        std::size_t open = 0;  ///< Busy, idle and being connected.
        std::size_t idle = 0;
        std::size_t waiting = 0;
    };
    counts count(const peer& to) const;

  private:
    friend class lease;
    struct host;
    struct waiter;
    struct state;

    struct step;

    awaitable<result<std::unique_ptr<connection>>> open(std::shared_ptr<host> to,
                                                        observe::trace told);
    awaitable<result<std::vector<asio::ip::tcp::endpoint>>> addresses_of(std::shared_ptr<host> to,
                                                                         observe::trace told);
    awaitable<result<std::unique_ptr<stream>>> connect(asio::ip::tcp::endpoint address,
                                                       std::shared_ptr<host> to,
                                                       observe::trace told);
    template <class T>
    static awaitable<result<T>> within(clock& time, step of, std::string peer,
                                       awaitable<result<T>> work, observe::trace told);
    void sweep(std::vector<std::unique_ptr<connection>>& closing, clock::time_point now);
    void give_back(const std::shared_ptr<host>& to, std::unique_ptr<connection> kept) noexcept;
    void free_right(const std::shared_ptr<host>& of) noexcept;

    std::shared_ptr<transport> transport_;
    std::shared_ptr<clock> clock_;
    std::shared_ptr<random> random_;
    pool_options options_;
    time_limits limits_;
    std::unique_ptr<state> state_;
};

/// The right to one connection of a host, and the connection. Dropped, it closes the connection.
///
/// Move-only. Thread safety: as the connection's.
class lease {
  public:
    lease() = default;
    lease(lease&& other) noexcept = default;
    lease& operator=(lease&& other) noexcept;
    ~lease() { drop(); }

    wire::connection& connection() const noexcept { return *connection_; }
    /// The connection has served before, so the peer may have closed it meanwhile.
    bool reused() const noexcept { return connection_->used; }
    /// Replaces the connection by a fresh one under the same right.
    awaitable<result<void>> reconnect();
    /// Gives a connection that can serve another exchange back to the pool.
    void keep() noexcept;

  private:
    friend class connection_pool;

    void drop() noexcept;

    std::shared_ptr<connection_pool> pool_;
    std::shared_ptr<connection_pool::host> host_;
    std::unique_ptr<wire::connection> connection_;
    observe::trace told_;
};

}  // namespace cairn::wire
