#include "tools/session.hpp"

namespace cairn::tool {
namespace {

constexpr auto examples = "  cairn mb s3://photos\n  cairn mb s3://photos --region eu-central-1";

awaitable<void> make_bucket(session& with, std::string name) {
    if (!with.options.dry_run) {
        const auto made = co_await with.client.create_bucket(name);
        if (!made) {
            with.out.failed("mb", "s3://" + name, made.error());
            co_return;
        }
    }
    with.out.done("make_bucket: s3://" + name, {{"operation", "mb"}, {"url", "s3://" + name}},
                  with.options.dry_run);
}

}  // namespace

void add_mb(CLI::App& app, action& chosen) {
    auto& command = add_command(app, "mb", "Make a bucket", examples);
    const auto url = std::make_shared<std::string>();
    command.add_option("BUCKET", *url, "s3://BUCKET")->required();
    command.callback([url, &chosen] {
        chosen = [name = require_bucket_name(*url)](session& with) {
            return make_bucket(with, name);
        };
    });
}

}  // namespace cairn::tool
