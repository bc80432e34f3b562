#include "testing/network_transport.hpp"

#include "core/completion.hpp"
#include "testing/fate.hpp"
#include "testing/simulated_connection.hpp"
#include "wire/connect_errors.hpp"

#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/system/system_error.hpp>

#include <algorithm>

namespace cairn::testing {

using asio::ip::tcp;
using wire::connect_error;
using wire::resolve_error;
using wire::text_of;

namespace {

// The host learns of a connection when its first packet has come all the way.
awaitable<void> serve(std::shared_ptr<network_core> net, std::shared_ptr<network_host> at,
                      std::shared_ptr<simulated_connection> on) {
    const auto latency = on->latency_from(side::machine);
    co_await net->in.clock->sleep_until(net->in.clock->now() + latency);
    // Asked of the host's own function object, which outlives what it gives.
    co_await at->serve(on->stream(side::host, at->open));
}

}  // namespace

connection_fate network_host::fate_of(int n, const fault_chances& machine,
                                      seeded_random& random) const {
    const auto fated = fates.find(n);
    return fated != fates.end() ? fated->second : draw_fate(machine, link.faults, random);
}

std::shared_ptr<network_host> network_core::find(const std::string& name) const {
    const auto found = hosts.find(name);
    return found != hosts.end() ? found->second : nullptr;
}

std::shared_ptr<network_host> network_core::find(const asio::ip::address& address) const {
    for (const auto& [name, each] : hosts)
        if (std::ranges::find(each->addresses, address) != each->addresses.end()) return each;
    return nullptr;
}

awaitable<void> network_core::change(std::shared_ptr<network_core> self) {
    const auto waiter = std::make_shared<completion>();
    self->waiting.push_back(waiter);
    const bool woken = co_await waiter->wait();
    std::erase(self->waiting, waiter);
    if (!woken) throw boost::system::system_error(asio::error::operation_aborted);
}

void network_core::changed() {
    for (const auto& waiter : std::exchange(waiting, {})) waiter->complete();
}

struct network_transport::attempt {
    attempt() = default;
    std::shared_ptr<network_host> at;
    tcp::endpoint address;
    std::string name;
    connection_fate fate;
    clock::duration there{};
    clock::duration back{};
};

// A machine's end of a connection, which a handshake may follow on.
class network_transport::stream final : public wire::stream {
  public:
    stream(std::unique_ptr<wire::stream> end, std::shared_ptr<attempt> a)
        : attempt_(std::move(a)), end_(std::move(end)) {}

    awaitable<wire::io_result> read_some(asio::mutable_buffer into) override {
        return end_->read_some(into);
    }
    awaitable<wire::io_result> write_some(std::span<const asio::const_buffer> from) override {
        return end_->write_some(from);
    }
    bool is_quiet() noexcept override { return end_->is_quiet(); }
    void shutdown() noexcept override { end_->shutdown(); }

    const std::shared_ptr<attempt>& come_from() const { return attempt_; }

  private:
    std::shared_ptr<attempt> attempt_;
    std::unique_ptr<wire::stream> end_;
};

network_transport::network_transport(std::shared_ptr<network_core> net,
                                     std::shared_ptr<network_node> machine)
    : net_(std::move(net)), machine_(std::move(machine)) {}

void network_transport::check_alive() const {
    if (crashed_) throw boost::system::system_error(asio::error::operation_aborted);
}

awaitable<void> network_transport::pass_time(clock::duration d) {
    co_await net_->in.clock->sleep_until(net_->in.clock->now() + d);
    check_alive();
}

awaitable<void> network_transport::travel(clock::duration latency,
                                          std::shared_ptr<const network_node> to) {
    co_await pass_time(latency);
    while (machine_->cut || to->cut) {
        co_await network_core::change(net_);
        check_alive();
    }
}

awaitable<void> network_transport::round_trip(std::shared_ptr<attempt> a) {
    co_await travel(a->there, a->at);
    co_await travel(a->back, a->at);
}

awaitable<void> network_transport::wait_for_ever() {
    for (;;) {
        co_await network_core::change(net_);
        check_alive();
    }
}

awaitable<result<std::vector<tcp::endpoint>>> network_transport::resolve(std::string host,
                                                                         std::uint16_t port) {
    check_alive();
    error_code not_literal;
    const auto literal = asio::ip::make_address(host, not_literal);
    if (!not_literal) co_return std::vector{tcp::endpoint(literal, port)};

    const auto self = shared_from_this();
    co_await asio::post(asio::use_awaitable);
    const bool fails = net_->in.random->chance(machine_->link.faults.resolve_failed);
    co_await travel(machine_->link.latency_out + machine_->link.latency_in, machine_);
    const auto at = net_->find(host);
    std::vector<tcp::endpoint> found;
    if (at && !fails)
        for (const auto& address : at->addresses) found.emplace_back(address, port);
    net_->note(machine_->name + " resolves " + host + ": " +
               (found.empty() ? "failed" : text_of(found.front())));
    if (fails) co_return resolve_error(host, asio::error::host_not_found_try_again);
    if (found.empty()) co_return resolve_error(host, asio::error::host_not_found);
    co_return found;
}

awaitable<result<std::unique_ptr<wire::stream>>> network_transport::connect(tcp::endpoint address) {
    const auto self = shared_from_this();
    co_await asio::post(asio::use_awaitable);
    check_alive();
    const auto a = std::make_shared<attempt>();
    a->at = net_->find(address.address());
    a->address = address;
    const auto opened = co_await open(a);
    if (!opened) co_return opened.error();
    co_return establish(a);
}

awaitable<result<void>> network_transport::open(std::shared_ptr<attempt> a) {
    if (!a->at) {
        net_->note(machine_->name + " finds no route to " + text_of(a->address));
        co_await travel(machine_->link.latency_out + machine_->link.latency_in, machine_);
        co_return connect_error(a->address, asio::error::host_unreachable);
    }
    const int n = a->at->connections++;
    a->fate = a->at->fate_of(n, machine_->link.faults, *net_->in.random);
    a->name = machine_->name + ">" + a->at->name + "#" + std::to_string(n);
    a->there = machine_->link.latency_out + a->at->link.latency_in;
    a->back = a->at->link.latency_out + machine_->link.latency_in;
    net_->note(a->name + " connecting to " + text_of(a->address));
    if (a->fate.unanswered) {
        net_->note(a->name + " unanswered");
        co_await wait_for_ever();
    }
    co_await round_trip(a);
    if (!a->fate.refused) co_return result<void>();
    net_->note(a->name + " refused");
    co_return connect_error(a->address, asio::error::connection_refused);
}

awaitable<result<std::unique_ptr<wire::stream>>> network_transport::secure(
    std::unique_ptr<wire::stream> plain, std::string server_name) {
    const auto self = shared_from_this();
    const auto a = dynamic_cast<const stream&>(*plain).come_from();
    co_await round_trip(a);
    if (a->fate.tls == tls_fault::none) co_return std::move(plain);
    const auto seen = describe(a->fate.tls) + " (" + server_name + ")";
    net_->note(a->name + " TLS failed: " + seen);
    co_return error(errc::tls_failed, seen);
}

std::unique_ptr<wire::stream> network_transport::establish(std::shared_ptr<attempt> a) {
    net_->note(a->name + " connected");
    simulated_connection::terms terms;
    terms.name = a->name;
    terms.names = {machine_->name, a->at->name};
    terms.links = {machine_->link, a->at->link};
    terms.fate = a->fate;
    terms.is_cut = [from = machine_, to = a->at] { return from->cut || to->cut; };
    terms.until_healed = [net = net_] { return network_core::change(net); };
    const auto made = std::make_shared<simulated_connection>(net_->in, std::move(terms));
    std::erase_if(connections_, [](const auto& each) { return each.expired(); });
    connections_.push_back(made);
    auto end = made->stream(side::machine, machine_->open);
    spawn_beside(net_->in.executor, serve(net_, a->at, made));
    return std::make_unique<stream>(std::move(end), std::move(a));
}

void network_transport::crash() {
    crashed_ = true;
    for (const auto& each : std::exchange(connections_, {}))
        if (const auto open = each.lock()) open->close(side::machine);
    net_->changed();
}

}  // namespace cairn::testing
