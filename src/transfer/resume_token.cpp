#include "transfer/resume_token.hpp"

#include "s3/encode.hpp"
#include "transfer/note_file.hpp"

#include <cairn/codec/checksum.hpp>
#include <cairn/core/bytes.hpp>

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <boost/json/value_to.hpp>

#include <fstream>
#include <iterator>
#include <stdexcept>

namespace cairn::transfer {
namespace {

namespace json = boost::json;

constexpr int format = 1;

error unusable(const std::filesystem::path& path, const std::string& why) {
    return error(errc::invalid_argument, path.string() + " " + why)
        .hint("remove it to begin the upload afresh");
}

template <class T>
T member(const json::object& of, const char* name) {
    return json::value_to<T>(of.at(name));
}

}  // namespace

result<std::optional<resume_token>> resume_token::read(const std::filesystem::path& path) {
    std::ifstream file(path);
    std::error_code unknown;
    if (!file && !std::filesystem::exists(path, unknown)) return std::optional<resume_token>();
    try {
        // Of a folder, or of a disk that fails, it throws.
        const std::string text{std::istreambuf_iterator<char>(file),
                               std::istreambuf_iterator<char>()};
        if (!file) return unusable(path, "can't be read");
        const auto value = json::parse(text);
        const auto& object = value.as_object();
        if (member<int>(object, "cairn_upload") != format)
            return unusable(path, "was written by a newer version of cairn");
        resume_token token;
        token.bucket = member<std::string>(object, "bucket");
        token.key = member<std::string>(object, "key");
        token.upload_id = member<std::string>(object, "upload_id");
        token.source.size = member<std::uint64_t>(object, "size");
        token.source.modified_ns = member<std::int64_t>(object, "modified_ns");
        token.part_bytes = member<std::uint64_t>(object, "part_size");
        token.creation = member<std::string>(object, "creation");
        return std::optional(std::move(token));
    } catch (const std::exception&) {
        return unusable(path, "is no token of an upload");
    }
}

result<void> resume_token::write(const std::filesystem::path& path) const {
    const json::object object{
        {"cairn_upload", format},  {"bucket", bucket},    {"key", key},
        {"upload_id", upload_id},  {"size", source.size}, {"modified_ns", source.modified_ns},
        {"part_size", part_bytes}, {"creation", creation}};
    const auto temporary = with_suffix(path, ".new");
    auto file = note_file::create(temporary);
    if (!file) return file.error();
    auto written = file->write_line(json::serialize(object));
    if (written) written = rename_file(temporary, path);
    if (!written) remove_file(temporary);
    return written;
}

bool resume_token::is_for_same(const resume_token& other) const {
    return source.size == other.source.size && source.modified_ns == other.source.modified_ns &&
           part_bytes == other.part_bytes && creation == other.creation;
}

result<std::string> digest_of(const s3::client& client,
                              const s3::create_multipart_upload& creation) {
    const auto where = s3::site::create(client.config());
    if (!where) return where.error();
    const auto& table = s3::table_of<s3::create_multipart_upload>();
    const auto request = s3::encode(table, &creation, *where);
    if (!request) return request.error();
    std::string all;
    for (const auto& [name, value] : request->head.headers)
        all.append(name).append(": ").append(value).append("\n");
    return to_hex(codec::checksum_of(codec::checksum_algorithm::sha256, as_bytes(all)).data());
}

}  // namespace cairn::transfer
