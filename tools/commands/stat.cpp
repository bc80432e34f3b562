#include "tools/session.hpp"
#include "tools/text.hpp"

#include <boost/json/serialize.hpp>

namespace cairn::tool {
namespace {

constexpr auto examples =
    "  cairn stat s3://photos/cat.jpg          size, time, type, metadata, checksums\n"
    "  cairn stat --json s3://photos           whether a bucket is there, and where";

/// Facts by name, in order.
boost::json::object facts_of(const s3::head_object_output& found) {
    boost::json::object facts;
    const auto add = [&](const char* name, const std::optional<std::string>& value) {
        if (value && !value->empty()) facts[name] = *value;
    };
    if (found.content_length) facts["size"] = *found.content_length;
    if (found.last_modified) facts["last_modified"] = utc_time(*found.last_modified);
    add("etag", found.etag);
    add("version_id", found.version_id);
    add("content_type", found.content_type);
    add("content_encoding", found.content_encoding);
    add("content_language", found.content_language);
    add("content_disposition", found.content_disposition);
    add("cache_control", found.cache_control);
    if (found.expires) facts["expires"] = utc_time(*found.expires);
    add("storage_class", found.storage_class);
    add("server_side_encryption", found.server_side_encryption);
    add("sse_kms_key_id", found.sse_kms_key_id);
    add("checksum_crc32", found.checksum_crc32);
    add("checksum_crc32c", found.checksum_crc32c);
    add("checksum_crc64nvme", found.checksum_crc64nvme);
    add("checksum_sha1", found.checksum_sha1);
    add("checksum_sha256", found.checksum_sha256);
    add("checksum_sha512", found.checksum_sha512);
    add("checksum_md5", found.checksum_md5);
    add("checksum_xxhash64", found.checksum_xxhash64);
    add("checksum_xxhash3", found.checksum_xxhash3);
    add("checksum_xxhash128", found.checksum_xxhash128);
    add("checksum_type", found.checksum_type);
    for (const auto& [name, value] : found.metadata) facts["metadata." + name] = value;
    return facts;
}

std::string plain(const boost::json::value& value) {
    return value.is_string() ? std::string(value.as_string()) : boost::json::serialize(value);
}

void show(session& with, const s3_url& url, const boost::json::object& facts) {
    if (with.out.is_json()) {
        boost::json::object whole{{"url", url.text()}};
        for (const auto& [name, value] : facts) whole[name] = value;
        with.out.line(whole);
        return;
    }
    with.out.line(url.text());
    for (const auto& [name, value] : facts)
        with.out.line("  " + std::string(name) + ": " + plain(value));
}

awaitable<void> failed(session& with, s3_url url, error told) {
    const auto why = co_await why_missing(with.client, url, told, "`cairn ls` lists it");
    with.out.failed("stat", url.text(), why);
}

awaitable<void> stat_object(session& with, s3_url url) {
    s3::head_object request(url.bucket, url.key);
    request.checksum_mode = s3::checksum_mode::enabled;
    const auto found = co_await with.client.send(std::move(request));
    if (found)
        show(with, url, facts_of(*found));
    else
        co_await failed(with, url, found.error());
}

awaitable<void> stat_bucket(session& with, s3_url url) {
    const auto found = co_await with.client.head_bucket(url.bucket);
    boost::json::object facts;
    if (found && found->bucket_region) facts["region"] = *found->bucket_region;
    if (found)
        show(with, url, facts);
    else
        co_await failed(with, url, found.error());
}

awaitable<void> stat_all(session& with, std::vector<s3_url> urls) {
    for (const auto& url : urls) {
        if (url.key.empty())
            co_await stat_bucket(with, url);
        else
            co_await stat_object(with, url);
    }
}

}  // namespace

void add_stat(CLI::App& app, action& chosen) {
    auto& command = add_command(app, "stat", "Show what is known of objects or buckets", examples);
    const auto arguments = std::make_shared<std::vector<std::string>>();
    command.add_option("URL", *arguments, "s3://BUCKET or s3://BUCKET/KEY")->required();
    command.callback([arguments, &chosen] {
        std::vector<s3_url> urls;
        for (const auto& argument : *arguments) urls.push_back(require_bucket(argument));
        chosen = [urls](session& with) { return stat_all(with, urls); };
    });
}

}  // namespace cairn::tool
