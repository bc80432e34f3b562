#pragma once

#include <cairn/testing/connection_fate.hpp>
#include <cairn/testing/link_options.hpp>
#include <cairn/testing/simulation.hpp>
#include <cairn/wire/transport.hpp>

#include <boost/asio/ip/address.hpp>

#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace cairn::testing {

/// What a host does with a connection: reads requests from it and writes replies, until it lets the
/// stream go. What it throws comes out of whatever call runs the simulation then.
using serve_function = std::function<awaitable<void>(std::unique_ptr<wire::stream>)>;

/// A host of a simulated network, that serves whoever connects to one of its addresses, on any
/// port. A handle; copies are one host.
class simulated_host {
  public:
    /// To be changed at any time; counts for connections made from then on.
    link_options& link() const noexcept;
    /// What the host's name resolves to, and where it can be reached, from now on; connections that
    /// exist go on. Without an address its name doesn't resolve.
    void move_to(std::vector<asio::ip::address> addresses) const;
    /// What befalls its n-th connection (from 0, refused ones too), whatever chance has in store.
    void set_fate(int n, const connection_fate& fate) const;
    /// Attempts to connect to it so far.
    int connections() const noexcept;
    /// Holds back all that is on its way to and from it, and lets it go on.
    void partition() const;
    void heal() const;

  private:
    friend class simulated_network;
    struct state;
    explicit simulated_host(std::shared_ptr<state> s) : state_(std::move(s)) {}
    std::shared_ptr<state> state_;
};

/// A machine on which clients run. A handle; copies are one machine.
class simulated_machine {
  public:
    /// To be changed at any time; counts for connections made from then on.
    link_options& link() const noexcept;
    /// For the clients on it, until it crashes.
    std::shared_ptr<wire::transport> transport() const;
    /// Ends all of its connections, as a kernel does for a process that is killed; what they have
    /// sent is still on its way. Streams that its clients hold have ended, and whatever they ask of
    /// the network from then on fails with `operation_aborted`, as if they had been cancelled. The
    /// next `transport` is the restarted machine's.
    void crash() const;
    /// Holds back all that is on its way to and from it, and lets it go on.
    void partition() const;
    void heal() const;
    /// Its streams that exist.
    int open() const noexcept;

  private:
    friend class simulated_network;
    struct state;
    explicit simulated_machine(std::shared_ptr<state> s) : state_(std::move(s)) {}
    std::shared_ptr<state> state_;
};

/// A network inside the process, of machines whose clients connect to hosts.
///
/// Errors are those that TCP, DNS and TLS give on Linux. A TLS connection costs one more round trip
/// and its bytes go as they are. Each event is a line of the trace: `a>s3.example#2 312 bytes to
/// s3.example` is what machine `a` has sent on that host's connection 2.
///
/// Thread safety: none. Lifetime: handles and transports outlive the network, not the simulation.
class simulated_network {
  public:
    explicit simulated_network(simulation& world);
    /// On a context that something else runs, on any clock.
    simulated_network(asio::io_context& context, std::shared_ptr<clock> time,
                      std::shared_ptr<seeded_random> random, std::shared_ptr<trace> log);
    ~simulated_network();
    simulated_network(const simulated_network&) = delete;
    simulated_network& operator=(const simulated_network&) = delete;

    /// Adds a host, at an address of its own. Throws `std::invalid_argument` when there is one by
    /// this name.
    simulated_host add_host(const std::string& name, serve_function serve,
                            const link_options& link = link_options());
    /// Adds a machine. Its name is for the trace only.
    simulated_machine add_machine(const std::string& name,
                                  const link_options& link = link_options());

  private:
    struct state;
    std::shared_ptr<state> state_;
};

}  // namespace cairn::testing
