#include "transfer/local_file.hpp"

#include "core/file_error.hpp"

#include <array>
#include <cerrno>
#include <chrono>
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

// What a system call has given, and why if that is below 0.
struct answer {
    ssize_t given = 0;
    error_code why;
};

answer answer_of(ssize_t given) {
    return {given, given < 0 ? last_system_error() : error_code()};
}

awaitable<answer> ask_on_worker(workers& by, std::function<ssize_t()> call) {
    answer last;
    std::function<void()> work = [&] { last = answer_of(call()); };
    co_await by.run(std::move(work));
    co_return last;
}

// preadv2 or pwritev2: as long as they are given no flags, pread or pwrite.
using positioned_call = ssize_t (*)(int, const iovec*, int, off_t, int);

ssize_t do_once(positioned_call call, int fd, std::uint64_t offset, asio::mutable_buffer of,
                int flags) {
    const iovec all{of.data(), of.size()};
    return call(fd, &all, 1, static_cast<off_t>(offset), flags);
}

// All of it, or up to the end of the file. Blocks.
ssize_t do_all(positioned_call call, int fd, std::uint64_t offset, asio::mutable_buffer of) {
    std::size_t done = 0;
    while (done < of.size()) {
        const auto n = do_once(call, fd, offset + done, of + done, 0);
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

// On this thread what needs no waiting, the rest on a worker.
awaitable<answer> do_without_blocking(positioned_call call, int fd, std::optional<int>& flags,
                                      workers& by, std::uint64_t offset, asio::mutable_buffer of) {
    std::size_t done = 0;
    if (flags) done = done_at_once(flags, do_once(call, fd, offset, of, *flags));
    if (done == of.size()) co_return answer_of(static_cast<ssize_t>(done));
    std::function<ssize_t()> rest = [&] { return do_all(call, fd, offset + done, of + done); };
    auto last = co_await ask_on_worker(by, std::move(rest));
    if (last.given >= 0) last.given += static_cast<ssize_t>(done);
    co_return last;
}

// tmpfs knows no RWF_NOWAIT, and needs none: it is memory.
int flags_for(int fd) {
    struct statfs info{};
    const bool in_memory = ::fstatfs(fd, &info) == 0 && info.f_type == TMPFS_MAGIC;
    return in_memory ? 0 : RWF_NOWAIT;
}

}  // namespace

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
    if (!S_ISREG(info.st_mode)) return file_error(file->path_, "is not a regular file", {});
    if (how == mode::write && info.st_nlink != 1)
        return file_error(file->path_, "has another name, too", {})
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
    return file_error(path_, "changed while it was sent", {})
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
    const auto read =
        co_await do_without_blocking(::preadv2, fd_, read_flags_, *workers_, offset, into);
    if (read.given < 0) co_return file_error(path_, "can't be read", read.why);
    co_return static_cast<std::size_t>(read.given);
}

awaitable<result<void>> local_file::write_at(std::uint64_t offset, asio::const_buffer from) {
    const asio::mutable_buffer only_read(const_cast<void*>(from.data()), from.size());
    const auto written =
        co_await do_without_blocking(::pwritev2, fd_, write_flags_, *workers_, offset, only_read);
    if (written.given < 0) co_return file_error(path_, "can't be written", written.why);
    co_return result<void>();
}

result<void> local_file::resize(std::uint64_t size) {
    if (::ftruncate(fd_, static_cast<off_t>(size)) != 0)
        return file_error(path_, "can't be resized");
    return {};
}

result<void> local_file::take_permissions_of(const std::filesystem::path& other,
                                             unsigned and_also) {
    struct stat info{};
    if (::stat(other.c_str(), &info) != 0) return {};
    if (::fchmod(fd_, (info.st_mode & 0777U) | and_also) != 0)
        return file_error(path_, "can't be given the permissions of " + other.string());
    return {};
}

result<void> local_file::set_modified(s3::timestamp when) {
    const auto whole = std::chrono::floor<std::chrono::seconds>(when);
    const std::chrono::nanoseconds part = when - whole;
    const std::array times{timespec{0, UTIME_OMIT},
                           timespec{whole.time_since_epoch().count(), part.count()}};
    if (::futimens(fd_, times.data()) != 0)
        return file_error(path_, "can't be given its object's time");
    return {};
}

awaitable<result<void>> local_file::sync() {
    std::function<ssize_t()> flush = [this] { return ::fsync(fd_); };
    const auto flushed = co_await ask_on_worker(*workers_, std::move(flush));
    if (flushed.given < 0) co_return file_error(path_, "can't be written", flushed.why);
    co_return result<void>();
}

// A directory that may be written and not read can't be opened; then all of its file system is
// synced.
awaitable<result<void>> local_file::sync_name_in(std::filesystem::path named) {
    const auto directory = named.has_parent_path() ? named.parent_path() : ".";
    std::function<ssize_t()> flush = [this, &directory] {
        const int fd = ::open(directory.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
        if (fd < 0) return ::syncfs(fd_);
        const int failed = ::fsync(fd);
        const int why = errno;
        ::close(fd);
        errno = why;
        return failed;
    };
    const auto flushed = co_await ask_on_worker(*workers_, std::move(flush));
    if (flushed.given < 0) co_return file_error(directory, "can't be synced", flushed.why);
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
    return error(errc::precondition_failed, path.string() + " exists, and is not replaced");
}

void remove_file(const std::filesystem::path& path) {
    ::unlink(path.c_str());
}

std::filesystem::path with_suffix(std::filesystem::path path, std::string_view suffix) {
    path += suffix;
    return path;
}

}  // namespace cairn::transfer
