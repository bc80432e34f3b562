#include "tools/removing.hpp"

namespace cairn::tool {
namespace {

constexpr auto examples =
    "  cairn rb s3://photos\n"
    "  cairn rb --force s3://photos            and all objects in it\n"
    "\n"
    "In a bucket that keeps versions, --force leaves them, and then the bucket.";

struct rb_options {
    rb_options() = default;
    std::string argument;
    s3_url bucket;
    bool force = false;
};

awaitable<void> remove_bucket(session& with, std::shared_ptr<const rb_options> o) {
    const auto url = o->bucket.text();
    if (o->force) {
        const transfer::name_filter all;
        co_await remove_tree(with, "rb", o->bucket, all);
        if (with.out.has_failures()) co_return;
    }
    if (!with.options.dry_run) {
        const auto removed = co_await with.client.delete_bucket(o->bucket.bucket);
        if (!removed) {
            with.out.failed("rb", url, removed.error());
            co_return;
        }
    }
    with.out.done("remove_bucket: " + url, {{"operation", "rb"}, {"url", url}},
                  with.options.dry_run);
}

}  // namespace

void add_rb(CLI::App& app, action& chosen) {
    auto& command = add_command(app, "rb", "Remove a bucket, which must be empty", examples);
    const auto o = std::make_shared<rb_options>();
    command.add_option("BUCKET", o->argument, "s3://BUCKET")->required();
    command.add_flag("--force", o->force, "Delete all objects in it first");
    command.callback([o, &chosen] {
        o->bucket = s3_url(require_bucket_name(o->argument), "");
        chosen = [o](session& with) { return remove_bucket(with, o); };
    });
}

}  // namespace cairn::tool
