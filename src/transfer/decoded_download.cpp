#include "transfer/decoded_download.hpp"

#include "transfer/destination.hpp"
#include "transfer/object_stream.hpp"
#include "transfer/temporary_names.hpp"

#include <cairn/codec/stream.hpp>

#include <filesystem>
#include <optional>
#include <utility>

namespace cairn::transfer {
namespace {

// Goes with whoever could not finish it.
class part_file {
  public:
    explicit part_file(std::filesystem::path path) : path_(std::move(path)) {}
    part_file(const part_file&) = delete;
    part_file& operator=(const part_file&) = delete;
    ~part_file() {
        if (mine_) remove_file(path_);
    }
    /// Its name may be another's by now.
    void release() noexcept { mine_ = false; }

  private:
    std::filesystem::path path_;
    bool mine_ = true;
};

awaitable<result<std::uint64_t>> write_all(wire::body_stream& from, local_file& to,
                                           asio::mutable_buffer piece,
                                           const on_progress& on_progress) {
    for (std::uint64_t at = 0;;) {
        const auto n = co_await from.read_some(piece);
        if (!n) co_return n.error();
        if (*n == 0) co_return at;
        const auto written = co_await to.write_at(at, asio::buffer(piece, *n));
        if (!written) co_return written.error();
        at += *n;
        if (on_progress) on_progress({at, std::nullopt});
    }
}

}  // namespace

awaitable<result<download_output>> bring_decoded(std::shared_ptr<context> in,
                                                 const download& request) {
    auto opened = co_await open_object(in, request.object);
    if (!opened) co_return opened.error();
    const auto encodings = opened->object.content_encoding.value_or("");
    std::optional<result<concurrency_limit::permit>> turn;
    if (!encodings.empty()) turn.emplace(co_await in->transforms.acquire());
    if (turn && !*turn) co_return turn->error();
    auto plain = codec::decompressed(std::move(opened->body), encodings, *request.decompression,
                                     in->workers);
    if (!plain) co_return plain.error();
    const auto file = open_part_file(request, in->workers);
    if (!file) co_return file.error();
    part_file until_whole((*file)->path());
    // Of an earlier download in parts, which go now.
    remove_file(with_suffix(request.to, journal_suffix));
    if (const auto emptied = (*file)->resize(0); !emptied) co_return emptied.error();
    const auto memory = co_await in->down.memory.acquire(piece_bytes);
    const auto size = co_await write_all(**plain, **file, memory.memory(), request.on_progress);
    if (!size) co_return size.error();
    const auto placed = co_await put_in_place(**file, request);
    if (!placed) co_return placed.error();
    until_whole.release();
    download_output output;
    output.etag = opened->object.etag.value_or("");
    output.version_id = opened->object.version_id;
    output.size_bytes = *size;
    output.verified = opened->is_verified;
    co_return output;
}

}  // namespace cairn::transfer
