#include "tools/session.hpp"

namespace cairn::tool {
namespace {

constexpr auto examples = "  cairn rb s3://photos";

awaitable<void> remove_bucket(session& with, std::string name) {
    const auto what = "rb s3://" + name;
    if (!with.options.dry_run) {
        const auto removed = co_await with.client.delete_bucket(name);
        if (!removed) {
            with.out.failed(what, removed.error());
            co_return;
        }
    }
    with.out.done("remove_bucket: s3://" + name, {{"operation", "rb"}, {"url", "s3://" + name}},
                  with.options.dry_run);
}

}  // namespace

void add_rb(CLI::App& app, action& chosen) {
    auto& command = add_command(app, "rb", "Remove a bucket, which must be empty", examples);
    const auto url = std::make_shared<std::string>();
    command.add_option("BUCKET", *url, "s3://BUCKET")->required();
    command.callback([url, &chosen] {
        chosen = [name = require_bucket_name(*url)](session& with) {
            return remove_bucket(with, name);
        };
    });
}

}  // namespace cairn::tool
