#include "checkpoint/file_system.hpp"
#include "core/completion.hpp"

#include <cairn/checkpoint/file_backing.hpp>
#include <cairn/core/random.hpp>

#include <boost/asio/post.hpp>

#include <algorithm>
#include <chrono>
#include <functional>
#include <mutex>
#include <optional>
#include <set>
#include <utility>

namespace cairn::checkpoint {
namespace {

using files::path;

// Temporary files of crashed writers are removed when they are so old that their writer must be
// gone.
constexpr auto temporary_file_age = std::chrono::hours(24);
// Enough for a busy process; forgetting costs a few more syncs.
constexpr std::size_t max_known_directories = 10'000;

error unapplied(error e) {
    e.effect(effect::not_applied);
    return e;
}

error uncertain(error e) {
    e.effect(effect::unknown);
    return e;
}

bool is_key(std::string_view key) {
    constexpr std::size_t max_name_bytes = 255;  // NAME_MAX
    const auto is_name = [](std::string_view name) {
        return !name.empty() && name.size() <= max_name_bytes && name.front() != '.' &&
               name.find('\0') == std::string_view::npos;
    };
    for (;;) {
        const auto slash = key.find('/');
        if (!is_name(key.substr(0, slash))) return false;
        if (slash == std::string_view::npos) return true;
        key.remove_prefix(slash + 1);
    }
}

/// Lists a tree of files as a flat space of keys.
class lister {
  public:
    lister(path root, std::string prefix, std::string start_after, std::size_t limit)
        : root_(std::move(root)),
          prefix_(std::move(prefix)),
          start_after_(std::move(start_after)),
          limit_(limit) {}

    result<std::vector<std::string>> run() {
        if (auto done = visit(prefix_.substr(0, prefix_.rfind('/') + 1)); !done)
            return done.error();
        return std::move(keys_);
    }

  private:
    // In the order of keys a directory stands where its name with a '/' does.
    result<std::vector<std::string>> names_in(const std::string& directory) const {
        std::vector<std::string> names;
        std::error_code failed;
        std::filesystem::directory_iterator entries(root_ / directory, failed);
        for (; !failed && entries != std::filesystem::directory_iterator();
             entries.increment(failed)) {
            auto name = directory + entries->path().filename().string();
            std::error_code unknown;
            if (entries->is_directory(unknown)) name += '/';
            if (may_list(name)) names.push_back(std::move(name));
        }
        if (failed && failed != std::errc::no_such_file_or_directory) {
            errno = failed.value();
            return files::last_error("list", root_ / directory);
        }
        std::ranges::sort(names);
        return names;
    }

    bool may_list(std::string_view name) const {
        const bool is_directory = name.ends_with('/');
        if (name.starts_with('.')) return false;
        if (!name.starts_with(prefix_) && !(is_directory && prefix_.starts_with(name)))
            return false;
        return name > start_after_ || (is_directory && start_after_.starts_with(name));
    }

    result<void> visit(const std::string& directory) {
        auto names = names_in(directory);
        if (!names) return names.error();
        for (auto& name : *names) {
            if (keys_.size() >= limit_) return {};
            if (!name.ends_with('/'))
                keys_.push_back(std::move(name));
            else if (auto done = visit(name); !done)
                return done;
        }
        return {};
    }

    path root_;
    std::string prefix_;
    std::string start_after_;
    std::size_t limit_;
    std::vector<std::string> keys_;
};

/// The blocking part: a tree of files. Thread-safe.
class file_tree {
  public:
    explicit file_tree(path root) : root_(std::move(root)), temporary_(root_ / ".tmp") {}

    result<void> open() {
        if (auto made = make_directories(temporary_); !made) {
            error e(errc::invalid_argument, "the directory can't be used");
            e.cause(made.error().cause());
            e.operation("open " + temporary_.string());
            return e;
        }
        remove_old_temporary_files();
        return {};
    }

    result<create_outcome> create(const std::string& key, const bytes& data) {
        const auto temporary = prepare(key, data);
        if (!temporary) return unapplied(temporary.error());
        auto linked = files::link_new(*temporary, root_ / key);
        discard(*temporary);
        if (!linked) return unapplied(linked.error());
        // Also when the name is taken: it may be our own, from a call that failed to sync it.
        if (auto synced = sync_parent(key); !synced) return uncertain(synced.error());
        return linked;
    }

    result<void> put(const std::string& key, const bytes& data) {
        const auto temporary = prepare(key, data);
        if (!temporary) return unapplied(temporary.error());
        if (auto renamed = files::replace(*temporary, root_ / key); !renamed) {
            discard(*temporary);
            return unapplied(renamed.error());
        }
        if (auto synced = sync_parent(key); !synced) return uncertain(synced.error());
        return {};
    }

    result<bytes> get(const std::string& key, std::size_t limit) const {
        if (!is_key(key)) return invalid(key);
        return files::read(root_ / key, limit);
    }

    result<std::vector<std::string>> list(std::string prefix, std::string start_after,
                                          std::size_t limit) const {
        const auto slash = prefix.rfind('/');
        if (slash != std::string::npos && !is_key(prefix.substr(0, slash)))
            return std::vector<std::string>();
        return lister(root_, std::move(prefix), std::move(start_after), limit).run();
    }

    result<std::vector<result<void>>> remove(const std::vector<std::string>& keys) {
        std::vector<result<void>> outcomes;
        std::set<path> parents;
        for (const auto& key : keys) {
            outcomes.push_back(is_key(key) ? files::unlink(root_ / key) : invalid(key));
            parents.insert((root_ / key).parent_path());
        }
        for (const auto& parent : parents) {
            auto synced = files::sync_directory(parent);
            if (!synced && synced.error().code() != errc::not_found)
                return uncertain(synced.error());
        }
        return outcomes;
    }

    std::string location(std::string_view key) const { return "file:" + (root_ / key).string(); }

  private:
    static error invalid(const std::string& key) {
        return error(errc::invalid_argument, "\"" + key + "\" can't be the name of a file");
    }

    // Writes the data aside, ready to get its name.
    result<path> prepare(const std::string& key, const bytes& data) {
        if (!is_key(key)) return invalid(key);
        if (auto made = make_parents(key); !made) return made.error();
        constexpr std::size_t name_bytes = 16;
        auto temporary = temporary_ / random_->hex(name_bytes);
        if (auto written = files::write_new(temporary, data); !written) {
            discard(temporary);
            return written.error();
        }
        return temporary;
    }

    // What can't be removed is removed by `open`, one day.
    static void discard(const path& temporary) {
        [[maybe_unused]] const auto unlinked = files::unlink(temporary);
    }

    // Each one's name survives a crash from here on.
    static result<void> make_directories(const path& at) {
        std::error_code unknown;
        if (at.empty() || std::filesystem::is_directory(at, unknown)) return {};
        const auto parent = at.parent_path();
        if (auto made = make_directories(parent); !made) return made;
        if (auto made = files::make_directory(at); !made) return made;
        return files::sync_directory(parent.empty() ? "." : parent);
    }

    // A directory's name must be as durable as what is in it, whoever made it, so this process
    // syncs each one's parent once.
    result<void> make_parents(std::string_view key) {
        for (auto slash = key.find('/'); slash != std::string_view::npos;
             slash = key.find('/', slash + 1)) {
            const auto directory = root_ / key.substr(0, slash);
            if (knows(directory)) continue;
            if (auto made = files::make_directory(directory); !made) return made;
            if (auto synced = files::sync_directory(directory.parent_path()); !synced)
                return synced;
            learn(directory);
        }
        return {};
    }

    bool knows(const path& directory) {
        const std::lock_guard lock(mutex_);
        return known_.contains(directory);
    }

    void learn(const path& directory) {
        const std::lock_guard lock(mutex_);
        if (known_.size() >= max_known_directories) known_.clear();
        known_.insert(directory);
    }

    result<void> sync_parent(const std::string& key) const {
        return files::sync_directory((root_ / key).parent_path());
    }

    void remove_old_temporary_files() const {
        std::error_code ignored;
        const auto oldest = std::filesystem::file_time_type::clock::now() - temporary_file_age;
        std::filesystem::directory_iterator entries(temporary_, ignored);
        for (; !ignored && entries != std::filesystem::directory_iterator();
             entries.increment(ignored)) {
            std::error_code unknown;
            const auto written = entries->last_write_time(unknown);
            if (!unknown && written < oldest) discard(entries->path());
        }
    }

    path root_;
    path temporary_;
    std::shared_ptr<random> random_ = system_random();
    std::mutex mutex_;
    std::set<path> known_;  ///< Directories that are there and will be after a crash.
};

/// Runs `work` on `workers`, or right here without any.
template <class T>
awaitable<result<T>> offload(asio::any_io_executor workers, std::function<result<T>()> work,
                             effect when_canceled) {
    if (!workers) co_return work();
    struct ending {
        std::optional<result<T>> outcome;
        std::exception_ptr thrown;  // Running out of memory is the caller's, not the worker's.
    };
    const auto done = std::make_shared<completion>();
    const auto end = std::make_shared<ending>();
    asio::post(workers, [done, end, work = std::move(work)] {
        try {
            end->outcome = work();
        } catch (...) {
            end->thrown = std::current_exception();
        }
        done->complete();
    });
    const bool completed = co_await done->wait();
    if (completed && end->thrown) std::rethrow_exception(end->thrown);
    if (completed) co_return std::move(*end->outcome);
    error e(errc::canceled);
    e.effect(when_canceled);
    co_return e;
}

class file final : public backing {
  public:
    file(std::shared_ptr<file_tree> tree, asio::any_io_executor workers)
        : tree_(std::move(tree)), workers_(std::move(workers)) {}

    awaitable<result<create_outcome>> create(std::string key, bytes data) override {
        std::function<result<create_outcome>()> work = [tree = tree_, key = std::move(key),
                                                        data = std::move(data)] {
            return tree->create(key, data);
        };
        return offload(workers_, std::move(work), effect::unknown);
    }

    awaitable<result<void>> put(std::string key, bytes data) override {
        std::function<result<void>()> work = [tree = tree_, key = std::move(key),
                                              data = std::move(data)] {
            return tree->put(key, data);
        };
        return offload(workers_, std::move(work), effect::unknown);
    }

    awaitable<result<bytes>> get(std::string key, std::size_t limit) override {
        std::function<result<bytes>()> work = [tree = tree_, key = std::move(key), limit] {
            return tree->get(key, limit);
        };
        return offload(workers_, std::move(work), effect::none);
    }

    awaitable<result<std::vector<std::string>>> list(std::string prefix, std::string start_after,
                                                     std::size_t limit) override {
        std::function<result<std::vector<std::string>>()> work =
            [tree = tree_, prefix = std::move(prefix), start_after = std::move(start_after),
             limit] { return tree->list(prefix, start_after, limit); };
        return offload(workers_, std::move(work), effect::none);
    }

    awaitable<result<std::vector<result<void>>>> remove(std::vector<std::string> keys) override {
        std::function<result<std::vector<result<void>>>()> work =
            [tree = tree_, keys = std::move(keys)] { return tree->remove(keys); };
        return offload(workers_, std::move(work), effect::unknown);
    }

    std::string location(std::string_view key) const override { return tree_->location(key); }

  private:
    std::shared_ptr<file_tree> tree_;
    asio::any_io_executor workers_;
};

}  // namespace

result<std::shared_ptr<backing>> file_backing(std::filesystem::path root) {
    return file_backing(std::move(root), asio::any_io_executor());
}

result<std::shared_ptr<backing>> file_backing(std::filesystem::path root,
                                              asio::any_io_executor workers) {
    auto tree = std::make_shared<file_tree>(std::move(root));
    if (auto opened = tree->open(); !opened) return opened.error();
    return std::shared_ptr<backing>(std::make_shared<file>(std::move(tree), std::move(workers)));
}

}  // namespace cairn::checkpoint
