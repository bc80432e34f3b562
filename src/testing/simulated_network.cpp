#include "testing/network_transport.hpp"

#include <cairn/testing/simulated_network.hpp>

#include <stdexcept>

namespace cairn::testing {

struct simulated_host::state {
    std::shared_ptr<network_core> net;
    std::shared_ptr<network_host> node;
};

struct simulated_machine::state {
    std::shared_ptr<network_core> net;
    std::shared_ptr<network_node> node;
    std::shared_ptr<network_transport> transport;
};

struct simulated_network::state {
    std::shared_ptr<network_core> net;
    std::uint32_t addresses_given = 0;
};

namespace {

void set_cut(network_core& net, network_node& node, bool cut) {
    net.note(node.name + (cut ? " is partitioned off" : " is back"));
    node.cut = cut;
    net.changed();
}

}  // namespace

link_options& simulated_host::link() const noexcept {
    return state_->node->link;
}

void simulated_host::move_to(std::vector<asio::ip::address> addresses) const {
    state_->net->note(state_->node->name + " moves");
    state_->node->addresses = std::move(addresses);
}

void simulated_host::set_fate(int n, const connection_fate& fate) const {
    state_->node->fates[n] = fate;
}

int simulated_host::connections() const noexcept {
    return state_->node->connections;
}

void simulated_host::partition() const {
    set_cut(*state_->net, *state_->node, true);
}
void simulated_host::heal() const {
    set_cut(*state_->net, *state_->node, false);
}

link_options& simulated_machine::link() const noexcept {
    return state_->node->link;
}

std::shared_ptr<wire::transport> simulated_machine::transport() const {
    if (!state_->transport)
        state_->transport = std::make_shared<network_transport>(state_->net, state_->node);
    return state_->transport;
}

void simulated_machine::crash() const {
    state_->net->note(state_->node->name + " crashes");
    if (const auto gone = std::exchange(state_->transport, nullptr)) gone->crash();
}

void simulated_machine::partition() const {
    set_cut(*state_->net, *state_->node, true);
}
void simulated_machine::heal() const {
    set_cut(*state_->net, *state_->node, false);
}

int simulated_machine::open() const noexcept {
    return *state_->node->open;
}

simulated_network::simulated_network(simulation& world)
    : simulated_network(world.context(), world.clock(), world.random(), world.trace()) {}

simulated_network::simulated_network(asio::io_context& context, std::shared_ptr<clock> time,
                                     std::shared_ptr<seeded_random> random,
                                     std::shared_ptr<trace> log)
    : state_(std::make_shared<state>()) {
    surroundings in;
    in.executor = context.get_executor();
    in.clock = std::move(time);
    in.random = std::move(random);
    in.trace = std::move(log);
    state_->net = std::make_shared<network_core>(std::move(in));
}

simulated_network::~simulated_network() = default;

simulated_host simulated_network::add_host(const std::string& name, serve_function serve,
                                           const link_options& link) {
    const auto node = std::make_shared<network_host>(name, std::move(serve), link);
    const auto [at, added] = state_->net->hosts.emplace(name, node);
    if (!added) throw std::invalid_argument("the network has a host \"" + name + "\" already");
    constexpr std::uint32_t first = 0x0a000001;  // 10.0.0.1
    node->addresses.emplace_back(asio::ip::address_v4(first + state_->addresses_given++));
    return simulated_host(std::make_shared<simulated_host::state>(state_->net, node));
}

simulated_machine simulated_network::add_machine(const std::string& name,
                                                 const link_options& link) {
    const auto node = std::make_shared<network_node>(name, link);
    return simulated_machine(
        std::make_shared<simulated_machine::state>(state_->net, node, nullptr));
}

}  // namespace cairn::testing
