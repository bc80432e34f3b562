#include "transfer/destination.hpp"

#include "transfer/local_file.hpp"

#include <cerrno>
#include <string>
#include <sys/stat.h>
#include <system_error>
#include <utility>

namespace cairn::transfer {
namespace {

namespace fs = std::filesystem;

constexpr unsigned max_links = 40;  // As path_resolution(7) has it.

fs::path behind_links(fs::path path) {
    std::error_code failed;
    for (unsigned n = 0; n < max_links && fs::is_symlink(path, failed); ++n)
        path = path.parent_path() / fs::read_symlink(path, failed);
    return path;
}

error unfit(const fs::path& path, const std::string& what) {
    return error(errc::body_failed, "\"" + path.string() + "\" " + what);
}

}  // namespace

result<fs::path> destination_of(fs::path to, bool replace) {
    struct stat info{};
    const bool is_there = ::stat(to.c_str(), &info) == 0;
    if (!is_there && errno != ENOENT) return file_error(to, "can't be looked at");
    // What a link of /proc stands for may have no path, so it is looked at first.
    if (is_there && !S_ISDIR(info.st_mode) && !S_ISREG(info.st_mode))
        return unfit(to, "is no regular file")
            .hint("choose another path; `manager::open` and `cairn cat` give a stream");
    auto file = behind_links(to);
    if (!file.has_filename() || (is_there && S_ISDIR(info.st_mode)))
        return unfit(to, "is a directory's name").hint("name a file in it");
    if (is_there && !replace) return transfer::is_there(to);
    return file;
}

}  // namespace cairn::transfer
