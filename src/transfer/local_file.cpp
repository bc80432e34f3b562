#include "transfer/local_file.hpp"

#include <cerrno>
#include <cstdio>
#include <fcntl.h>
#include <linux/magic.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/statfs.h>
#include <sys/uio.h>
#include <system_error>
#include <unistd.h>

namespace cairn::transfer {
namespace {

std::string_view remedy(int code) {
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
        case EMFILE:
        case ENFILE:
            return "raise the limit of open files (ulimit -n)";
        default:
            return {};
    }
}

// Blocks.
template <class Operation>
ssize_t all_of(Operation operation, std::uint64_t offset, char* at, std::size_t size) {
    std::size_t done = 0;
    while (done < size) {
        const auto n = operation(at + done, size - done, static_cast<off_t>(offset + done));
        if (n < 0 && errno == EINTR) continue;
        if (n < 0) return -1;
        if (n == 0) break;
        done += static_cast<std::size_t>(n);
    }
    return static_cast<ssize_t>(done);
}

bool is_unsupported(int code) {
    return code == EOPNOTSUPP || code == EINVAL || code == ENOSYS;
}

// How much was done without waiting for a device; nothing where the file system can't tell.
std::size_t done_at_once(std::optional<int>& flags, ssize_t done) {
    if (done >= 0) return static_cast<std::size_t>(done);
    if (is_unsupported(errno)) flags.reset();
    return 0;
}

// Gives the system's error of what blocks, 0 for none.
awaitable<int> run_blocking(workers& by, std::function<int()> call) {
    int failure = 0;
    std::function<void()> work = [&] { failure = call() == 0 ? 0 : errno; };
    co_await by.run(std::move(work));
    co_return failure;
}

// tmpfs knows no RWF_NOWAIT, and needs none: it is memory.
int flags_for(int fd) {
    struct statfs info{};
    const bool in_memory = ::fstatfs(fd, &info) == 0 && info.f_type == TMPFS_MAGIC;
    return in_memory ? 0 : RWF_NOWAIT;
}

}  // namespace

error file_error(const std::filesystem::path& path, std::string_view what) {
    const int code = errno;
    error e(errc::body_failed, "file " + path.string() + " " + std::string(what));
    e.cause(error_code(code, boost::system::system_category()));
    if (const auto hint = remedy(code); !hint.empty()) e.hint(std::string(hint));
    return e;
}

local_file::local_file(std::filesystem::path path, int fd, std::shared_ptr<workers> by)
    : path_(std::move(path)),
      fd_(fd),
      workers_(std::move(by)),
      read_flags_(flags_for(fd)),
      write_flags_(read_flags_) {}

local_file::~local_file() {
    ::close(fd_);
}

result<std::shared_ptr<local_file>> local_file::open(std::filesystem::path path, mode how,
                                                     std::shared_ptr<workers> by) {
    // Not to wait for a writer where the name is a pipe's.
    // Nor to write to another's file, which somebody has linked there.
    const int flags = how == mode::read ? O_RDONLY | O_NONBLOCK : O_RDWR | O_CREAT | O_NOFOLLOW;
    const int fd = ::open(path.c_str(), flags | O_CLOEXEC, 0666);
    if (fd < 0) return file_error(path, how == mode::read ? "can't be opened" : "can't be created");
    std::shared_ptr<local_file> file(new local_file(std::move(path), fd, std::move(by)));
    struct stat info{};
    if (::fstat(fd, &info) != 0) return file_error(file->path_, "can't be looked at");
    if (!S_ISREG(info.st_mode))
        return error(errc::body_failed, "file " + file->path_.string() + " is not a regular file");
    if (how == mode::write && info.st_nlink != 1)
        return error(errc::body_failed, "file " + file->path_.string() + " has another name, too")
            .hint("remove it, then try again");
    return file;
}

result<file_state> local_file::state() const {
    struct stat info{};
    if (::fstat(fd_, &info) != 0) return file_error(path_, "can't be looked at");
    constexpr std::int64_t ns = 1'000'000'000;
    return file_state{static_cast<std::uint64_t>(info.st_size),
                      info.st_mtim.tv_sec * ns + info.st_mtim.tv_nsec,
                      info.st_ctim.tv_sec * ns + info.st_ctim.tv_nsec};
}

result<void> local_file::check_unchanged(file_state as_seen) const {
    const auto now = state();
    if (!now) return now.error();
    if (*now == as_seen) return {};
    return error(errc::body_failed, "file " + path_.string() + " changed while it was sent")
        .hint("upload it again once nobody writes to it");
}

// Whoever had the lock before may have given the file another name.
bool local_file::has_its_name() const {
    struct stat mine{};
    struct stat named{};
    return ::fstat(fd_, &mine) == 0 && ::stat(path_.c_str(), &named) == 0 &&
           mine.st_dev == named.st_dev && mine.st_ino == named.st_ino;
}

result<void> local_file::lock() {
    if (::flock(fd_, LOCK_EX | LOCK_NB) == 0) {
        if (has_its_name()) return {};
        errno = ESTALE;
    }
    return file_error(path_, "can't be locked")
        .hint("is another download to it under way? Wait for its end, or choose another path");
}

awaitable<result<std::size_t>> local_file::read_at(std::uint64_t offset,
                                                   asio::mutable_buffer into) {
    auto* const at = static_cast<char*>(into.data());
    std::size_t done = 0;
    if (read_flags_) {
        const iovec all{at, into.size()};
        const auto n = ::preadv2(fd_, &all, 1, static_cast<off_t>(offset), *read_flags_);
        done = done_at_once(read_flags_, n);
    }
    if (done == into.size()) co_return done;
    ssize_t rest = 0;
    int failure = 0;
    std::function<void()> work = [&] {
        const auto read = [this](char* to, std::size_t n, off_t from) {
            return ::pread(fd_, to, n, from);
        };
        rest = all_of(read, offset + done, at + done, into.size() - done);
        failure = errno;
    };
    co_await workers_->run(std::move(work));
    errno = failure;
    if (rest < 0) co_return file_error(path_, "can't be read");
    co_return done + static_cast<std::size_t>(rest);
}

awaitable<result<void>> local_file::write_at(std::uint64_t offset, asio::const_buffer from) {
    auto* const at = static_cast<char*>(const_cast<void*>(from.data()));
    std::size_t done = 0;
    if (write_flags_) {
        const iovec all{at, from.size()};
        const auto n = ::pwritev2(fd_, &all, 1, static_cast<off_t>(offset), *write_flags_);
        done = done_at_once(write_flags_, n);
    }
    if (done == from.size()) co_return result<void>();
    ssize_t rest = 0;
    int failure = 0;
    std::function<void()> work = [&] {
        const auto write = [this](char* of, std::size_t n, off_t to) {
            return ::pwrite(fd_, of, n, to);
        };
        rest = all_of(write, offset + done, at + done, from.size() - done);
        failure = errno;
    };
    co_await workers_->run(std::move(work));
    errno = failure;
    if (rest < 0) co_return file_error(path_, "can't be written");
    co_return result<void>();
}

result<void> local_file::resize(std::uint64_t size) {
    if (::ftruncate(fd_, static_cast<off_t>(size)) != 0)
        return file_error(path_, "can't be resized");
    return {};
}

result<void> local_file::take_permissions_of(const std::filesystem::path& other) {
    struct stat info{};
    if (::stat(other.c_str(), &info) != 0) return {};
    if (::fchmod(fd_, info.st_mode & 0777U) != 0)
        return file_error(path_, "can't be given the permissions of " + other.string());
    return {};
}

awaitable<result<void>> local_file::sync() {
    std::function<int()> flush = [this] { return ::fsync(fd_); };
    const auto code = co_await run_blocking(*workers_, std::move(flush));
    errno = code;
    if (code != 0) co_return file_error(path_, "can't be written");
    co_return result<void>();
}

// A directory that may be written and not read can't be opened; then all of its file system is
// synced.
awaitable<result<void>> local_file::sync_name_in(std::filesystem::path named) {
    const auto directory = named.has_parent_path() ? named.parent_path() : ".";
    std::function<int()> flush = [this, &directory] {
        const int fd = ::open(directory.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
        if (fd < 0) return ::syncfs(fd_);
        const int failed = ::fsync(fd);
        const int why = errno;
        ::close(fd);
        errno = why;
        return failed;
    };
    const auto code = co_await run_blocking(*workers_, std::move(flush));
    errno = code;
    if (code != 0) co_return file_error(directory, "can't be synced");
    co_return result<void>();
}

result<void> rename_file(const std::filesystem::path& from, const std::filesystem::path& to) {
    if (std::rename(from.c_str(), to.c_str()) != 0) return file_error(to, "can't be replaced");
    return {};
}

result<void> rename_to_new(const std::filesystem::path& from, const std::filesystem::path& to) {
    int failed = ::renameat2(AT_FDCWD, from.c_str(), AT_FDCWD, to.c_str(), RENAME_NOREPLACE);
    // Not every file system knows that flag.
    if (failed != 0 && is_unsupported(errno)) {
        failed = ::link(from.c_str(), to.c_str());
        if (failed == 0) ::unlink(from.c_str());
    }
    if (failed == 0) return {};
    if (errno == EEXIST) return is_there(to);
    return file_error(to, "can't be created");
}

error is_there(const std::filesystem::path& path) {
    return error(errc::precondition_failed,
                 "file " + path.string() + " exists, and is not replaced");
}

void remove_file(const std::filesystem::path& path) {
    std::error_code ignored;
    std::filesystem::remove(path, ignored);
}

awaitable<result<void>> put_in_place(local_file& file, std::filesystem::path to, bool replace,
                                     bool sync) {
    const auto as_before = file.take_permissions_of(to);
    if (!as_before) co_return as_before.error();
    if (sync) {
        const auto synced = co_await file.sync();
        if (!synced) co_return synced.error();
    }
    const auto renamed = replace ? rename_file(file.path(), to) : rename_to_new(file.path(), to);
    if (!renamed || !sync) co_return renamed;
    auto named = co_await file.sync_name_in(to);
    co_return named;
}

std::filesystem::path with_suffix(std::filesystem::path path, std::string_view suffix) {
    path += suffix;
    return path;
}

}  // namespace cairn::transfer
