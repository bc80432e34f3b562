#include "transfer/resume_token.hpp"

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
    return error(errc::invalid_argument, "file " + path.string() + " " + why)
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
    const std::string text{std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
    if (!file) return unusable(path, "can't be read");
    try {
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
        token.checksum_algorithm = member<std::string>(object, "checksum_algorithm");
        return std::optional(std::move(token));
    } catch (const std::exception&) {
        return unusable(path, "is no token of an upload");
    }
}

result<void> resume_token::write(const std::filesystem::path& path) const {
    const json::object object{{"cairn_upload", format},
                              {"bucket", bucket},
                              {"key", key},
                              {"upload_id", upload_id},
                              {"size", source.size},
                              {"modified_ns", source.modified_ns},
                              {"part_size", part_bytes},
                              {"checksum_algorithm", checksum_algorithm}};
    auto temporary = path;
    temporary += ".new";
    std::ofstream file(temporary);
    file << json::serialize(object) << '\n';
    file.close();
    if (!file) {
        const auto failed = file_error(temporary, "can't be written");
        std::error_code ignored;
        std::filesystem::remove(temporary, ignored);
        return failed;
    }
    return rename_file(temporary, path);
}

}  // namespace cairn::transfer
