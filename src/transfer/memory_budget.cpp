#include "transfer/memory_budget.hpp"

#include "core/cancellation.hpp"
#include "core/completion.hpp"

#include <algorithm>
#include <deque>
#include <map>
#include <mutex>
#include <new>
#include <utility>

namespace cairn::transfer {
namespace {

struct waiter : completion {
    explicit waiter(std::size_t b) : bytes(b) {}
    const std::size_t bytes;
    bool granted = false;  // guarded by the budget's mutex
};

}  // namespace

struct memory_budget::shared {
    explicit shared(std::uint64_t bytes) : total(bytes) {}

    const std::uint64_t total;
    std::mutex mutex;  // guards what follows
    std::uint64_t used = 0;
    std::uint64_t peak = 0;
    std::deque<std::shared_ptr<waiter>> line;
    std::multimap<std::size_t, std::unique_ptr<char[]>> kept;
    std::uint64_t kept_bytes = 0;

    bool fits(std::size_t bytes) const { return used == 0 || used + bytes <= total; }
    void take(std::size_t bytes) {
        used += bytes;
        peak = std::max(peak, used);
    }
    // Who came first is served first, even if a smaller wish would fit.
    bool take_at_once(std::size_t bytes) {
        const std::lock_guard lock(mutex);
        if (!line.empty() || used + bytes > total) return false;
        take(bytes);
        return true;
    }
    bool take_or_queue(const std::shared_ptr<waiter>& w) {
        const std::lock_guard lock(mutex);
        if (line.empty() && fits(w->bytes)) {
            take(w->bytes);
            return true;
        }
        line.push_back(w);
        return false;
    }
    void give_back(std::size_t bytes) {
        const std::lock_guard lock(mutex);
        used -= bytes;
        serve();
    }
    void leave(const std::shared_ptr<waiter>& w) {
        const std::lock_guard lock(mutex);
        if (std::exchange(w->granted, false))
            used -= w->bytes;
        else
            std::erase(line, w);
        serve();
    }

    std::unique_ptr<char[]> memory(std::size_t bytes) {
        {
            const std::lock_guard lock(mutex);
            if (const auto found = kept.find(bytes); found != kept.end()) {
                auto memory = std::move(found->second);
                kept.erase(found);
                kept_bytes -= bytes;
                return memory;
            }
            drop_kept(total > used ? total - used : 0);
        }
        return std::make_unique_for_overwrite<char[]>(bytes);
    }
    // Where there is no memory to note it in, it goes.
    void keep(std::unique_ptr<char[]> memory, std::size_t bytes) noexcept {
        const std::lock_guard lock(mutex);
        if (used + kept_bytes > total) return;
        try {
            kept.emplace(bytes, std::move(memory));
        } catch (const std::bad_alloc&) {
            return;
        }
        kept_bytes += bytes;
    }

  private:
    void serve() {
        while (!line.empty() && fits(line.front()->bytes)) {
            const auto first = std::move(line.front());
            line.pop_front();
            if (!first->complete()) continue;
            first->granted = true;
            take(first->bytes);
        }
    }
    void drop_kept(std::uint64_t limit) {
        while (kept_bytes > limit) {
            kept_bytes -= kept.begin()->first;
            kept.erase(kept.begin());
        }
    }
};

// A place in the line. Its coroutine may be destroyed with the io_context it waits on, when the
// budget itself, and others who wait for it, live on.
class memory_budget::place {
  public:
    place(std::shared_ptr<shared> of, std::shared_ptr<waiter> w)
        : of_(std::move(of)), waiter_(std::move(w)) {}
    place(const place&) = delete;
    place& operator=(const place&) = delete;
    ~place() {
        if (of_) of_->leave(waiter_);
    }

    buffer granted() { return {std::exchange(of_, nullptr), waiter_->bytes}; }

  private:
    std::shared_ptr<shared> of_;
    std::shared_ptr<waiter> waiter_;
};

memory_budget::buffer::buffer(std::shared_ptr<shared> of, std::size_t size)
    : of_(std::move(of)), size_(size) {
    try {
        memory_ = of_->memory(size);
    } catch (const std::bad_alloc&) {
        of_->give_back(size);
        throw;
    }
}
memory_budget::buffer::buffer(buffer&&) noexcept = default;
memory_budget::buffer& memory_budget::buffer::operator=(buffer&& other) noexcept {
    give_back();
    of_ = std::move(other.of_);
    memory_ = std::move(other.memory_);
    size_ = other.size_;
    return *this;
}
memory_budget::buffer::~buffer() {
    give_back();
}

void memory_budget::buffer::give_back() noexcept {
    if (!of_) return;
    of_->keep(std::move(memory_), size_);
    std::exchange(of_, nullptr)->give_back(size_);
}

memory_budget::memory_budget(std::uint64_t bytes) : shared_(std::make_shared<shared>(bytes)) {}

std::optional<memory_budget::buffer> memory_budget::try_acquire(std::size_t bytes) const {
    if (!shared_->take_at_once(bytes)) return std::nullopt;
    return buffer(shared_, bytes);
}

awaitable<memory_budget::buffer> memory_budget::acquire_from(std::shared_ptr<shared> of,
                                                             std::size_t bytes) {
    const auto w = std::make_shared<waiter>(bytes);
    if (of->take_or_queue(w)) co_return buffer(of, bytes);
    place in_line(of, w);
    const bool granted = co_await w->wait();
    if (granted) co_return in_line.granted();
    throw boost::system::system_error(asio::error::operation_aborted);
}

std::uint64_t memory_budget::total() const noexcept {
    return shared_->total;
}

std::uint64_t memory_budget::used() const {
    const std::lock_guard lock(shared_->mutex);
    return shared_->used;
}

std::uint64_t memory_budget::kept() const {
    const std::lock_guard lock(shared_->mutex);
    return shared_->kept_bytes;
}

std::uint64_t memory_budget::peak() const {
    const std::lock_guard lock(shared_->mutex);
    return shared_->peak;
}

}  // namespace cairn::transfer
