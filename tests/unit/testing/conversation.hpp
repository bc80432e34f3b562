#pragma once

#include "support/io.hpp"
#include "support/open_stream.hpp"

#include <cairn/testing/simulated_network.hpp>

#include <boost/asio/buffer.hpp>

#include <array>
#include <string>
#include <string_view>

namespace cairn::testing {

/// A network with a host, "host", and a machine, "client".
class network_test : public test::io {
  protected:
    using stream_ptr = std::unique_ptr<wire::stream>;

    /// What one end has seen.
    struct seen {
        std::string bytes;
        error_code end;
        clock::time_point last{};
    };

    static awaitable<void> write_all(wire::stream& to, std::string data) {
        std::string_view left = data;
        while (!left.empty()) {
            const std::array<asio::const_buffer, 1> piece{asio::buffer(left)};
            const auto moved = co_await to.write_some(piece);
            if (std::get<0>(moved)) co_return;
            left.remove_prefix(std::get<1>(moved));
        }
    }
    /// Reads `n` bytes, or as many as come before an error.
    static awaitable<seen> read(wire::stream& from, std::size_t n, std::shared_ptr<clock> time) {
        seen s;
        std::array<char, 100'000> piece;
        while (s.bytes.size() < n && !s.end) {
            const auto room = asio::buffer(piece, n - s.bytes.size());
            const auto moved = co_await from.read_some(room);
            s.bytes.append(piece.data(), std::get<1>(moved));
            s.end = std::get<0>(moved);
            s.last = time->now();
        }
        co_return s;
    }
    static awaitable<error_code> write_once(wire::stream& to, std::string data) {
        const std::array<asio::const_buffer, 1> piece{asio::buffer(data)};
        const auto moved = co_await to.write_some(piece);
        co_return std::get<0>(moved);
    }
    /// Reads to the end.
    seen drain(wire::stream& from) { return run(read(from, static_cast<std::size_t>(-1), time)); }

    result<stream_ptr> try_connect(const simulated_machine& from, const std::string& tls = {}) {
        return run(
            test::open_stream(from.transport(), {asio::ip::make_address("10.0.0.1"), 443}, tls));
    }
    stream_ptr connect(const simulated_machine& from) {
        auto connected = try_connect(from);
        return std::move(connected.value());
    }
    clock::duration took(clock::time_point from) const { return time->now() - from; }
    bool traced(const std::string& event) const {
        return world.trace()->text().find(event + "\n") != std::string::npos;
    }

    simulated_network net{world};
    simulated_machine client = net.add_machine("client");
};

}  // namespace cairn::testing
