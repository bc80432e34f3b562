#include "tools/session.hpp"

#include <cairn/transfer/tree.hpp>

namespace cairn::tool {
namespace {

constexpr auto examples =
    "  cairn rm s3://photos/cat.jpg\n"
    "  cairn rm --recursive s3://photos/2019/        all below a prefix\n"
    "  cairn rm --dry-run 's3://logs/2025-*.gz'      say what would go\n"
    "  cairn rm --recursive s3://photos --exclude '*' --include '*.tmp'";

struct rm_options {
    rm_options() = default;
    std::vector<std::string> arguments;
    std::vector<s3_url> urls;
    bool recursive = false;
    transfer::name_filter names;
};

void tell(session& with, const s3_url& url) {
    with.out.done("delete: " + url.text(), {{"operation", "rm"}, {"url", url.text()}},
                  with.options.dry_run);
}

awaitable<void> remove_keys(session& with, std::string bucket, std::vector<std::string> keys) {
    if (with.options.dry_run) {
        for (const auto& key : keys) tell(with, s3_url(bucket, key));
        co_return;
    }
    const auto outcomes = co_await with.client.delete_objects(bucket, std::move(keys));
    if (!outcomes) {
        with.out.failed("rm s3://" + bucket, outcomes.error());
        co_return;
    }
    for (const auto& one : *outcomes) {
        const s3_url url(bucket, one.key);
        if (one.outcome)
            tell(with, url);
        else
            with.out.failed("rm " + url.text(), one.outcome.error());
    }
}

awaitable<void> remove_object(session& with, s3_url url) {
    if (!with.options.dry_run) {
        const auto gone = co_await with.client.delete_object(url.bucket, url.key);
        if (!gone) {
            with.out.failed("rm " + url.text(), gone.error());
            co_return;
        }
    }
    tell(with, url);
}

awaitable<void> remove_tree(session& with, std::shared_ptr<const rm_options> o, s3_url url) {
    auto objects = objects_at(with.client, url);
    bool any = false;
    for (;;) {
        const auto page = co_await objects.next();
        if (!page || (!*page && !any))
            with.out.failed("rm " + url.text(), page ? nothing_found(url) : page.error());
        if (!page || !*page) co_return;
        any = true;
        std::vector<std::string> keys;
        for (const auto& entry : **page)
            if (o->names.admits(entry.name)) keys.push_back(objects.root() + entry.name);
        co_await remove_keys(with, url.bucket, std::move(keys));
    }
}

awaitable<void> remove(session& with, std::shared_ptr<const rm_options> o) {
    for (const auto& url : o->urls) {
        if (o->recursive || url.has_wildcards())
            co_await remove_tree(with, o, url);
        else
            co_await remove_object(with, url);
    }
}

}  // namespace

void add_rm(CLI::App& app, action& chosen) {
    auto& command = add_command(app, "rm", "Delete objects", examples);
    const auto o = std::make_shared<rm_options>();
    command.add_option("URL", o->arguments, "s3://BUCKET/KEY, with wildcards or not")->required();
    command.add_flag("--recursive", o->recursive, "Delete all objects below a prefix");
    add_filters(command, o->names);
    command.callback([o, &chosen] {
        for (const auto& argument : o->arguments)
            o->urls.push_back(o->recursive ? require_bucket(argument) : require_object(argument));
        chosen = [o](session& with) { return remove(with, o); };
    });
}

}  // namespace cairn::tool
