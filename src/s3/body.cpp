#include "core/file_error.hpp"

#include <cairn/core/random.hpp>
#include <cairn/s3/body.hpp>

#include <algorithm>
#include <cerrno>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace cairn::body {
namespace {

// Large enough that a system call a piece costs nothing, small enough to stay in the cache.
constexpr std::size_t file_piece_bytes = 256 * 1024;

error save_error(const std::filesystem::path& path, std::string_view what) {
    auto e = file_error(path, what);
    e.operation("save " + path.string());
    return e;
}

class file_descriptor {
  public:
    explicit file_descriptor(int fd = -1) noexcept : fd_(fd) {}
    file_descriptor(const file_descriptor&) = delete;
    file_descriptor& operator=(const file_descriptor&) = delete;
    ~file_descriptor() { reset(); }

    /// False when what was written may not have arrived.
    bool close() noexcept { return ::close(std::exchange(fd_, -1)) == 0; }
    void reset(int fd = -1) noexcept {
        if (fd_ >= 0) ::close(fd_);
        fd_ = fd;
    }
    int get() const noexcept { return fd_; }
    explicit operator bool() const noexcept { return fd_ >= 0; }

  private:
    int fd_;
};

// After the rename there is nothing left to remove.
class temporary_file {
  public:
    explicit temporary_file(const std::filesystem::path& path) : path_(path) {}
    temporary_file(const temporary_file&) = delete;
    temporary_file& operator=(const temporary_file&) = delete;
    ~temporary_file() { ::unlink(path_.c_str()); }

  private:
    const std::filesystem::path& path_;
};

bool write_all(int fd, std::string_view data) {
    while (!data.empty()) {
        const auto n = ::write(fd, data.data(), data.size());
        if (n < 0 && errno != EINTR) return false;
        if (n > 0) data.remove_prefix(static_cast<std::size_t>(n));
    }
    return true;
}

// Bytes in memory: one piece.
class memory_source : public wire::body_source {
  public:
    explicit memory_source(std::string_view data) : data_(data) {}

    std::uint64_t size() const noexcept override { return data_.size(); }
    bool rewind() noexcept override {
        given_ = false;
        return true;
    }
    awaitable<result<asio::const_buffer>> next() override {
        const auto piece = std::exchange(given_, true) ? std::string_view() : data_;
        co_return asio::buffer(piece);
    }
    std::optional<asio::const_buffer> in_memory() const noexcept override {
        return asio::buffer(data_);
    }

  protected:
    std::string_view data_;

  private:
    bool given_ = false;
};

class owned_source final : public memory_source {
  public:
    explicit owned_source(std::string data) : memory_source({}), owned_(std::move(data)) {
        data_ = owned_;
    }

  private:
    std::string owned_;
};

class file_source final : public wire::body_source {
  public:
    explicit file_source(std::filesystem::path path) : path_(std::move(path)) {
        struct stat info{};
        file_.reset(::open(path_.c_str(), O_RDONLY | O_CLOEXEC));
        if (!file_ || ::fstat(file_.get(), &info) != 0) {
            failed_ = file_error(path_, "can't be opened");
        } else if (!S_ISREG(info.st_mode)) {
            failed_ = file_error(path_, "is not a regular file", {});
        } else {
            size_ = static_cast<std::uint64_t>(info.st_size);
        }
    }

    std::uint64_t size() const noexcept override { return size_; }
    bool rewind() noexcept override {
        offset_ = 0;
        return true;
    }

    awaitable<result<asio::const_buffer>> next() override {
        if (failed_.code()) co_return failed_;
        piece_.resize(file_piece_bytes);
        const auto n = read_at(offset_);
        if (n < 0) co_return file_error(path_, "can't be read");
        offset_ += static_cast<std::uint64_t>(n);
        if (n == 0 && offset_ < size_)
            co_return file_error(path_, "became shorter while it was sent", {});
        // Before the last piece goes out: with it the server has a whole object.
        if (offset_ == size_ && size_now() != size_)
            co_return file_error(
                path_,
                "became longer than its " + std::to_string(size_) + " bytes while it was sent", {});
        co_return asio::buffer(piece_.data(), static_cast<std::size_t>(n));
    }

  private:
    std::uint64_t size_now() const {
        struct stat info{};
        ::fstat(file_.get(), &info);
        return static_cast<std::uint64_t>(info.st_size);
    }

    ssize_t read_at(std::uint64_t offset) {
        for (;;) {
            const auto n =
                ::pread(file_.get(), piece_.data(), piece_.size(), static_cast<off_t>(offset));
            if (n >= 0 || errno != EINTR) return n;
        }
    }

    std::filesystem::path path_;
    file_descriptor file_;
    error failed_;
    std::uint64_t size_ = 0;
    std::uint64_t offset_ = 0;
    std::vector<char> piece_;
};

class generated_source final : public wire::body_source {
  public:
    generated_source(std::uint64_t size, generate next, std::function<void()> restart)
        : size_(size), next_(std::move(next)), restart_(std::move(restart)) {}

    std::uint64_t size() const noexcept override { return size_; }
    bool rewind() noexcept override {
        if (!restart_) return false;
        restart_();
        return true;
    }
    awaitable<result<asio::const_buffer>> next() override { return next_(); }

  private:
    std::uint64_t size_;
    generate next_;
    std::function<void()> restart_;
};

}  // namespace

source::source(std::string data) : stream_(std::make_unique<owned_source>(std::move(data))) {}
source::source(const char* text) : source(std::string(text)) {}

source view(std::string_view data) {
    return source(std::make_unique<memory_source>(data));
}
source file(std::filesystem::path path) {
    return source(std::make_unique<file_source>(std::move(path)));
}
source generator(std::uint64_t size, generate next, std::function<void()> restart) {
    return source(std::make_unique<generated_source>(size, std::move(next), std::move(restart)));
}

std::optional<std::uint64_t> reader::remaining() const noexcept {
    return stream_ ? stream_->remaining() : 0;
}

awaitable<result<std::size_t>> reader::read_some(asio::mutable_buffer into) {
    if (remaining() != 0) return stream_->read_some(into);
    return [](std::size_t none) -> awaitable<result<std::size_t>> { co_return none; }(0);
}

awaitable<result<std::size_t>> reader::read(asio::mutable_buffer into) {
    std::size_t total = 0;
    while (into.size() > 0) {
        const auto n = co_await read_some(into);
        if (!n) co_return n.error();
        if (*n == 0) break;
        into += *n;
        total += *n;
    }
    co_return total;
}

awaitable<result<std::string>> reader::read_all(std::size_t limit) {
    constexpr std::size_t unknown_length_step = 64 * 1024;
    const auto too_long = [&] {
        return error(errc::limit_exceeded,
                     "the body is longer than the limit of " + std::to_string(limit) + " bytes")
            .operation(stream_->operation());
    };
    if (remaining().value_or(0) > limit) co_return too_long();
    std::string all;
    for (;;) {
        const std::size_t have = all.size();
        const auto room = remaining().value_or(unknown_length_step);
        if (room == 0) break;
        // One more than is left of the limit, to see whether there is more.
        const auto most = limit - have < room ? limit - have + 1 : room;
        all.resize(have + static_cast<std::size_t>(most));
        const auto n = co_await read(asio::buffer(all.data() + have, all.size() - have));
        if (!n) co_return n.error();
        all.resize(have + *n);
        if (all.size() > limit) co_return too_long();
        if (*n == 0) break;
    }
    co_return std::move(all);
}

// Under a name of its own until it is whole: a reader of `path` never sees a part of the body, and
// neither does another download to the same path.
awaitable<result<std::uint64_t>> reader::save(std::filesystem::path path) {
    auto part = path;
    part += ".part-" + system_random()->hex(8);
    file_descriptor out(::open(part.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666));
    if (!out) co_return save_error(path, "can't be created");
    const temporary_file cleanup(part);
    std::vector<char> piece(file_piece_bytes);
    std::uint64_t total = 0;
    for (;;) {
        const auto n = co_await read_some(asio::buffer(piece));
        if (!n) co_return n.error();
        if (*n == 0) break;
        if (!write_all(out.get(), {piece.data(), *n}))
            co_return save_error(path, "can't be written");
        total += *n;
    }
    if (::fsync(out.get()) != 0 || !out.close()) co_return save_error(path, "can't be written");
    if (::rename(part.c_str(), path.c_str()) != 0) co_return save_error(path, "can't be replaced");
    co_return total;
}

}  // namespace cairn::body
