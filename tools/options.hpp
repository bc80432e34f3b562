#pragma once

#include <cairn/core/result.hpp>
#include <cairn/s3/config.hpp>
#include <cairn/transfer/pattern.hpp>

#include <CLI/CLI.hpp>
#include <string>

namespace cairn::tool {

/// A command line that can't be carried out; ends the program with status 2.
struct usage_error : CLI::ValidationError {
    explicit usage_error(const std::string& what) : ValidationError(what) {}
};

/// What every command takes.
struct global_options {
    global_options() = default;
    void add_to(CLI::App& app);

    std::string endpoint_url;
    std::string region;
    std::string profile;
    std::string ca_bundle;
    bool no_sign_request = false;
    bool json = false;
    bool dry_run = false;
    bool quiet = false;
    bool no_progress = false;
};

/// What the environment and AWS's files say, and above it what the options say.
result<s3::client_config> make_config(const global_options& options);

/// "64MiB" as a number of bytes.
CLI::Validator size_in_bytes();

/// Which names a command is about: `--exclude` and `--include`, in their order.
void add_filters(CLI::App& command, transfer::name_filter& names);

}  // namespace cairn::tool
