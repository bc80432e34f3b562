#include "transfer/syncing.hpp"

#include "core/cancellation.hpp"
#include "core/file_error.hpp"
#include "core/parallel.hpp"
#include "transfer/alone.hpp"
#include "transfer/copying.hpp"
#include "transfer/downloading.hpp"
#include "transfer/uploading.hpp"

#include <algorithm>
#include <functional>
#include <iterator>
#include <optional>
#include <system_error>
#include <utility>

namespace cairn::transfer {
namespace {

namespace fs = std::filesystem;

using entries = std::vector<tree_entry>;

std::string name_of(const sync& what) {
    return "sync " + what.from.text() + " to " + what.to.text();
}

// What can't be looked at is there, and can't be listed either.
bool is_there(const fs::path& folder) {
    std::error_code failed;
    return fs::status(folder, failed).type() != fs::file_type::not_found;
}

result<void> remove_beneath(const fs::path& folder, const std::string& name) {
    const auto path = path_beneath(folder, name);
    if (!path) return path.error();
    std::error_code failed;
    fs::remove(*path, failed);
    if (failed) return file_error(*path, "can't be removed", failed).effect(effect::not_applied);
    return {};
}

awaitable<result<file_tree>> list_folder(workers& by, const fs::path& folder,
                                         const name_filter& names) {
    result<file_tree> listed{};
    std::function<void()> work = [&] { listed = list_files(folder, names); };
    co_await by.run(std::move(work));
    co_return listed;
}

// --- What is to be done ---

// A prefix is never made: one that nothing has is a slip of the pen as easily as an empty one.
bool may_be_empty(const sync& what) {
    return what.from.is_folder() || (what.from.prefix().empty() && !what.rules.remove_extra);
}

error nothing_to_be_like(const sync& what) {
    error e(errc::not_found, "no object is beneath " + what.from.text());
    e.effect(effect::not_applied);
    return e.hint(what.rules.remove_extra ? "nothing was removed; check the prefix"
                                          : "check the prefix");
}

class planner {
  public:
    planner(const context& in, const sync& what) : in_(in), what_(what) {}

    awaitable<result<sync_plan>> run() {
        const auto direction = what_.direction();
        if (!direction) co_return direction.error();
        auto source = co_await list(what_.from);
        if (!source) co_return source.error();
        if (source->empty() && !may_be_empty(what_)) co_return nothing_to_be_like(what_);
        auto destination = co_await list_destination();
        if (!destination) co_return destination.error();
        auto rules = what_.rules;
        if (!unreadable_.empty()) rules.remove_extra = false;
        auto plan = plan_sync(std::move(*source), std::move(*destination), *direction, rules);
        plan.unreadable = std::move(unreadable_);
        if (what_.to.is_folder())
            std::erase_if(plan.removals, [this](const tree_entry& extra) {
                return !path_beneath(what_.to.path(), extra.name);
            });
        co_return plan;
    }

  private:
    awaitable<result<entries>> list(const tree& at) {
        auto listing = at.is_folder() ? list_files_of(at) : list_objects_of(at);
        auto all = co_await std::move(listing);
        // Which side it is.
        if (!all) co_return error(all.error()).operation("list " + at.text());
        co_return all;
    }
    awaitable<result<entries>> list_objects_of(const tree& at) {
        object_tree objects(in_.client(), at.bucket(), at.prefix());
        auto all = co_await objects.all();
        co_return all;
    }
    awaitable<result<entries>> list_files_of(const tree& at) {
        auto listed = co_await list_folder(*in_.workers, at.path(), what_.rules.names);
        if (!listed) co_return listed.error();
        std::ranges::move(listed->unreadable, std::back_inserter(unreadable_));
        co_return std::move(listed->entries);
    }

    // What has no folder yet has no files.
    awaitable<result<entries>> list_destination() {
        if (what_.to.is_folder() && !is_there(what_.to.path())) co_return entries();
        auto all = co_await list(what_.to);
        // Only what is to be removed has to be seen.
        if (what_.to.is_folder() && !what_.rules.remove_extra) unreadable_.clear();
        co_return all;
    }

    const context& in_;
    const sync& what_;
    std::vector<error> unreadable_;
};

// --- Doing it ---

// What one of the objects has come to, of a request that has its own end.
result<void> outcome_of(const result<std::vector<s3::delete_outcome>>& removed, std::size_t i) {
    if (!removed) return removed.error();
    const auto& one = (*removed)[i].outcome;
    return one ? result<void>() : one.error();
}

class carrier {
  public:
    carrier(std::shared_ptr<context> in, const sync& what, sync_direction direction)
        : in_(std::move(in)), what_(what), direction_(direction) {}

    // Whoever has cancelled is told what has become of each all the same.
    awaitable<std::vector<sync_outcome>> run(sync_plan plan) {
        transfers_ = plan.transfers.size();
        outcomes_.reserve(transfers_ + plan.removals.size());
        const auto untouched = not_begun(name_of(what_));
        for (auto& entry : plan.transfers)
            outcomes_.emplace_back(std::move(entry), false, untouched);
        for (auto& entry : plan.removals) outcomes_.emplace_back(std::move(entry), true, untouched);
        try {
            std::function<awaitable<result<void>>(std::size_t)> step = [this](std::size_t i) {
                return transfer_one(i);
            };
            co_await for_each_bounded(transfers_, in_->options.max_parts_at_once, std::move(step));
            if (transfers_ < outcomes_.size()) co_await remove();
        } catch (const boost::system::system_error& e) {
            if (!is_cancellation(e)) throw;
        }
        co_return std::move(outcomes_);
    }

  private:
    awaitable<result<void>> transfer_one(std::size_t i) {
        auto work = transfer(outcomes_[i].entry);
        auto outcome = co_await std::move(work);
        conclude(outcomes_[i], std::move(outcome));
        co_return result<void>();
    }
    void conclude(sync_outcome& of, result<void> outcome) const {
        of.outcome = std::move(outcome);
        if (what_.on_outcome) what_.on_outcome(of);
    }

    awaitable<result<void>> transfer(const tree_entry& entry) {
        if (direction_ == sync_direction::upload) return send_up(entry);
        return direction_ == sync_direction::download ? bring_down(entry) : send_across(entry);
    }
    awaitable<result<void>> send_up(const tree_entry& entry) {
        upload request(source::file(what_.from.path() / entry.name), what_.to.bucket(),
                       what_.to.prefix() + entry.name);
        if (what_.prepare_upload) what_.prepare_upload(request);
        const auto sent = co_await upload_source(in_, std::move(request));
        if (!sent) co_return sent.error();
        co_return result<void>();
    }
    awaitable<result<void>> bring_down(const tree_entry& entry) {
        const auto path = path_beneath(what_.to.path(), entry.name);
        if (!path) co_return path.error();
        download request(what_.from.bucket(), what_.from.prefix() + entry.name, *path);
        request.known.emplace(entry.size_bytes, entry.etag);
        request.modified = entry.modified;
        request.make_folders = true;
        if (what_.prepare_download) what_.prepare_download(request);
        const auto brought = co_await download_object(in_, std::move(request));
        if (!brought) co_return brought.error();
        co_return result<void>();
    }
    awaitable<result<void>> send_across(const tree_entry& entry) {
        copy request(what_.from.bucket(), what_.from.prefix() + entry.name, what_.to.bucket(),
                     what_.to.prefix() + entry.name);
        if (what_.prepare_copy) what_.prepare_copy(request);
        const auto copied = co_await copy_within_s3(in_, std::move(request));
        if (!copied) co_return copied.error();
        co_return result<void>();
    }

    awaitable<void> remove() { return what_.to.is_folder() ? remove_files() : remove_objects(); }
    awaitable<void> remove_files() {
        for (auto i = transfers_; i < outcomes_.size(); ++i) co_await remove_file(outcomes_[i]);
    }
    awaitable<void> remove_file(sync_outcome& of) {
        std::optional<result<void>> removed;
        std::function<void()> work = [&] {
            removed.emplace(remove_beneath(what_.to.path(), of.entry.name));
        };
        // Work can't be interrupted: one that is cancelled has been done all the same.
        try {
            co_await in_->workers->run(std::move(work));
        } catch (const boost::system::system_error&) {
            if (removed) conclude(of, std::move(*removed));
            throw;
        }
        conclude(of, std::move(*removed));
    }
    awaitable<void> remove_objects() {
        std::vector<std::string> keys;
        for (auto i = transfers_; i < outcomes_.size(); ++i)
            keys.push_back(what_.to.prefix() + outcomes_[i].entry.name);
        // Cancelled once it has begun, it says what it may have changed.
        const auto removed =
            co_await in_->client().delete_objects(what_.to.bucket(), std::move(keys));
        for (auto i = transfers_; i < outcomes_.size(); ++i)
            conclude(outcomes_[i], outcome_of(removed, i - transfers_));
    }

    std::shared_ptr<context> in_;
    const sync& what_;
    sync_direction direction_;
    std::vector<sync_outcome> outcomes_;
    std::size_t transfers_ = 0;
};

awaitable<result<sync_plan>> plan_alone(std::shared_ptr<context> in, sync what) {
    planner by(*in, what);
    auto plan = co_await by.run();
    co_return plan;
}

awaitable<result<sync_output>> carry_out(std::shared_ptr<context> in, sync what, sync_plan plan) {
    const auto direction = what.direction();
    if (!direction) co_return direction.error();
    sync_output output;
    output.unreadable = std::move(plan.unreadable);
    carrier by(std::move(in), what, *direction);
    output.outcomes = co_await by.run(std::move(plan));
    co_return output;
}

awaitable<result<sync_output>> plan_and_carry_out(std::shared_ptr<context> in, sync what) {
    planner by(*in, what);
    auto plan = co_await by.run();
    if (!plan) co_return plan.error();
    auto work = carry_out(std::move(in), std::move(what), std::move(*plan));
    auto done = co_await std::move(work);
    co_return done;
}

}  // namespace

awaitable<result<sync_plan>> plan_of(std::shared_ptr<context> in, sync what) {
    auto name = name_of(what);
    return run_alone(std::move(name), effect::not_applied,
                     plan_alone(std::move(in), std::move(what)));
}

awaitable<result<sync_output>> sync_trees(std::shared_ptr<context> in, sync what) {
    auto name = name_of(what);
    return run_alone(std::move(name), effect::not_applied,
                     plan_and_carry_out(std::move(in), std::move(what)));
}

awaitable<result<sync_output>> sync_trees(std::shared_ptr<context> in, sync what, sync_plan plan) {
    auto name = name_of(what);
    return run_alone(std::move(name), effect::not_applied,
                     carry_out(std::move(in), std::move(what), std::move(plan)));
}

}  // namespace cairn::transfer
