#include "tools/session.hpp"

namespace cairn::tool {
namespace {

std::string look_around(const s3_url& at) {
    return "`cairn ls s3://" + at.bucket + "/` lists what is there";
}

}  // namespace

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
    check_bucket(*url);
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
    check_bucket(*url);
    return std::move(*url);
}

void check_named(const std::string& source, const std::string& destination) {
    if (source.empty() || destination.empty())
        throw usage_error("SOURCE and DESTINATION can't be empty: is a variable unset?");
}

std::vector<s3_url> require_objects(const std::vector<std::string>& arguments) {
    std::vector<s3_url> urls;
    urls.reserve(arguments.size());
    for (const auto& argument : arguments) urls.push_back(require_object(argument));
    return urls;
}

void check_bucket(const s3_url& url) {
    if (url.bucket.empty()) throw usage_error(url.text() + " names no bucket");
    if (!transfer::pattern(url.bucket).is_literal())
        throw usage_error(url.text() +
                          ": keys take wildcards, buckets don't; `cairn ls` lists the buckets");
}

transfer::object_tree objects_at(const s3::client& client, const s3_url& url) {
    if (url.has_wildcards()) return {client, url.bucket, transfer::pattern(url.key)};
    return {client, url.bucket, folder_key(url.key)};
}

error nothing_found(const s3_url& at) {
    if (at.key.empty()) return error(errc::not_found, "the bucket is empty");
    if (!at.has_wildcards())
        return error(errc::not_found, "no object has this prefix").hint(look_around(at));
    const bool has_set = at.key.find('[') != std::string::npos;
    return error(errc::not_found, "no object matches")
        .hint(has_set ? "a [ that the name itself has is written [[]" : look_around(at));
}

awaitable<error> why_missing(const s3::client& client, s3_url at, error told,
                             std::string for_prefix) {
    if (told.code() != errc::not_found || told.s3_code() == "NoSuchBucket") co_return told;
    s3::list_objects_v2 look(at.bucket);
    look.prefix = folder_key(at.key);
    look.max_keys = 1;
    const auto found = co_await client.send(std::move(look));
    if (!found && found.error().code() == errc::not_found) co_return found.error();
    if (found && !found->contents.empty())
        co_return error(errc::invalid_argument, at.text() + " is a prefix").hint(for_prefix);
    co_return told.hint(look_around(at));
}

}  // namespace cairn::tool
