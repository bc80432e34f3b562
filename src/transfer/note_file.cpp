#include "transfer/note_file.hpp"

#include "core/file_error.hpp"

#include <cerrno>
#include <fcntl.h>
#include <string_view>
#include <sys/stat.h>
#include <unistd.h>
#include <utility>

namespace cairn::transfer {

result<note_file> note_file::open(std::filesystem::path path, int flags, const char* failure) {
    const int fd =
        ::open(path.c_str(), flags | O_WRONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC, 0666);
    if (fd < 0) return file_error(path, failure);
    note_file file(std::move(path), fd);
    struct stat info{};
    const bool own = ::fstat(fd, &info) == 0 && S_ISREG(info.st_mode) && info.st_nlink == 1;
    if (own) return file;
    return file_error(file.path_, "is no regular file, or has another name, too", {})
        .hint("remove it, then try again");
}

result<note_file> note_file::create(std::filesystem::path path) {
    auto made = open(std::move(path), O_CREAT, "can't be created");
    if (made && ::ftruncate(made->fd_, 0) != 0) return file_error(made->path_, "can't be written");
    return made;
}

result<note_file> note_file::append_to(std::filesystem::path path) {
    return open(std::move(path), O_APPEND, "can't be opened");
}

note_file::note_file(note_file&& other) noexcept
    : path_(std::move(other.path_)), fd_(std::exchange(other.fd_, -1)) {}

note_file::~note_file() {
    if (fd_ >= 0) ::close(fd_);
}

// In one piece, so that lines never mix; but where there is room for a part of it, only the rest
// tells what is wrong.
result<void> note_file::write_line(std::string text) {
    text += '\n';
    for (std::string_view left = text; !left.empty();) {
        const auto n = ::write(fd_, left.data(), left.size());
        if (n < 0 && errno == EINTR) continue;
        if (n < 0) return file_error(path_, "can't be written");
        left.remove_prefix(static_cast<std::size_t>(n));
    }
    return {};
}

}  // namespace cairn::transfer
