#pragma once

#include "testing/surroundings.hpp"

#include <cairn/testing/simulated_network.hpp>

#include <map>
#include <memory>
#include <string>
#include <vector>

namespace cairn {
class completion;
}

namespace cairn::testing {

class simulated_connection;

/// Something at the network's edge: a machine or a host.
struct network_node {
    network_node(std::string n, const link_options& l) : name(std::move(n)), link(l) {}

    const std::string name;
    link_options link;
    bool cut = false;                                      ///< Partitioned off.
    std::shared_ptr<int> open = std::make_shared<int>(0);  ///< Streams that exist.
};

struct network_host : network_node {
    network_host(std::string n, serve_function s, const link_options& l)
        : network_node(std::move(n), l), serve(std::move(s)) {}

    connection_fate fate_of(int n, const fault_chances& machine, seeded_random& random) const;

    const serve_function serve;
    std::vector<asio::ip::address> addresses;
    std::map<int, connection_fate> fates;
    int connections = 0;
};

/// What the nodes of a network share.
struct network_core {
    explicit network_core(surroundings s) : in(std::move(s)) {}

    std::shared_ptr<network_host> find(const std::string& name) const;
    std::shared_ptr<network_host> find(const asio::ip::address& address) const;
    void note(const std::string& event) const { in.trace->add(event); }
    /// Waits for a partition to end or for a crash. Throws `operation_aborted` when cancelled.
    static awaitable<void> change(std::shared_ptr<network_core> self);
    /// To be called after either.
    void changed();

    surroundings in;
    std::map<std::string, std::shared_ptr<network_host>> hosts;
    std::vector<std::shared_ptr<completion>> waiting;
};

/// The network as the clients on one machine see it, from a start of the machine to its crash.
class network_transport final : public wire::transport,
                                public std::enable_shared_from_this<network_transport> {
  public:
    network_transport(std::shared_ptr<network_core> net, std::shared_ptr<network_node> machine);

    awaitable<result<std::vector<asio::ip::tcp::endpoint>>> resolve(std::string host,
                                                                    std::uint16_t port) override;
    awaitable<result<std::unique_ptr<wire::stream>>> connect(
        asio::ip::tcp::endpoint address) override;
    awaitable<result<std::unique_ptr<wire::stream>>> secure(std::unique_ptr<wire::stream> plain,
                                                            std::string server_name) override;
    void crash();

  private:
    // One attempt to connect, and what came of it.
    struct attempt;
    class stream;

    awaitable<result<void>> open(std::shared_ptr<attempt> a);
    awaitable<void> pass_time(clock::duration d);
    awaitable<void> travel(clock::duration latency, std::shared_ptr<const network_node> to);
    awaitable<void> round_trip(std::shared_ptr<attempt> a);
    awaitable<void> wait_for_ever();
    std::unique_ptr<wire::stream> establish(std::shared_ptr<attempt> a);
    void check_alive() const;

    std::shared_ptr<network_core> net_;
    std::shared_ptr<network_node> machine_;
    std::vector<std::weak_ptr<simulated_connection>> connections_;
    bool crashed_ = false;
};

}  // namespace cairn::testing
