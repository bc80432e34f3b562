#include "tools/carrier.hpp"
#include "tools/removing.hpp"

#include <cairn/transfer/sync.hpp>

#include <utility>

namespace cairn::tool {
namespace {

namespace fs = std::filesystem;

constexpr auto examples =
    "  cairn sync site/ s3://www.example/              upload what is new or has changed\n"
    "  cairn sync --delete site/ s3://www.example/     and delete what is no longer there\n"
    "  cairn sync s3://www.example/ site/ --exact-timestamps\n"
    "  cairn sync --dry-run --exclude '*.tmp' data s3://backup/data\n"
    "\n"
    "A file is uploaded if its size differs from the object's or it was modified later. An object\n"
    "is downloaded if its size differs from the file's or the file was modified later, with\n"
    "--exact-timestamps if their times differ at all. Downloaded files get their object's time.";

struct sync_options {
    sync_options() = default;
    std::string source;
    std::string destination;
    location from;
    location to;
    transfer::sync_rules rules;
    transfer_options how;
};

// What can't be looked at is there, and can't be listed either.
bool is_there(const fs::path& file) {
    std::error_code failed;
    return fs::status(file, failed).type() != fs::file_type::not_found;
}

class syncing {
  public:
    syncing(session& with, const sync_options& options)
        : with_(with), options_(options), carrier_(with, "sync", options.how) {}

    awaitable<void> run() {
        auto rules = options_.rules;
        auto source = co_await list(options_.from, rules);
        if (!source) co_return carrier_.failed(options_.from.text(), source.error());
        if (source->empty() && !may_be_empty()) {
            const auto why = co_await nothing_to_be_like();
            co_return carrier_.failed(options_.from.text(), why);
        }
        // What has no folder yet has no files.
        const bool is_new = !options_.to.url && !is_there(options_.to.file);
        result<std::vector<transfer::tree_entry>> destination{};
        if (!is_new) destination = co_await list(options_.to, rules);
        if (!destination) co_return carrier_.failed(options_.to.text(), destination.error());
        auto plan = transfer::plan_sync(std::move(*source), std::move(*destination), rules);
        auto jobs = jobs_of(plan);
        with_.progress.count().all_known = true;
        co_await carrier_.carry(std::move(jobs));
        co_await remove(plan.removals);
    }

  private:
    using entries = std::vector<transfer::tree_entry>;

    awaitable<result<entries>> list(location at, transfer::sync_rules& rules) {
        if (at.url) {
            transfer::object_tree objects(with_.client, at.url->bucket, folder_key(at.url->key));
            co_return co_await objects.all();
        }
        auto tree = transfer::list_files(at.file);
        if (!tree) co_return with_hint(tree.error(), at.file);
        for (const auto& problem : tree->unreadable) carrier_.failed(at.text(), problem);
        // What can't be seen would be taken for gone.
        if (!tree->unreadable.empty() && std::exchange(rules.remove_extra, false))
            carrier_.failed(at.text(), error(errc::body_failed,
                                             "not all of it can be read, so nothing is "
                                             "deleted")
                                           .hint("mend that, then sync again"));
        co_return std::move(tree->entries);
    }

    // A prefix is never made: one that nothing has is a slip of the pen as easily as an empty one.
    bool may_be_empty() const {
        const auto& url = options_.from.url;
        return !url || (url->key.empty() && !options_.rules.remove_extra);
    }

    awaitable<error> nothing_to_be_like() const {
        const auto& url = *options_.from.url;
        const auto& to = options_.to;
        auto why = nothing_found(url);
        if (options_.rules.remove_extra)
            why.hint("nothing was deleted; if all of " + to.text() + " is to go, use " +
                     (to.url ? "cairn rm --recursive" : "rm -r"));
        if (url.key.empty()) co_return why;
        const auto object = co_await with_.client.head_object(url.bucket, url.key);
        co_return object ? why.hint("it is an object: use cairn cp") : why;
    }

    static result<location> within(const location& tree, const std::string& name) {
        auto at = tree;
        if (at.url) {
            at.url->key = folder_key(at.url->key) + name;
            return at;
        }
        auto path = transfer::path_beneath(at.file, name);
        if (!path) return path.error();
        at.file = std::move(*path);
        return at;
    }

    std::vector<job> jobs_of(transfer::sync_plan& plan) {
        std::vector<job> jobs;
        for (auto& entry : plan.transfers) {
            auto from = within(options_.from, entry.name);
            auto to = within(options_.to, entry.name);
            if (from && to)
                jobs.emplace_back(std::move(*from), std::move(*to), std::move(entry));
            else
                carrier_.failed(options_.from.text(), from ? to.error() : from.error());
        }
        return jobs;
    }

    awaitable<void> remove(const entries& extra) {
        if (options_.to.url && !with_.options.dry_run) co_return co_await remove_objects(extra);
        for (const auto& entry : extra) {
            const auto at = within(options_.to, entry.name);
            if (!at) continue;
            std::error_code failed;
            if (!with_.options.dry_run) fs::remove(at->file, failed);
            if (failed)
                carrier_.failed(at->text(), error(error_code(failed), "can't be removed"));
            else
                tell_removed(with_, at->text());
        }
    }

    awaitable<void> remove_objects(const entries& extra) {
        std::vector<std::string> keys;
        const auto root = folder_key(options_.to.url->key);
        for (const auto& entry : extra) keys.push_back(root + entry.name);
        const auto outcomes =
            co_await with_.client.delete_objects(options_.to.url->bucket, std::move(keys));
        if (!outcomes) co_return carrier_.failed(options_.to.text(), outcomes.error());
        for (const auto& one : *outcomes) {
            auto at = options_.to;
            at.url->key = one.key;
            if (one.outcome)
                tell_removed(with_, at.text());
            else
                carrier_.failed(at.text(), one.outcome.error());
        }
    }

    session& with_;
    const sync_options& options_;
    carrier carrier_;
};

awaitable<void> sync(session& with, std::shared_ptr<const sync_options> o) {
    syncing all(with, *o);
    co_await all.run();
}

// Else sources may be replaced before they are read, or be deleted, or be found again.
void check_apart(const s3_url& a, const s3_url& b) {
    const auto within = [](const s3_url& inner, const s3_url& outer) {
        return folder_key(inner.key).starts_with(folder_key(outer.key));
    };
    if (a.bucket == b.bucket && (within(a, b) || within(b, a)))
        throw usage_error("one of " + a.text() + " and " + b.text() +
                          " is within the other: choose prefixes that are apart");
}

void understand(sync_options& o) {
    using enum transfer::sync_direction;
    o.from = location(o.source);
    o.to = location(o.destination);
    if (!o.from.url && !o.to.url)
        throw usage_error("neither is s3://BUCKET/PREFIX: " + o.source + ", " + o.destination);
    for (const auto* at : {&o.from, &o.to}) {
        if (at->url && at->url->bucket.empty()) throw usage_error(at->text() + " names no bucket");
        // Brackets are the prefix's own.
        if (at->url && at->url->key.find_first_of("*?") != std::string::npos)
            throw usage_error(at->text() + ": sync takes prefixes; choose with --include");
    }
    if (o.from.url && o.to.url) check_apart(*o.from.url, *o.to.url);
    if (o.to.url) o.how.check_upload();
    if (o.from.url) o.rules.direction = o.to.url ? copy : download;
}

}  // namespace

void add_sync(CLI::App& app, action& chosen) {
    auto& command = add_command(app, "sync", "Make a folder or prefix like another one", examples);
    const auto o = std::make_shared<sync_options>();
    command.add_option("SOURCE", o->source, "A folder, or s3://BUCKET/PREFIX")->required();
    command.add_option("DESTINATION", o->destination, "The same")->required();
    command.add_flag("--delete", o->rules.remove_extra, "Delete what only the destination has");
    command.add_flag("--size-only", o->rules.size_only, "Compare sizes, not times");
    command.add_flag("--exact-timestamps", o->rules.exact_timestamps,
                     "Download objects of another time than the file's, older or newer");
    add_filters(command, o->rules.names);
    o->how.add_to(command);
    o->how.add_fsync_to(command);
    command.callback([o, &chosen] {
        understand(*o);
        chosen = [o](session& with) { return sync(with, o); };
    });
}

}  // namespace cairn::tool
