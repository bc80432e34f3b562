#include "checkpoint/file_system.hpp"

#include <cerrno>
#include <cstdio>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace cairn::checkpoint::files {
namespace {

class descriptor {
  public:
    descriptor(const path& at, int flags) : fd_(::open(at.c_str(), flags | O_CLOEXEC, 0666)) {}
    ~descriptor() {
        if (fd_ >= 0) ::close(fd_);
    }
    descriptor(const descriptor&) = delete;
    descriptor& operator=(const descriptor&) = delete;

    int get() const noexcept { return fd_; }
    explicit operator bool() const noexcept { return fd_ >= 0; }

  private:
    int fd_;
};

errc meaning_of(int code) {
    switch (code) {
        case ENOENT:
        case ENOTDIR:
            return errc::not_found;
        case EACCES:
        case EPERM:
        case EROFS:
            return errc::access_denied;
        default:
            return errc::service_failed;
    }
}

bool write_all(int fd, std::string_view data) {
    while (!data.empty()) {
        const auto written = ::write(fd, data.data(), data.size());
        if (written < 0 && errno != EINTR) return false;
        if (written > 0) data.remove_prefix(static_cast<std::size_t>(written));
    }
    return true;
}

// The bytes read, or -1; short at the end of the file.
ssize_t read_all(int fd, char* into, std::size_t size) {
    std::size_t done = 0;
    while (done < size) {
        const auto got = ::read(fd, into + done, size - done);
        if (got < 0 && errno != EINTR) return -1;
        if (got == 0) break;
        if (got > 0) done += static_cast<std::size_t>(got);
    }
    return static_cast<ssize_t>(done);
}

}  // namespace

error last_error(std::string_view what, const path& at) {
    const int code = errno;
    error e(meaning_of(code));
    e.cause(error_code(code, boost::system::system_category()));
    e.operation(std::string(what) + " file:" + at.string());
    return e;
}

result<void> write_new(const path& at, std::string_view data) {
    const descriptor file(at, O_WRONLY | O_CREAT | O_EXCL);
    if (!file) return last_error("create", at);
    if (!write_all(file.get(), data)) return last_error("write", at);
    if (::fsync(file.get()) != 0) return last_error("sync", at);
    return {};
}

result<bytes> read(const path& at, std::size_t limit) {
    const descriptor file(at, O_RDONLY);
    struct stat status = {};
    if (!file || ::fstat(file.get(), &status) != 0) return last_error("read", at);
    if (!S_ISREG(status.st_mode)) return error(errc::not_found, "no regular file");
    const auto size = static_cast<std::size_t>(status.st_size);
    if (size > limit) return error(errc::limit_exceeded, std::to_string(size) + " bytes");
    bytes data(size, '\0');
    const auto got = read_all(file.get(), data.data(), size);
    if (got < 0) return last_error("read", at);
    data.resize(static_cast<std::size_t>(got));
    return data;
}

result<create_outcome> link_new(const path& from, const path& to) {
    if (::link(from.c_str(), to.c_str()) == 0) return create_outcome::created;
    if (errno == EEXIST) return create_outcome::exists;
    return last_error("create", to);
}

result<void> replace(const path& from, const path& to) {
    if (std::rename(from.c_str(), to.c_str()) != 0) return last_error("replace", to);
    return {};
}

result<void> unlink(const path& at) {
    if (::unlink(at.c_str()) != 0 && errno != ENOENT && errno != ENOTDIR)
        return last_error("remove", at);
    return {};
}

result<void> make_directory(const path& at) {
    if (::mkdir(at.c_str(), 0777) != 0 && errno != EEXIST) return last_error("make directory", at);
    return {};
}

result<void> sync_directory(const path& at) {
    const descriptor directory(at, O_RDONLY | O_DIRECTORY);
    if (!directory || ::fsync(directory.get()) != 0) return last_error("sync directory", at);
    return {};
}

}  // namespace cairn::checkpoint::files
