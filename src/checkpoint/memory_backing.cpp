#include <cairn/checkpoint/memory_backing.hpp>

#include <map>
#include <mutex>

namespace cairn::checkpoint {
namespace {

class memory final : public backing {
  public:
    awaitable<result<create_outcome>> create(std::string key, bytes data) override {
        const std::lock_guard lock(mutex_);
        const bool made = objects_.try_emplace(std::move(key), std::move(data)).second;
        co_return made ? create_outcome::created : create_outcome::exists;
    }

    awaitable<result<void>> put(std::string key, bytes data) override {
        const std::lock_guard lock(mutex_);
        objects_.insert_or_assign(std::move(key), std::move(data));
        co_return result<void>();
    }

    awaitable<result<bytes>> get(std::string key, std::size_t limit) override {
        const std::lock_guard lock(mutex_);
        const auto found = objects_.find(key);
        if (found == objects_.end()) co_return error(errc::not_found);
        if (found->second.size() > limit)
            co_return error(errc::limit_exceeded, std::to_string(found->second.size()) + " bytes");
        co_return found->second;
    }

    awaitable<result<std::vector<std::string>>> list(std::string prefix, std::string start_after,
                                                     std::size_t limit) override {
        const std::lock_guard lock(mutex_);
        std::vector<std::string> keys;
        auto at =
            start_after < prefix ? objects_.lower_bound(prefix) : objects_.upper_bound(start_after);
        for (; at != objects_.end() && at->first.starts_with(prefix) && keys.size() < limit; ++at)
            keys.push_back(at->first);
        co_return keys;
    }

    awaitable<result<std::vector<result<void>>>> remove(std::vector<std::string> keys) override {
        const std::lock_guard lock(mutex_);
        for (const auto& key : keys) objects_.erase(key);
        co_return std::vector<result<void>>(keys.size());
    }

    std::string location(std::string_view key) const override {
        return "memory:" + std::string(key);
    }

  private:
    std::mutex mutex_;
    std::map<std::string, bytes, std::less<>> objects_;
};

}  // namespace

std::shared_ptr<backing> memory_backing() {
    return std::make_shared<memory>();
}

}  // namespace cairn::checkpoint
