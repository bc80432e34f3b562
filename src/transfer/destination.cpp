#include "transfer/destination.hpp"

#include "core/file_error.hpp"
#include "transfer/temporary_names.hpp"

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
