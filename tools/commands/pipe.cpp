#include "tools/session.hpp"
#include "tools/standard_stream.hpp"
#include "tools/transfer_options.hpp"

#include <cairn/transfer/manager.hpp>

#include <algorithm>
#include <cstdint>

namespace cairn::tool {
namespace {

constexpr auto examples =
    "  tar c data | cairn pipe s3://backup/data.tar\n"
    "  pg_dump db | cairn pipe --compress zstd s3://backup/db.sql     to be read by cp "
    "--decompress\n"
    "  pg_dump db | zstd -T0 | cairn pipe --content-encoding zstd s3://backup/db.sql.zst\n"
    "  tar c / | cairn pipe --expected-size 2TiB s3://backup/all.tar";

// Parts of one size that are enough for it: S3 takes 10,000 of at least 5 MiB.
std::uint64_t part_bytes_for(std::uint64_t expected_bytes) {
    constexpr std::uint64_t max_parts = 10'000;
    constexpr std::uint64_t unit = 1ULL << 20U;
    const auto least = expected_bytes / max_parts / unit + 1;
    return std::max<std::uint64_t>(least, 8) * unit;
}

awaitable<void> pipe(session& with, std::shared_ptr<const transfer_options> o, s3_url to) {
    const boost::json::object line{{"operation", "pipe"}, {"url", to.text()}};
    if (with.options.dry_run) {
        with.out.done("upload: - to " + to.text(), line, true);
        co_return;
    }
    const auto executor = co_await asio::this_coro::executor;
    const transfer::manager transfers(with.client, o->shared());
    auto from = transfer::source::stream(standard_input(executor));
    transfer::upload request(std::move(from), to.bucket, to.key);
    o->apply_to(request.object, to.key);
    request.compression = o->compression;
    request.on_progress = with.progress.follow();
    with.progress.count().total_objects = 1;
    with.progress.count().all_known = true;
    with.show_progress();
    const auto sent = co_await transfers.send(std::move(request));
    if (sent)
        with.out.done("upload: - to " + to.text(), line, false);
    else
        with.out.failed("pipe", to.text(), o->hinted(sent.error()));
}

}  // namespace

void add_pipe(CLI::App& app, action& chosen) {
    auto& command = add_command(app, "pipe", "Upload standard input, of any length", examples);
    const auto url = std::make_shared<std::string>();
    const auto o = std::make_shared<transfer_options>();
    command.add_option("URL", *url, "s3://BUCKET/KEY")->required();
    o->add_to(command);
    o->add_compression_to(command);
    command
        .add_option_function<std::uint64_t>(
            "--expected-size",
            [how = o.get()](std::uint64_t bytes) { how->part_size_bytes = part_bytes_for(bytes); },
            "About how much will come, where it is more than 400GiB: for parts that are large "
            "enough")
        ->transform(size_in_bytes())
        ->excludes("--part-size")
        ->type_name("SIZE");
    command.callback([o, url, &chosen] {
        o->check_upload();
        chosen = [o, to = require_object(*url)](session& with) { return pipe(with, o, to); };
    });
}

}  // namespace cairn::tool
