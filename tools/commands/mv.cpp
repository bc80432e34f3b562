#include "tools/copying.hpp"

namespace cairn::tool {
namespace {

constexpr auto examples =
    "  cairn mv report.pdf s3://docs/2026/                  upload it, then remove it here\n"
    "  cairn mv --recursive s3://docs/2025/ s3://archive/2025/\n"
    "  cairn mv 's3://spool/*.json' done/\n"
    "\n"
    "Each source is removed when it has arrived whole.";

}  // namespace

void add_mv(CLI::App& app, action& chosen) {
    add_copying(add_command(app, "mv", "Move files to S3, from S3, or within it", examples),
                chosen);
}

}  // namespace cairn::tool
