#include "tools/session.hpp"

namespace cairn::tool {

CLI::App& add_command(CLI::App& app, const char* name, const char* meaning, const char* examples) {
    auto& command = *app.add_subcommand(name, meaning);
    command.fallthrough();
    command.footer(std::string("Examples:\n") + examples +
                   "\n\n`cairn --help` lists the options of every command.");
    return command;
}

s3_url require_bucket(const std::string& argument) {
    auto url = parse_s3_url(argument);
    if (!url || url->bucket.empty()) throw usage_error("\"" + argument + "\" is no s3://BUCKET");
    return std::move(*url);
}

std::string require_bucket_name(const std::string& argument) {
    auto url = require_bucket(argument);
    if (!url.key.empty()) throw usage_error("a bucket has no key: s3://" + url.bucket);
    return std::move(url.bucket);
}

s3_url require_object(const std::string& argument) {
    auto url = parse_s3_url(argument);
    if (!url || url->bucket.empty() || url->key.empty())
        throw usage_error("\"" + argument + "\" is no s3://BUCKET/KEY");
    return std::move(*url);
}

std::vector<s3_url> require_objects(const std::vector<std::string>& arguments) {
    std::vector<s3_url> urls;
    urls.reserve(arguments.size());
    for (const auto& argument : arguments) urls.push_back(require_object(argument));
    return urls;
}

transfer::object_tree objects_at(const s3::client& client, const s3_url& url) {
    if (url.has_wildcards()) return {client, url.bucket, transfer::pattern(url.key)};
    return {client, url.bucket, folder_key(url.key)};
}

error nothing_found(const s3_url& at) {
    if (!at.has_wildcards()) return error(errc::not_found, "no object has this prefix");
    error e(errc::not_found, "no object matches");
    const bool has_set = at.key.find('[') != std::string::npos;
    return has_set ? e.hint("a [ that the name itself has is written [[]") : e;
}

}  // namespace cairn::tool
