#include "tools/copying.hpp"

namespace cairn::tool {
namespace {

constexpr auto examples =
    "  cairn cp report.pdf s3://docs/2026/                  to s3://docs/2026/report.pdf\n"
    "  cairn cp s3://docs/2026/report.pdf .                 and back\n"
    "  cairn cp --recursive photos s3://backup/photos       all files of a folder\n"
    "  cairn cp --recursive s3://backup/photos . --exclude '*' --include '*.jpg'\n"
    "  cairn cp 's3://logs/2026-11-*.gz' logs/              what matches\n"
    "  cairn cp s3://docs/a.txt s3://archive/ --storage-class GLACIER_IR\n"
    "  cairn cp s3://docs/a.txt s3://docs/a.txt --storage-class STANDARD_IA   change it in place\n"
    "  cairn cp disk.img s3://backup/ --if-none-match       never overwrite\n"
    "  cairn cp app.log s3://logs/ --compress zstd:10       and back with --decompress\n"
    "\n"
    "A download that was interrupted goes on where it stopped, from disk.img.cairn-part.";

}  // namespace

void add_cp(CLI::App& app, action& chosen) {
    add_copying(add_command(app, "cp", "Copy files to S3, from S3, or within it", examples),
                chosen);
}

}  // namespace cairn::tool
