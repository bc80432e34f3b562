#include <cairn/core/workers.hpp>

#include <benchmark/benchmark.h>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>

#include <cstdint>
#include <exception>
#include <fcntl.h>
#include <filesystem>
#include <functional>
#include <liburing.h>
#include <stdexcept>
#include <string>
#include <sys/uio.h>
#include <unistd.h>
#include <utility>
#include <vector>

// A file in pieces, 16 on the way at once, by the three ways that there are to read beside an event
// loop. docs/decisions/files-beside-the-event-loop.md tells which one cairn takes.

namespace {

constexpr std::size_t piece_bytes = 256 * 1024;
constexpr std::uint64_t file_bytes = 256ULL * 1024 * 1024;
constexpr std::size_t lanes = 16;

enum class where { memory, page_cache, disk };

void require(bool done, const char* what) {
    if (!done) throw std::runtime_error(what);
}

class test_file {
  public:
    explicit test_file(where at)
        : at_(at),
          path_((at == where::memory ? "/dev/shm" : std::filesystem::temp_directory_path()) /
                std::filesystem::path("cairn-bench-" + std::to_string(getpid()))),
          fd_(open(path_.c_str(), O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0600)) {
        const std::vector<char> piece(piece_bytes, 'x');
        for (std::uint64_t done = 0; done < file_bytes; done += piece_bytes)
            require(write(fd_, piece.data(), piece.size()) == ssize_t{piece_bytes}, "write");
        fsync(fd_);
    }
    test_file(const test_file&) = delete;
    test_file& operator=(const test_file&) = delete;
    ~test_file() {
        close(fd_);
        std::filesystem::remove(path_);
    }

    int fd() const { return fd_; }
    void forget() const {
        if (at_ == where::disk) posix_fadvise(fd_, 0, 0, POSIX_FADV_DONTNEED);
    }

  private:
    where at_;
    std::filesystem::path path_;
    int fd_;
};

/// Hands out the pieces, and has a buffer for each lane.
class pieces {
  public:
    bool left() const { return next_ < file_bytes; }
    std::uint64_t take() { return std::exchange(next_, next_ + piece_bytes); }
    char* buffer(std::size_t lane) { return buffers_.data() + lane * piece_bytes; }
    void begin() { next_ = 0; }

  private:
    std::uint64_t next_ = 0;
    std::vector<char> buffers_ = std::vector<char>(lanes * piece_bytes);
};

template <class ReadAll>
void measure(benchmark::State& state, where at, ReadAll read_all) {
    const test_file file(at);
    pieces todo;
    for (auto _ : state) {
        state.PauseTiming();
        file.forget();
        todo.begin();
        state.ResumeTiming();
        read_all(file.fd(), todo);
    }
    state.SetBytesProcessed(state.iterations() * static_cast<std::int64_t>(file_bytes));
}

void read_at_once(benchmark::State& state, where at) {
    const int flags = at == where::memory ? 0 : RWF_NOWAIT;
    measure(state, at, [&](int fd, pieces& todo) {
        while (todo.left()) {
            const iovec into{todo.buffer(0), piece_bytes};
            const auto n = preadv2(fd, &into, 1, static_cast<off_t>(todo.take()), flags);
            require(n == ssize_t{piece_bytes}, "preadv2");
        }
    });
}
BENCHMARK_CAPTURE(read_at_once, memory, where::memory)->MeasureProcessCPUTime()->UseRealTime();
BENCHMARK_CAPTURE(read_at_once, page_cache, where::page_cache)
    ->MeasureProcessCPUTime()
    ->UseRealTime();

cairn::awaitable<void> read_by(cairn::workers& by, int fd, pieces& todo, std::size_t lane) {
    while (todo.left()) {
        const auto from = static_cast<off_t>(todo.take());
        std::function<void()> work = [&] {
            require(pread(fd, todo.buffer(lane), piece_bytes, from) == ssize_t{piece_bytes},
                    "pread");
        };
        co_await by.run(std::move(work));
    }
}

void read_by_threads(benchmark::State& state, where at) {
    cairn::workers two(2);
    boost::asio::io_context context(1);
    const auto rethrow = [](const std::exception_ptr& failed) {
        if (failed) std::rethrow_exception(failed);
    };
    measure(state, at, [&](int fd, pieces& todo) {
        for (std::size_t lane = 0; lane < lanes; ++lane) {
            auto reading = read_by(two, fd, todo, lane);
            boost::asio::co_spawn(context, std::move(reading), rethrow);
        }
        context.run();
        context.restart();
    });
}
BENCHMARK_CAPTURE(read_by_threads, memory, where::memory)->MeasureProcessCPUTime()->UseRealTime();
BENCHMARK_CAPTURE(read_by_threads, page_cache, where::page_cache)
    ->MeasureProcessCPUTime()
    ->UseRealTime();
BENCHMARK_CAPTURE(read_by_threads, disk, where::disk)->MeasureProcessCPUTime()->UseRealTime();

class ring {
  public:
    ring() { require(io_uring_queue_init(lanes, &ring_, 0) == 0, "io_uring_queue_init"); }
    ring(const ring&) = delete;
    ring& operator=(const ring&) = delete;
    ~ring() { io_uring_queue_exit(&ring_); }

    void read(int fd, char* into, std::uint64_t from, std::size_t lane) {
        auto* const entry = io_uring_get_sqe(&ring_);
        io_uring_prep_read(entry, fd, into, piece_bytes, from);
        io_uring_sqe_set_data64(entry, lane);
        require(io_uring_submit(&ring_) == 1, "io_uring_submit");
    }
    std::size_t wait() {
        io_uring_cqe* done = nullptr;
        require(io_uring_wait_cqe(&ring_, &done) == 0, "io_uring_wait_cqe");
        require(done->res == int{piece_bytes}, "read");
        const auto lane = io_uring_cqe_get_data64(done);
        io_uring_cqe_seen(&ring_, done);
        return lane;
    }

  private:
    io_uring ring_{};
};

void read_by_uring(benchmark::State& state, where at) {
    ring by;
    measure(state, at, [&](int fd, pieces& todo) {
        std::size_t under_way = 0;
        for (; under_way < lanes; ++under_way)
            by.read(fd, todo.buffer(under_way), todo.take(), under_way);
        while (under_way > 0) {
            const auto lane = by.wait();
            --under_way;
            if (!todo.left()) continue;
            by.read(fd, todo.buffer(lane), todo.take(), lane);
            ++under_way;
        }
    });
}
BENCHMARK_CAPTURE(read_by_uring, memory, where::memory)->MeasureProcessCPUTime()->UseRealTime();
BENCHMARK_CAPTURE(read_by_uring, page_cache, where::page_cache)
    ->MeasureProcessCPUTime()
    ->UseRealTime();
BENCHMARK_CAPTURE(read_by_uring, disk, where::disk)->MeasureProcessCPUTime()->UseRealTime();

}  // namespace
