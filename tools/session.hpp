#pragma once

#include "tools/location.hpp"
#include "tools/options.hpp"
#include "tools/progress.hpp"
#include "tools/report.hpp"

#include <cairn/s3/client.hpp>
#include <cairn/transfer/tree.hpp>

#include <functional>
#include <string>
#include <vector>

namespace cairn::tool {

/// What a command works with.
struct session {
    session(const asio::any_io_executor& executor, global_options chosen, s3::client made)
        : options(std::move(chosen)),
          client(std::move(made)),
          progress(executor),
          out(options.json, options.quiet, progress) {}

    global_options options;
    s3::client client;
    progress_display progress;
    report out;

    /// Progress is shown to whoever hasn't asked for less.
    void show_progress() {
        const auto& o = options;
        if (!o.quiet && !o.no_progress && !o.json && !o.dry_run) progress.start();
    }
};

/// A command whose words have been understood. Failures go to the session's report.
using action = std::function<awaitable<void>(session&)>;

/// @name The commands
/// Each adds its words to the command line, and if they are used, sets `chosen`. One file each.
/// @{
void add_cat(CLI::App& app, action& chosen);
void add_cp(CLI::App& app, action& chosen);
void add_ls(CLI::App& app, action& chosen);
void add_mb(CLI::App& app, action& chosen);
void add_mv(CLI::App& app, action& chosen);
void add_pipe(CLI::App& app, action& chosen);
void add_rb(CLI::App& app, action& chosen);
void add_rm(CLI::App& app, action& chosen);
void add_stat(CLI::App& app, action& chosen);
void add_sync(CLI::App& app, action& chosen);
/// @}

/// Adds a command with its own examples at the end of its help.
CLI::App& add_command(CLI::App& app, const char* name, const char* meaning, const char* examples);

/// @name Arguments
/// Each throws `usage_error` for one that is something else.
/// @{
s3_url require_bucket(const std::string& argument);
std::string require_bucket_name(const std::string& argument);
s3_url require_object(const std::string& argument);
std::vector<s3_url> require_objects(const std::vector<std::string>& arguments);
/// For a URL that names no bucket, or names some by wildcards.
void check_bucket(const s3_url& url);
/// For a place that is empty, which would stand for the working directory.
void check_named(const std::string& source, const std::string& destination);
/// @}

/// The objects that a URL with wildcards stands for, or those below its key as a folder's.
transfer::object_tree objects_at(const s3::client& client, const s3_url& url);
/// Where a prefix or a pattern stands for no object.
error nothing_found(const s3_url& at);
/// Where an object, or a bucket, could not be found: whether it is the bucket that is missing,
/// which a reply to HEAD has no room to say. Any other error stays as it is.
/// @param told what S3 has said.
/// @param for_prefix what to do where objects are below the key, as in a folder.
awaitable<error> why_missing(const s3::client& client, s3_url at, error told,
                             std::string for_prefix);

}  // namespace cairn::tool
