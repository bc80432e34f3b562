#include "transfer/destination.hpp"

#include "core/file_error.hpp"
#include "transfer/temporary_names.hpp"

#include <cerrno>
#include <linux/magic.h>
#include <optional>
#include <string>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <system_error>
#include <utility>

namespace cairn::transfer {
namespace {

namespace fs = std::filesystem;

constexpr unsigned max_links = 40;  // As path_resolution(7) has it.

// /proc/self/fd and the like, which /dev/stdout leads to: a file there is open, and whoever has
// opened it would go on with the one that was replaced.
bool is_of_open_files(const fs::path& link) {
    struct statfs info{};
    const auto folder = link.has_parent_path() ? link.parent_path() : ".";
    return ::statfs(folder.c_str(), &info) == 0 && info.f_type == PROC_SUPER_MAGIC;
}

// Nothing where it is an open file's.
std::optional<fs::path> behind_links(fs::path path) {
    std::error_code failed;
    for (unsigned n = 0; n < max_links && fs::is_symlink(path, failed); ++n) {
        if (is_of_open_files(path)) return std::nullopt;
        path = path.parent_path() / fs::read_symlink(path, failed);
    }
    return path;
}

error unfit(const fs::path& path, const std::string& what) {
    return error(errc::body_failed, "\"" + path.string() + "\" " + what);
}

error no_file_of_its_own(const fs::path& path, const std::string& what) {
    return unfit(path, what)
        .hint("choose another path; `manager::open` and `cairn cat` give a stream");
}

}  // namespace

result<fs::path> destination_of(fs::path to, bool replace) {
    struct stat info{};
    const bool is_there = ::stat(to.c_str(), &info) == 0;
    if (!is_there && errno != ENOENT) return file_error(to, "can't be looked at");
    // What a link of /proc stands for may have no path, so it is looked at first.
    if (is_there && !S_ISDIR(info.st_mode) && !S_ISREG(info.st_mode))
        return no_file_of_its_own(to, "is no regular file");
    auto file = behind_links(to);
    if (!file) return no_file_of_its_own(to, "is a file that is open already");
    if (!file->has_filename() || (is_there && S_ISDIR(info.st_mode)))
        return unfit(to, "is a directory's name").hint("name a file in it");
    if (is_there && !replace) return transfer::is_there(to);
    return std::move(*file);
}

result<std::shared_ptr<local_file>> open_part_file(const download& request,
                                                   std::shared_ptr<workers> by) {
    const auto folder = request.to.parent_path();
    std::error_code failed;
    if (request.make_folders && !folder.empty()) fs::create_directories(folder, failed);
    if (failed) return file_error(folder, "can't be made", failed);
    auto file = local_file::open(with_suffix(request.to, part_suffix), local_file::mode::write,
                                 std::move(by));
    if (!file) return file;
    if (const auto mine = (*file)->lock(); !mine) return mine.error();
    // What others may not read they may not read a part of either; who goes on with it may.
    const auto as_private = (*file)->take_permissions_of(request.to, S_IRUSR | S_IWUSR);
    if (!as_private) return as_private.error();
    return file;
}

awaitable<result<void>> put_in_place(local_file& file, const download& request) {
    const auto as_before = file.take_permissions_of(request.to);
    if (!as_before) co_return as_before.error();
    if (request.modified) {
        const auto dated = file.set_modified(*request.modified);
        if (!dated) co_return dated.error();
    }
    if (request.sync) {
        const auto synced = co_await file.sync();
        if (!synced) co_return synced.error();
    }
    const auto named = request.replace ? rename_file(file.path(), request.to)
                                       : rename_to_new(file.path(), request.to);
    if (!named || !request.sync) co_return named;
    auto kept = co_await file.sync_name_in(request.to);
    co_return kept;
}

}  // namespace cairn::transfer
