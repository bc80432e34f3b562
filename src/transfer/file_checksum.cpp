#include "transfer/file_checksum.hpp"

#include <algorithm>
#include <functional>
#include <memory>
#include <span>
#include <utility>

namespace cairn::transfer {
namespace {

// A hand-over to a worker costs nothing beside the checksum of so many bytes.
constexpr std::uint64_t step_bytes = 1024UL * 1024;

}  // namespace

awaitable<result<codec::checksum_value>> checksum_of_file(codec::checksum_algorithm algorithm,
                                                          local_file& file, byte_range range,
                                                          workers& by) {
    codec::checksum running(algorithm);
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
    co_return running.finish();
}

}  // namespace cairn::transfer
