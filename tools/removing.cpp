#include "tools/removing.hpp"

#include <utility>
#include <vector>

namespace cairn::tool {
namespace {

awaitable<void> remove_keys(session& with, const std::string& command, std::string bucket,
                            std::vector<std::string> keys) {
    if (with.options.dry_run) {
        for (const auto& key : keys) tell_removed(with, s3_url(bucket, key).text());
        co_return;
    }
    const auto outcomes = co_await with.client.delete_objects(bucket, std::move(keys));
    if (!outcomes) {
        with.out.failed(command, "s3://" + bucket, outcomes.error());
        co_return;
    }
    for (const auto& one : *outcomes) {
        const s3_url url(bucket, one.key);
        if (one.outcome)
            tell_removed(with, url.text());
        else
            with.out.failed(command, url.text(), one.outcome.error());
    }
}

}  // namespace

awaitable<bool> remove_tree(session& with, std::string command, s3_url url,
                            const transfer::name_filter& names) {
    auto objects = objects_at(with.client, url);
    for (bool any = false;; any = true) {
        const auto page = co_await objects.next();
        if (!page) with.out.failed(command, url.text(), page.error());
        if (!page || !*page) co_return any || !page;
        std::vector<std::string> keys;
        for (const auto& entry : **page)
            if (names.admits(entry.name)) keys.push_back(objects.root() + entry.name);
        co_await remove_keys(with, command, url.bucket, std::move(keys));
    }
}

void tell_removed(session& with, const std::string& at) {
    with.out.done("delete: " + at, {{"operation", "rm"}, {"url", at}}, with.options.dry_run);
}

}  // namespace cairn::tool
