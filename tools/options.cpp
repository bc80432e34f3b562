#include "tools/options.hpp"

#include <cairn/auth/providers.hpp>

namespace cairn::tool {

void global_options::add_to(CLI::App& app) {
    const auto* const group = "Options of every command";
    const auto text = [&](const char* name, std::string& value, const char* meaning) {
        app.add_option(name, value, meaning)->group(group)->type_name("TEXT");
    };
    const auto flag = [&](const char* name, bool& value, const char* meaning) {
        app.add_flag(name, value, meaning)->group(group);
    };
    text("--endpoint-url", endpoint_url, "An S3-compatible server: https://HOST[:PORT]");
    text("--region", region, "The region of the bucket");
    text("--profile", profile, "A profile of ~/.aws/config and ~/.aws/credentials");
    text("--ca-bundle", ca_bundle, "A PEM file of the CAs to trust");
    flag("--no-sign-request", no_sign_request, "Send requests without credentials");
    flag("--json", json, "Print a JSON object a line; errors, too, on stderr");
    flag("--dry-run", dry_run, "Only say what would be done");
    flag("--quiet", quiet, "Say nothing but errors and what was asked for");
    flag("--no-progress", no_progress, "Don't show progress");
}

result<s3::client_config> make_config(const global_options& options) {
    auto config = s3::load_config(auth::process_environment(), options.profile);
    if (!config) return config;
    if (!options.endpoint_url.empty()) config->endpoint = options.endpoint_url;
    if (!options.region.empty()) config->region = options.region;
    if (!options.ca_bundle.empty()) config->tls.ca_file = options.ca_bundle;
    if (options.no_sign_request) config->credentials = auth::anonymous_credentials();
    return config;
}

// CLI11 takes a negative one for a huge one.
CLI::Validator size_in_bytes() {
    const auto understand = [](std::string& text) {
        return text.starts_with('-') ? "\"" + text + "\" is no size"
                                     : CLI::AsSizeValue(false)(text);
    };
    return {understand, ""};
}

void add_filters(CLI::App& command, transfer::name_filter& names) {
    command
        .add_option_function<std::vector<std::string>>(
            "--exclude", [](const auto&) {},
            "Leave names out that match: * is any run of characters, / too, ? is one, [ab] one of "
            "a "
            "set")
        ->type_name("PATTERN")
        ->expected(1)
        ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
    command
        .add_option_function<std::vector<std::string>>(
            "--include", [](const auto&) {},
            "Take them all the same; the last pattern that matches decides")
        ->type_name("PATTERN")
        ->expected(1)
        ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
    // Their order matters, so they are read together, once all are there.
    command.parse_complete_callback([&command, &names] {
        std::map<const CLI::Option*, std::size_t> taken;
        for (const auto* option : command.parse_order()) {
            const auto name = option->get_name();
            if (name != "--exclude" && name != "--include") continue;
            transfer::pattern wanted(option->results().at(taken[option]++));
            name == "--exclude" ? names.exclude(std::move(wanted))
                                : names.include(std::move(wanted));
        }
    });
}

}  // namespace cairn::tool
