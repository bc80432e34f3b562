// The least CPU that a transfer can use: a thread a connection that does nothing but copy between
// file and socket, by pre-signed requests, and the checksum of what it copies.

#include "../common/file_part.hpp"
#include "plain_channel.hpp"
#include "reply.hpp"
#include "tls_channel.hpp"

#include <algorithm>
#include <atomic>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <fcntl.h>
#include <future>
#include <span>
#include <string>
#include <vector>

namespace {

using namespace cairn::bench;

constexpr std::size_t piece_bytes = 256 * 1024;

std::string head(const workload& load, const slice& part) {
    const bool put = load.operation == operation::put;
    return (put ? "PUT " : "GET ") + load.path() + " HTTP/1.1\r\nHost: " + load.authority() +
           (put ? "\r\nContent-Length: " + std::to_string(part.length)
                : "\r\nRange: bytes=" + part.range()) +
           "\r\n\r\n";
}

/// One connection, whose calls block.
template <class Channel>
class lane {
  public:
    lane(const workload& load, const typename Channel::context& shared, const descriptor& file)
        : load_(load), file_(file), channel_(load, shared), piece_(piece_bytes) {
        checked(fcntl(channel_.fd(), F_SETFL, 0), "fcntl");
    }

    void move(const slice& part) {
        file_part moving(file_, part);
        channel_.write(head(load_, part));
        load_.operation == operation::put ? send(moving) : receive(moving);
        moving.finish();
    }

  private:
    void send(file_part& part) {
        while (part.missing() > 0) {
            const auto bytes = part.read(piece_);
            channel_.write({bytes.data(), bytes.size()});
        }
        behind_head(read_some(piece_), 0);
    }

    void receive(file_part& part) {
        part.write(behind_head(read_some(piece_), part.missing()));
        while (part.missing() > 0) part.write(read_piece(part.missing()));
    }

    // TLS gives a record at a time: a write for each would cost more than the copy.
    std::span<const char> read_piece(std::uint64_t most) {
        const auto piece = std::span(piece_).first(std::min<std::uint64_t>(piece_.size(), most));
        for (auto left = piece; !left.empty();) left = left.subspan(read_some(left).size());
        return piece;
    }

    std::span<const char> read_some(std::span<char> into) {
        return into.first(channel_.read(into).value());
    }

    const workload& load_;
    const descriptor& file_;
    Channel channel_;
    std::vector<char> piece_;
};

template <class Channel>
void run(const workload& load) {
    const typename Channel::context shared(load);
    const descriptor file = open_file(load);
    const std::uint64_t parts = load.object_bytes / load.request_bytes;
    std::atomic<std::uint64_t> next = 0;
    std::vector<std::future<void>> lanes;
    for (std::size_t i = 0; i < load.connections; ++i) {
        lanes.push_back(std::async(std::launch::async, [&] {
            lane<Channel> mine(load, shared, file);
            for (auto part = next++; part < parts; part = next++) {
                mine.move({part * load.request_bytes, load.request_bytes});
            }
        }));
    }
    for (auto& each : lanes) each.get();
}

}  // namespace

int main(int argc, char** argv) {
    try {
        const workload load = parse_workload(argc, argv);
        load.tls() ? run<tls_channel>(load) : run<plain_channel>(load);
        return EXIT_SUCCESS;
    } catch (const std::exception& error) {
        std::fprintf(stderr, "%s\n", error.what());
        return EXIT_FAILURE;
    }
}
