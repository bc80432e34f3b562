#include <cairn/transfer/sync.hpp>

#include <algorithm>
#include <chrono>
#include <utility>

namespace cairn::transfer {
namespace {

bool is_before(const tree_entry& a, const tree_entry& b) {
    return a.name < b.name;
}

void prepare(std::vector<tree_entry>& entries, const name_filter& names) {
    std::erase_if(entries, [&](const auto& e) { return e.is_folder() || !names.admits(e.name); });
    std::sort(entries.begin(), entries.end(), is_before);
    const auto twice =
        std::ranges::unique(entries, [](const auto& a, const auto& b) { return a.name == b.name; });
    entries.erase(twice.begin(), twice.end());
}

// Some servers tell whole seconds.
std::pair<s3::timestamp, s3::timestamp> comparable(s3::timestamp a, s3::timestamp b) {
    using std::chrono::floor;
    using std::chrono::seconds;
    const bool both_are_exact = a != floor<seconds>(a) && b != floor<seconds>(b);
    if (both_are_exact) return {a, b};
    return {floor<seconds>(a), floor<seconds>(b)};
}

bool has_changed(const tree_entry& source, const tree_entry& destination, sync_direction direction,
                 const sync_rules& rules) {
    if (source.size_bytes != destination.size_bytes) return true;
    if (rules.size_only) return false;
    const auto [of_source, of_destination] = comparable(source.modified, destination.modified);
    if (direction != sync_direction::download) return of_source > of_destination;
    return rules.exact_timestamps ? of_source != of_destination : of_destination > of_source;
}

}  // namespace

sync_plan plan_sync(std::vector<tree_entry> source, std::vector<tree_entry> destination,
                    sync_direction direction, const sync_rules& rules) {
    prepare(source, rules.names);
    prepare(destination, rules.names);
    sync_plan plan;
    auto old = destination.begin();
    const auto remove_until = [&](auto end) {
        if (rules.remove_extra) std::move(old, end, std::back_inserter(plan.removals));
        old = end;
    };
    for (auto& wanted : source) {
        remove_until(std::lower_bound(old, destination.end(), wanted, is_before));
        const bool is_there = old != destination.end() && old->name == wanted.name;
        if (!is_there || has_changed(wanted, *old, direction, rules))
            plan.transfers.push_back(std::move(wanted));
        if (is_there) ++old;
    }
    remove_until(destination.end());
    return plan;
}

sync_outcome::sync_outcome(tree_entry of, bool removal, result<void> o)
    : entry(std::move(of)), is_removal(removal), outcome(std::move(o)) {}

bool sync_output::is_complete() const noexcept {
    return unreadable.empty() &&
           std::ranges::all_of(outcomes, [](const auto& each) { return each.outcome.has_value(); });
}

sync::sync(tree source, tree destination) : from(std::move(source)), to(std::move(destination)) {}

result<sync_direction> sync::direction() const {
    if (from.is_folder() && to.is_folder())
        return error(errc::invalid_argument,
                     "both " + from.text() + " and " + to.text() + " are folders")
            .effect(effect::not_applied)
            .hint("one of them has to be a prefix");
    if (from.is_folder()) return sync_direction::upload;
    if (to.is_folder()) return sync_direction::download;
    const bool overlap = from.bucket() == to.bucket() && (from.prefix().starts_with(to.prefix()) ||
                                                          to.prefix().starts_with(from.prefix()));
    if (overlap)
        return error(errc::invalid_argument,
                     "one of " + from.text() + " and " + to.text() + " is within the other")
            .effect(effect::not_applied)
            .hint("choose prefixes that are apart");
    return sync_direction::copy;
}

}  // namespace cairn::transfer
