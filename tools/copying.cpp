#include "tools/copying.hpp"

#include <cairn/core/workers.hpp>

#include <functional>
#include <utility>

namespace cairn::tool {
namespace {

namespace fs = std::filesystem;

constexpr auto recursive_hint = "add --recursive";
constexpr auto single_hint = "leave --recursive out for a file";

error taken(const location& to) {
    error e(errc::invalid_argument, "it would go to " + to.text() + ", which is in the source");
    return e.effect(effect::not_applied).hint("choose a destination apart from the source");
}

error no_file_for(const location& marker) {
    error e(errc::invalid_argument, marker.text() + " only stands for a folder");
    return e.effect(effect::not_applied).hint("add --recursive for what is in it");
}

class copying {
  public:
    copying(session& with, const copy_options& options)
        : with_(with), options_(options), carrier_(with, options.command, options.how) {}

    awaitable<void> run() {
        if (!options_.from.url)
            co_await from_files();
        else if (options_.is_single())
            co_await from_object();
        else
            co_await from_objects();
    }

  private:
    std::string source() const { return options_.from.text(); }

    awaitable<void> from_files() {
        const auto& at = options_.from.file;
        std::error_code failed;
        const bool is_folder = fs::is_directory(at, failed);
        if (!options_.recursive && is_folder) {
            error e(errc::invalid_argument, source() + " is a folder");
            co_return carrier_.failed(source(), e.hint(recursive_hint));
        }
        std::vector<job> jobs;
        if (options_.recursive)
            co_await add_tree(jobs);
        else
            add_file(jobs);
        with_.progress.count().all_known = true;
        co_await carrier_.carry(std::move(jobs));
    }

    // On a thread of its own, so that signals are heard.
    awaitable<void> add_tree(std::vector<job>& jobs) {
        result<transfer::file_tree> tree{};
        std::function<void()> walk = [&] {
            tree = transfer::list_files(options_.from.file, options_.names);
        };
        workers walker(1);
        co_await walker.run(std::move(walk));
        if (!tree)
            co_return carrier_.failed(
                source(), with_folder_hint(tree.error(), options_.from.file, single_hint));
        for (const auto& problem : tree->unreadable) carrier_.failed(source(), problem);
        for (auto& entry : tree->entries) add(jobs, std::move(entry));
    }

    void add_file(std::vector<job>& jobs) {
        const auto& file = options_.from.file;
        std::error_code unknown;
        const auto size = fs::file_size(file, unknown);
        // What is wrong with it is for the upload to tell.
        transfer::tree_entry entry(file.filename().string(), unknown ? 0 : size, {});
        add(jobs, std::move(entry));
    }

    awaitable<void> from_object() {
        const auto& url = *options_.from.url;
        const auto found = co_await with_.client.head_object(url.bucket, url.key);
        if (!found) {
            const auto why = co_await why_missing(with_.client, url, found.error(), recursive_hint);
            co_return carrier_.failed(source(), why);
        }
        transfer::tree_entry entry(std::string(last_segment(url.key)),
                                   static_cast<std::uint64_t>(found->content_length.value_or(0)),
                                   found->last_modified.value_or(s3::timestamp()));
        entry.etag = found->etag.value_or("");
        std::vector<job> jobs;
        add(jobs, std::move(entry));
        with_.progress.count().all_known = true;
        co_await carrier_.carry(std::move(jobs));
    }

    // A page ahead, so that the totals are known as early as can be.
    awaitable<void> from_objects() {
        auto objects = objects_at(with_.client, *options_.from.url);
        root_ = objects.root();
        auto page = co_await objects.next();
        if (page && !*page) carrier_.failed(source(), nothing_found(*options_.from.url));
        while (page && *page) {
            std::vector<job> jobs;
            for (auto& entry : **page)
                if (options_.names.admits(entry.name)) add(jobs, std::move(entry));
            page = co_await objects.next();
            with_.progress.count().all_known = page && !*page;
            co_await carrier_.carry(std::move(jobs));
        }
        if (!page) carrier_.failed(source(), page.error());
    }

    void add(std::vector<job>& jobs, transfer::tree_entry entry) {
        auto from = options_.from;
        if (!options_.is_single() && from.url)
            from.url->key = root_ + entry.name;
        else if (!options_.is_single())
            from.file /= entry.name;
        if (options_.to.url)
            add_to_bucket(jobs, std::move(from), std::move(entry));
        else
            add_to_folder(jobs, std::move(from), std::move(entry));
    }

    void add_to_bucket(std::vector<job>& jobs, location from, transfer::tree_entry entry) {
        auto to = options_.to;
        const bool in_folder = !options_.is_single() || to.url->is_folder();
        if (!options_.is_single() && entry.name.empty()) return;
        if (in_folder) to.url->key = folder_key(to.url->key) + entry.name;
        if (takes_a_sources_place(from, to)) return carrier_.failed(from.text(), taken(to));
        jobs.emplace_back(std::move(from), std::move(to), std::move(entry));
    }

    // What is there may have yet to be read.
    bool takes_a_sources_place(const location& from, const location& to) const {
        const bool within = from.url && !options_.is_single() &&
                            from.url->bucket == to.url->bucket && from.url->key != to.url->key;
        if (!within) return false;
        const auto& sources = *options_.from.url;
        return sources.has_wildcards() ? transfer::pattern(sources.key).matches(to.url->key)
                                       : to.url->key.starts_with(root_);
    }

    void add_to_folder(std::vector<job>& jobs, location from, transfer::tree_entry entry) {
        auto to = options_.to;
        std::error_code failed;
        const bool in_folder =
            !options_.is_single() || !to.file.has_filename() || fs::is_directory(to.file, failed);
        if (in_folder && entry.is_folder()) {
            if (options_.is_single()) carrier_.failed(from.text(), no_file_for(from));
            return;
        }
        if (in_folder) {
            auto path = transfer::path_beneath(to.file, entry.name);
            if (!path) return carrier_.failed(from.text(), path.error());
            to.file = std::move(*path);
        }
        jobs.emplace_back(std::move(from), std::move(to), std::move(entry));
    }

    session& with_;
    const copy_options& options_;
    carrier carrier_;
    std::string root_;
};

awaitable<void> copy(session& with, std::shared_ptr<const copy_options> o) {
    copying all(with, *o);
    co_await all.run();
}

// What is copied must not be found again below its own prefix.
void check_apart(const s3_url& to, const s3_url& from) {
    const transfer::pattern keys(from.key);
    const bool many = from.has_wildcards();
    const s3_url root(from.bucket, many ? std::string(keys.literal_start()) : folder_key(from.key));
    if (to.bucket != root.bucket || !folder_key(to.key).starts_with(root.key)) return;
    const auto why = many ? "what comes to " + to.text() + " could match " + from.text() +
                                " again, since wildcards take / too"
                          : to.text() + " is within " + from.text();
    throw usage_error(why + ": choose a destination that doesn't start with " + root.text());
}

void check(const copy_options& o) {
    check_named(o.source, o.destination);
    if (o.source == "-") throw usage_error("- is no file: `cairn pipe` uploads standard input");
    if (o.destination == "-") throw usage_error("- is no file: `cairn cat` writes objects out");
    if (!o.from.url && !o.to.url)
        throw usage_error("neither is s3://BUCKET/KEY: " + o.source + ", " + o.destination);
    for (const auto* at : {&o.from, &o.to})
        if (at->url) check_bucket(*at->url);
    if (o.from.url && o.from.url->key.empty() && !o.recursive)
        throw usage_error(o.source + " is a bucket: add --recursive, or a key");
    if (o.from.url && o.to.url && !o.is_single()) check_apart(*o.to.url, *o.from.url);
    if (o.to.url) o.how.check_upload();
    if (o.how.compression && o.from.url) throw usage_error("--compress is for uploads");
}

}  // namespace

void add_copying(CLI::App& command, action& chosen) {
    const auto o = std::make_shared<copy_options>();
    o->command = command.get_name();
    command.add_option("SOURCE", o->source, "A file, or s3://BUCKET/KEY, with wildcards or not")
        ->required();
    command.add_option("DESTINATION", o->destination, "The same; what ends in / is a folder")
        ->required();
    command.add_flag("-r,--recursive", o->recursive,
                     "All files of a folder, all objects of a prefix");
    add_filters(command, o->names);
    o->how.add_to(command);
    o->how.add_compression_to(command);
    o->how.add_decompression_to(command);
    o->how.add_fsync_to(command);
    command.callback([o, &chosen] {
        o->from = location(o->source);
        o->to = location(o->destination);
        check(*o);
        chosen = [o](session& with) { return copy(with, o); };
    });
}

}  // namespace cairn::tool
