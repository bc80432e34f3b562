// Compresses a file by cairn's zstd of level 1, as `zstd -1` does: `bench-compression FROM TO`.

#include "../common/descriptor.hpp"

#include <cairn/codec/compression.hpp>

#include <cstdio>
#include <cstdlib>
#include <exception>
#include <fcntl.h>
#include <span>
#include <vector>

namespace {

using namespace cairn::bench;
namespace codec = cairn::codec;

// As the tool has it: what zstd takes and gives at its ease.
constexpr std::size_t piece_bytes = 128 * 1024;

void write_all(const descriptor& to, std::span<const std::byte> bytes) {
    while (!bytes.empty()) {
        const auto n = checked(write(to.get(), bytes.data(), bytes.size()), "write");
        bytes = bytes.subspan(static_cast<std::size_t>(n));
    }
}

void compress(const descriptor& from, const descriptor& to) {
    const auto by = codec::make_compressor(codec::zstd_options(1)).value();
    std::vector<std::byte> in(piece_bytes);
    std::vector<std::byte> out(piece_bytes);
    for (bool ended = false; !ended;) {
        const auto n = checked(read(from.get(), in.data(), in.size()), "read");
        std::span<const std::byte> left(in.data(), static_cast<std::size_t>(n));
        do {
            const auto done = by->run(left, out, n == 0).value();
            write_all(to, std::span(out).first(done.produced));
            left = left.subspan(done.consumed);
            ended = done.ended;
        } while (!left.empty() || (n == 0 && !ended));
    }
}

}  // namespace

int main(int argc, char** argv) {
    if (argc != 3) {
        std::fprintf(stderr, "usage: %s FROM TO\n", argv[0]);
        return EXIT_FAILURE;
    }
    try {
        const descriptor from(checked(open(argv[1], O_RDONLY | O_CLOEXEC), argv[1]));
        const descriptor to(
            checked(open(argv[2], O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666), argv[2]));
        compress(from, to);
        return EXIT_SUCCESS;
    } catch (const std::exception& error) {
        std::fprintf(stderr, "%s\n", error.what());
        return EXIT_FAILURE;
    }
}
