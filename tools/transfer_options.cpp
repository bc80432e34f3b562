#include "tools/transfer_options.hpp"

#include "tools/media_type.hpp"
#include "tools/options.hpp"
#include "tools/text.hpp"

#include <cairn/codec/checksum.hpp>

#include <algorithm>
#include <array>
#include <initializer_list>
#include <string_view>
#include <utility>

namespace cairn::tool {
namespace {

// Source: Amazon S3 User Guide, "Amazon S3 multipart upload limits".
constexpr std::uint64_t least_part_bytes = 5ULL << 20U;
constexpr std::uint64_t most_part_bytes = 5ULL << 30U;

constexpr auto group = "How objects are stored";

template <class Values>
CLI::IsMember one_of(const Values& values) {
    return CLI::IsMember(std::vector<std::string>(values.begin(), values.end()));
}

std::vector<std::string> computed_checksums() {
    std::vector<std::string> names;
    for (const auto name : s3::checksum_algorithm::values)
        if (codec::checksum_named(name)) names.emplace_back(name);
    return names;
}

codec::compression require_compression(const std::string& text) {
    auto how = parse_compression(text);
    if (!how) throw usage_error("--compress: \"" + text + "\" is no gzip[:LEVEL] or zstd[:LEVEL]");
    if (const auto made = codec::make_compressor(*how); !made)
        throw usage_error("--compress: " + made.error().what());
    return std::move(*how);
}

void set(std::optional<std::string>& member, const std::string& value) {
    if (!value.empty()) member = value;
}

// A hint of the library's, with its members by the names of the options that set them.
std::string by_options(std::string hint) {
    constexpr std::array<std::pair<std::string_view, std::string_view>, 2> names{
        {{"max_output_bytes", "--max-output"}, {"max_window_bytes", "--max-window"}}};
    for (const auto& [member, option] : names)
        if (const auto at = hint.find(member); at != std::string::npos)
            hint.replace(at, member.size(), option);
    return hint;
}

bool any_given(std::initializer_list<const std::string*> values) {
    return std::ranges::any_of(values, [](const auto* value) { return !value->empty(); });
}

}  // namespace

void transfer_options::add_to(CLI::App& command) {
    const auto text = [&](const char* name, std::string& value, const char* meaning) {
        return command.add_option(name, value, meaning)->group(group)->type_name("TEXT");
    };
    text("--storage-class", storage_class_, "Where, and how costly: STANDARD_IA, GLACIER_IR, ...")
        ->check(one_of(s3::storage_class::values).description(""));
    text("--acl", acl_, "Who may read: private, public-read, ...")
        ->check(one_of(s3::object_canned_acl::values).description(""));
    command
        .add_option_function<std::string>(
            "--sse", [this](const auto& value) { sse_ = value.empty() ? "AES256" : value; },
            "Encrypted by S3: AES256, or aws:kms, aws:kms:dsse")
        ->group(group)
        ->type_name("[TEXT]")
        ->expected(0, 1)
        ->check(one_of(std::vector<std::string>{"", "AES256", "aws:kms", "aws:kms:dsse"})
                    .description(""));
    text("--sse-kms-key-id", sse_kms_key_id_, "With this key of KMS");
    text("--checksum-algorithm", checksum_algorithm_,
         "What S3 verifies and keeps: CRC64NVME, CRC32C, SHA256, ... (CRC64NVME)")
        ->check(one_of(computed_checksums()).description(""));
    text("--content-type", content_type_, "The media type, text/html (what the file's name tells)");
    command.add_flag("--no-guess-mime-type", no_guess_mime_type_, "Don't go by the file's name")
        ->group(group);
    text("--content-encoding", content_encoding_, "How it is encoded already, gzip");
    text("--content-language", content_language_, "The language that it is in, de");
    text("--content-disposition", content_disposition_,
         "What browsers do with it, attachment; filename=a.txt");
    text("--cache-control", cache_control_, "What caches may do, max-age=3600");
    command
        .add_option_function<std::string>(
            "--expires",
            [this](const auto& value) {
                expires_ = parse_time(value);
                if (!expires_) throw usage_error("--expires: \"" + value + "\" is no time");
            },
            "When caches should drop it, 2026-12-31T00:00:00Z")
        ->group(group)
        ->type_name("TIME");
    command
        .add_option_function<std::string>(
            "--metadata",
            [this](const auto& value) {
                const auto pairs = parse_pairs(value);
                if (!pairs) throw usage_error("--metadata: \"" + value + "\" is no NAME=VALUE,...");
                metadata_ = *pairs;
            },
            "Kept with the object: NAME=VALUE,NAME=VALUE")
        ->group(group)
        ->type_name("PAIRS");
    command.add_flag("--if-none-match", if_none_match,
                     "Never overwrite: what is there is an error");
    command.add_option("--part-size", part_size_bytes, "The size of parts: 64MiB (8MiB)")
        ->transform(size_in_bytes())
        ->check([](const std::string& bytes) { return bytes == "0" ? "parts have bytes" : ""; })
        ->type_name("SIZE");
    command.add_option("--concurrency", concurrency, "Objects, and parts, on the way at once (16)")
        ->check(CLI::Range(1, 1000).description(""))
        ->type_name("N");
}

void transfer_options::add_compression_to(CLI::App& command) {
    command
        .add_option_function<std::string>(
            "--compress", [this](const auto& value) { compression = require_compression(value); },
            "Compress uploads, and say so in Content-Encoding: gzip, zstd, zstd:19, ...")
        ->group(group)
        ->type_name("HOW");
}

void transfer_options::add_decompression_to(CLI::App& command) {
    auto* const decompressing =
        command
            .add_flag("--decompress", decompress,
                      "Decompress downloads, as their Content-Encoding says")
            ->group(group);
    command
        .add_option("--max-output", decompression.max_output_bytes,
                    "The most that one may come to: 10GiB (S3's largest object)")
        ->transform(size_in_bytes())
        ->needs(decompressing)
        ->group(group)
        ->type_name("SIZE");
    command
        .add_option("--max-window", decompression.max_window_bytes,
                    "The most memory for one of zstd --long: 2GiB (128MiB)")
        ->transform(size_in_bytes())
        ->needs(decompressing)
        ->group(group)
        ->type_name("SIZE");
}

void transfer_options::add_fsync_to(CLI::App& command) {
    command.add_flag("--fsync", fsync,
                     "Have each downloaded file survive a crash of the machine (mv always does)");
}

void transfer_options::check_upload() const {
    if (decompress) throw usage_error("--decompress is for downloads");
    if (fsync) throw usage_error("--fsync is for downloads");
    const auto size = part_size_bytes.value_or(least_part_bytes);
    if (size < least_part_bytes || size > most_part_bytes)
        throw usage_error("--part-size: S3 takes parts of 5 MiB to 5 GiB");
}

transfer::options transfer_options::shared() const {
    transfer::options chosen;
    if (part_size_bytes) {
        chosen.part_size_bytes = *part_size_bytes;
        chosen.multipart_threshold_bytes =
            std::max(chosen.multipart_threshold_bytes, *part_size_bytes);
    }
    chosen.max_parts_at_once = concurrency;
    return chosen;
}

template <class Request>
void transfer_options::describe(Request& request) const {
    set(request.storage_class, storage_class_);
    set(request.acl, acl_);
    request.server_side_encryption = sse_;
    set(request.sse_kms_key_id, sse_kms_key_id_);
    set(request.checksum_algorithm, checksum_algorithm_);
    set(request.content_type, content_type_);
    set(request.content_encoding, content_encoding_);
    set(request.content_language, content_language_);
    set(request.content_disposition, content_disposition_);
    set(request.cache_control, cache_control_);
    request.expires = expires_;
    request.metadata = metadata_;
    if (if_none_match) request.if_none_match = "*";
}

bool transfer_options::has_headers() const {
    return any_given({&content_type_, &content_encoding_, &content_language_, &content_disposition_,
                      &cache_control_}) ||
           expires_ || !metadata_.empty();
}

// S3 refuses one that changes less. Source: Amazon S3 API Reference, CopyObject.
bool transfer_options::changes_objects() const {
    return has_headers() || sse_ ||
           any_given({&storage_class_, &sse_kms_key_id_, &checksum_algorithm_});
}

error transfer_options::hinted(error why) const {
    const bool is_there = if_none_match && why.code() == errc::precondition_failed;
    if (is_there && why.hint().empty())
        return why.hint("leave --if-none-match out to replace what is there");
    return why.hint(by_options(why.hint()));
}

void transfer_options::apply_to(s3::put_object& request, const std::filesystem::path& name) const {
    describe(request);
    if (!request.content_type && !no_guess_mime_type_)
        set(request.content_type, std::string(media_type_of(name)));
}

void transfer_options::apply_to(s3::copy_object& request) const {
    describe(request);
    if (has_headers()) request.metadata_directive = s3::metadata_directive::replace;
}

}  // namespace cairn::tool
