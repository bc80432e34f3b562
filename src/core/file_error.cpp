#include "core/file_error.hpp"

#include <cerrno>
#include <string>

namespace cairn {
namespace {

const char* remedy(int code) {
    switch (code) {
        case ENOSPC:
        case EDQUOT:
            return "make room, then try again";
        case EFBIG:
            return "allow larger files (ulimit -f), or choose a file system that has them";
        case EACCES:
        case EPERM:
        case EROFS:
            return "check who may read and write it and its directory";
        case ENOENT:
            return "check the path";
        case ENAMETOOLONG:
            return "choose a shorter name: most file systems take 255 bytes, of which a download "
                   "needs 16 until it is whole";
        case EMFILE:
        case ENFILE:
            return "raise the limit of open files (ulimit -n)";
        default:
            return "";
    }
}

}  // namespace

error_code last_system_error() noexcept {
    return {errno, boost::system::system_category()};
}

error file_error(const std::filesystem::path& path, std::string_view what, error_code cause) {
    error e(errc::body_failed, path.string() + " " + std::string(what));
    return e.cause(cause).hint(remedy(cause.value()));
}

}  // namespace cairn
