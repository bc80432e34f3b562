#include "tools/carrier.hpp"
#include "tools/removing.hpp"

#include <cairn/transfer/manager.hpp>
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

transfer::tree tree_at(const location& at) {
    return at.url ? transfer::tree::prefix(at.url->bucket, at.url->key)
                  : transfer::tree::folder(at.file);
}

location within(location tree, const std::string& name) {
    if (tree.url)
        tree.url->key = folder_key(tree.url->key) + name;
    else
        tree.file /= fs::path(name).relative_path();
    return tree;
}

class syncing {
  public:
    syncing(session& with, const sync_options& options)
        : with_(with), options_(options), carrier_(with, "sync", options.how) {}

    awaitable<void> run() {
        auto what = wanted();
        auto plan = co_await carrier_.transfers().plan(what);
        if (!plan) co_return co_await tell_why(plan.error(), what);
        tell_unreadable(plan->unreadable);
        if (with_.options.dry_run) co_return co_await rehearse(*plan);
        count(*plan);
        const auto done = co_await carrier_.transfers().send(std::move(what), std::move(*plan));
        if (!done) carrier_.failed(options_.from.text(), done.error());
    }

  private:
    transfer::sync wanted() {
        transfer::sync what(tree_at(options_.from), tree_at(options_.to));
        what.rules = options_.rules;
        what.prepare_upload = [this](transfer::upload& each) {
            options_.how.apply_to(each.object, each.object.key);
            each.on_progress = with_.progress.follow();
        };
        what.prepare_download = [this](transfer::download& each) {
            each.sync = options_.how.fsync;
            each.replace = !options_.how.if_none_match;
            each.on_progress = with_.progress.follow();
        };
        what.prepare_copy = [this](transfer::copy& each) {
            options_.how.apply_to(each.object);
            each.part_size_bytes = options_.how.part_size_bytes;
            each.on_progress = with_.progress.follow();
        };
        what.on_outcome = [this](const transfer::sync_outcome& each) { tell(each); };
        return what;
    }

    void count(const transfer::sync_plan& plan) {
        auto& count = with_.progress.count();
        count.all_known = true;
        count.total_objects = plan.transfers.size();
        for (const auto& entry : plan.transfers) count.total_bytes += entry.size_bytes;
        with_.show_progress();
    }

    job job_of(transfer::tree_entry entry) const {
        return {within(options_.from, entry.name), within(options_.to, entry.name),
                std::move(entry)};
    }

    awaitable<void> rehearse(const transfer::sync_plan& plan) {
        std::vector<job> jobs;
        for (const auto& entry : plan.transfers) {
            result<fs::path> path{};
            if (!options_.to.url) path = transfer::path_beneath(options_.to.file, entry.name);
            if (path)
                jobs.push_back(job_of(entry));
            else
                carrier_.conclude(job_of(entry), path.error());
        }
        co_await carrier_.carry(std::move(jobs));
        for (const auto& entry : plan.removals)
            tell_removed(with_, within(options_.to, entry.name).text());
    }

    void tell(const transfer::sync_outcome& each) {
        if (!each.is_removal) return carrier_.conclude(job_of(each.entry), each.outcome);
        const auto at = within(options_.to, each.entry.name).text();
        if (each.outcome)
            tell_removed(with_, at);
        else
            carrier_.failed(at, each.outcome.error());
    }

    void tell_unreadable(const std::vector<error>& unreadable) {
        const auto& folder = options_.from.url ? options_.to : options_.from;
        for (const auto& problem : unreadable) carrier_.failed(folder.text(), problem);
        if (unreadable.empty() || !options_.rules.remove_extra) return;
        error e(errc::body_failed, "not all of it can be read, so nothing is deleted");
        carrier_.failed(folder.text(), e.hint("mend that, then sync again"));
    }

    awaitable<void> tell_why(error why, const transfer::sync& what) {
        const bool at_destination = why.operation() == "list " + what.to.text();
        const auto& at = at_destination ? options_.to : options_.from;
        if (why.code() == errc::not_found && !why.operation().starts_with("list "))
            why = co_await nothing_to_be_like();
        const auto* const if_file = at_destination ? "choose a folder" : "use cairn cp for a file";
        carrier_.failed(at.text(), with_folder_hint(std::move(why), at.file, if_file));
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

    session& with_;
    const sync_options& options_;
    carrier carrier_;
};

awaitable<void> sync(session& with, std::shared_ptr<const sync_options> o) {
    syncing all(with, *o);
    co_await all.run();
}

void understand(sync_options& o) {
    check_named(o.source, o.destination);
    o.from = location(o.source);
    o.to = location(o.destination);
    for (const auto* at : {&o.from, &o.to}) {
        if (at->url) check_bucket(*at->url);
        // Brackets are the prefix's own.
        if (at->url && at->url->key.find_first_of("*?") != std::string::npos)
            throw usage_error(at->text() + ": sync takes prefixes; choose with --include");
    }
    if (!o.from.url && !o.to.url)
        throw usage_error("neither is s3://BUCKET/PREFIX: " + o.source + ", " + o.destination);
    const transfer::sync what(tree_at(o.from), tree_at(o.to));
    if (const auto possible = what.direction(); !possible)
        throw usage_error(possible.error().detail() + ": " + possible.error().hint());
    if (o.to.url) o.how.check_upload();
}

// As unknown options they would be told of without a reason.
void refuse_compression(CLI::App& command) {
    const auto refuse = [] {
        throw usage_error(
            "it compares sizes, which compression changes: use cairn cp --recursive with "
            "--compress or --decompress");
    };
    constexpr auto hidden = "";
    command.add_option_function<std::string>("--compress", [refuse](const auto&) { refuse(); })
        ->group(hidden);
    command.add_flag_callback("--decompress", refuse)->group(hidden);
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
    refuse_compression(command);
    command.callback([o, &chosen] {
        understand(*o);
        chosen = [o](session& with) { return sync(with, o); };
    });
}

}  // namespace cairn::tool
