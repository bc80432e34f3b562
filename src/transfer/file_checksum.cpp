#include "transfer/file_checksum.hpp"

#include "transfer/ordered_checksum.hpp"

#include <algorithm>
#include <functional>
#include <memory>
#include <span>
#include <utility>

namespace cairn::transfer {
namespace {

// A hand-over to a worker costs nothing beside the checksum of so many bytes.
constexpr std::uint64_t step_bytes = 1024UL * 1024;

template <class Checksum>
awaitable<result<void>> read_through(Checksum& running, local_file& file, byte_range range,
                                     workers& by) {
    const auto piece = std::make_unique<std::byte[]>(step_bytes);
    for (auto at = range.offset; at < range.end();) {
        const auto most = static_cast<std::size_t>(std::min(range.end() - at, step_bytes));
        const auto n = co_await file.read_at(at, asio::buffer(piece.get(), most));
        if (!n) co_return n.error();
        if (*n == 0) break;
        const std::span got(piece.get(), *n);
        std::function<void()> work = [&] { running.update(got); };
        co_await by.run(std::move(work));
        at += *n;
    }
    co_return result<void>();
}

}  // namespace

awaitable<result<codec::checksum_value>> checksum_of_file(codec::checksum_algorithm algorithm,
                                                          local_file& file, byte_range range,
                                                          workers& by) {
    codec::checksum running(algorithm);
    const auto read = co_await read_through(running, file, range, by);
    if (!read) co_return read.error();
    co_return running.finish();
}

awaitable<result<std::string>> checksum_of_file(const kept_checksum& like, local_file& file,
                                                std::uint64_t size_bytes, workers& by) {
    ordered_checksum running(like);
    const byte_range all{0, size_bytes};
    const auto read = co_await read_through(running, file, all, by);
    if (!read) co_return read.error();
    co_return running.finish();
}

}  // namespace cairn::transfer
