#include "transfer/journal.hpp"

#include "transfer/local_file.hpp"

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <boost/json/value.hpp>
#include <boost/json/value_to.hpp>

#include <cerrno>
#include <fcntl.h>
#include <fstream>
#include <string_view>
#include <unistd.h>
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
        if (const auto part = part_in(line)) whole.insert(*part);
    return whole;
}

result<journal> journal::create(std::filesystem::path path, const journal_of& what) {
    const int fd = ::open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
    if (fd < 0) return file_error(path, "can't be created");
    journal made(std::move(path), fd);
    if (auto written = made.write(json::serialize(head_of(what))); !written) return written.error();
    return made;
}

result<journal> journal::append_to(std::filesystem::path path) {
    const int fd = ::open(path.c_str(), O_WRONLY | O_APPEND | O_CLOEXEC);
    if (fd < 0) return file_error(path, "can't be opened");
    journal old(std::move(path), fd);
    // What was being written when its process died stays a line of its own.
    if (auto written = old.write({}); !written) return written.error();
    return old;
}

journal::journal(journal&& other) noexcept
    : path_(std::move(other.path_)), fd_(std::exchange(other.fd_, -1)) {}

journal::~journal() {
    if (fd_ >= 0) ::close(fd_);
}

result<void> journal::note(std::uint64_t part, const std::string& checksum) {
    return write(json::serialize(json::object{{"part", part}, {"checksum", checksum}}));
}

// In one piece, so that lines never mix; but where there is room for a part of it, only the rest
// tells what is wrong.
result<void> journal::write(std::string line) {
    line += '\n';
    for (std::string_view left = line; !left.empty();) {
        const auto n = ::write(fd_, left.data(), left.size());
        if (n < 0 && errno == EINTR) continue;
        if (n < 0) return file_error(path_, "can't be written");
        left.remove_prefix(static_cast<std::size_t>(n));
    }
    return {};
}

}  // namespace cairn::transfer
