#include "tools/removing.hpp"

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

awaitable<void> remove_object(session& with, s3_url url) {
    if (!with.options.dry_run) {
        const auto gone = co_await with.client.delete_object(url.bucket, url.key);
        if (!gone) {
            with.out.failed("rm", url.text(), gone.error());
            co_return;
        }
    }
    tell_removed(with, url.text());
}

awaitable<void> remove(session& with, std::shared_ptr<const rm_options> o) {
    for (const auto& url : o->urls) {
        if (!o->recursive && !url.has_wildcards()) {
            co_await remove_object(with, url);
            continue;
        }
        const bool any = co_await remove_tree(with, "rm", url, o->names);
        if (!any) with.out.failed("rm", url.text(), nothing_found(url));
    }
}

}  // namespace

void add_rm(CLI::App& app, action& chosen) {
    auto& command = add_command(app, "rm", "Delete objects", examples);
    const auto o = std::make_shared<rm_options>();
    command.add_option("URL", o->arguments, "s3://BUCKET/KEY, with wildcards or not")->required();
    command.add_flag("-r,--recursive", o->recursive, "Delete all objects below a prefix");
    add_filters(command, o->names);
    command.callback([o, &chosen] {
        for (const auto& argument : o->arguments)
            o->urls.push_back(o->recursive ? require_bucket(argument) : require_object(argument));
        chosen = [o](session& with) { return remove(with, o); };
    });
}

}  // namespace cairn::tool
