#include "transfer/journal.hpp"

#include "transfer/local_file.hpp"

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <boost/json/value.hpp>
#include <boost/json/value_to.hpp>

#include <fstream>
#include <utility>

namespace cairn::transfer {
namespace {

namespace json = boost::json;

constexpr int format = 1;

// One for each start of the machine (proc(5)).
std::string boot_id() {
    std::ifstream file("/proc/sys/kernel/random/boot_id");
    std::string id;
    std::getline(file, id);
    return id;
}

json::object head_of(const journal_of& what) {
    return {{"cairn_download", format},
            {"etag", what.etag},
            {"size", what.size_bytes},
            {"part_size", what.part_bytes},
            {"boot_id", boot_id()}};
}

bool is_head_of(const std::string& line, const journal_of& what) {
    json::error_code failed;
    const auto head = json::parse(line, failed);
    return !failed && head == head_of(what);
}

std::optional<journal::parts::value_type> part_in(const std::string& line) {
    json::error_code failed;
    const auto value = json::parse(line, failed);
    const auto* part =
        !failed && value.is_object() ? value.get_object().if_contains("part") : nullptr;
    const auto* sum = part ? value.get_object().if_contains("checksum") : nullptr;
    if (!sum || !part->is_int64() || !sum->is_string()) return std::nullopt;
    return journal::parts::value_type(static_cast<std::uint64_t>(part->get_int64()),
                                      std::string(sum->get_string()));
}

}  // namespace

std::optional<journal::parts> journal::read(const std::filesystem::path& path,
                                            const journal_of& what) {
    std::ifstream file(path);
    std::string line;
    if (!std::getline(file, line) || !is_head_of(line, what)) return std::nullopt;
    parts whole;
    while (std::getline(file, line))
        if (const auto part = part_in(line)) whole.insert_or_assign(part->first, part->second);
    return whole;
}

result<journal> journal::create(std::filesystem::path path, const journal_of& what) {
    auto file = note_file::create(path);
    if (!file) return file.error();
    const auto written = file->write_line(json::serialize(head_of(what)));
    if (written) return journal(std::move(*file));
    remove_file(path);
    return written.error();
}

result<journal> journal::append_to(std::filesystem::path path) {
    auto file = note_file::append_to(std::move(path));
    if (!file) return file.error();
    // What was being written when its process died stays a line of its own.
    const auto written = file->write_line({});
    if (!written) return written.error();
    return journal(std::move(*file));
}

result<void> journal::note(std::uint64_t part, const std::string& checksum) {
    return file_.write_line(json::serialize(json::object{{"part", part}, {"checksum", checksum}}));
}

}  // namespace cairn::transfer
