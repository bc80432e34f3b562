#pragma once

#include <atomic>
#include <cstddef>
#include <list>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>

namespace cairn::s3 {

/// One T for each key, shared by all who ask for it. Of more than `most` keys, the one that nobody
/// has asked for the longest is forgotten; who holds what was kept for it may go on using it.
///
/// Thread-safe.
template <class T>
class registry {
  public:
    explicit registry(std::size_t most) : most_(most) {}

    /// Whether nothing is kept; costs no lock.
    bool empty() const noexcept { return count_.load(std::memory_order_acquire) == 0; }

    /// What is kept for `key`, or null.
    std::shared_ptr<T> find(std::string_view key) {
        if (empty()) return nullptr;
        const std::lock_guard lock(mutex_);
        return found(key);
    }

    /// What is kept for `key`; if that is nothing, what `make()` gives is, a shared pointer.
    template <class Make>
    std::shared_ptr<T> find_or(std::string_view key, Make make) {
        const std::lock_guard lock(mutex_);
        if (auto kept = found(key)) return kept;
        return keep(key, make());
    }

    /// Keeps `value` for `key`, in place of what was kept for it.
    void set(std::string_view key, std::shared_ptr<T> value) {
        const std::lock_guard lock(mutex_);
        if (found(key))
            entries_.front().second = std::move(value);
        else
            keep(key, std::move(value));
    }

  private:
    using entry = std::pair<const std::string, std::shared_ptr<T>>;

    std::shared_ptr<T> found(std::string_view key) {
        const auto at = index_.find(key);
        if (at == index_.end()) return nullptr;
        entries_.splice(entries_.begin(), entries_, at->second);
        return entries_.front().second;
    }

    std::shared_ptr<T> keep(std::string_view key, std::shared_ptr<T> value) {
        if (index_.size() >= most_) {
            index_.erase(entries_.back().first);
            entries_.pop_back();
        }
        entries_.emplace_front(std::string(key), std::move(value));
        index_.emplace(entries_.front().first, entries_.begin());
        count_.store(index_.size(), std::memory_order_release);
        return entries_.front().second;
    }

    const std::size_t most_;
    std::mutex mutex_;          // guards what follows
    std::list<entry> entries_;  // the latest asked for first
    std::unordered_map<std::string_view, typename std::list<entry>::iterator> index_;
    std::atomic<std::size_t> count_{0};
};

}  // namespace cairn::s3
