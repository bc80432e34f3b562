#pragma once

#include <cairn/transfer/copy.hpp>
#include <cairn/transfer/download.hpp>
#include <cairn/transfer/tree.hpp>
#include <cairn/transfer/upload.hpp>

#include <functional>
#include <string>
#include <vector>

namespace cairn::transfer {

/// Between what a sync goes.
enum class sync_direction { upload, download, copy };

/// When an entry that is on both sides is transferred again, as the AWS CLI has it: if its size has
/// changed; or, for uploads and copies, if the source is newer; for downloads, if the file has been
/// modified after the object was. Times are compared by whole seconds where one of them is whole.
struct sync_rules {
    sync_rules() = default;
    bool size_only = false;  ///< Only if its size has changed.
    /// Downloads: if their times differ at all. A sync gives files their objects' times, and then
    /// notices every change.
    bool exact_timestamps = false;
    bool remove_extra = false;  ///< Remove what only the destination has.
    name_filter names;          ///< Others are left alone on both sides.
};

/// What a sync has to do.
struct sync_plan {
    sync_plan() = default;
    std::vector<tree_entry> transfers;  ///< Entries of the source.
    std::vector<tree_entry> removals;   ///< Entries of the destination.
    /// What is in a folder and can't be looked at. Then nothing is removed: it would be taken for
    /// gone.
    std::vector<error> unreadable;
};

/// Compares two trees. Objects that stand for folders count on neither side.
sync_plan plan_sync(std::vector<tree_entry> source, std::vector<tree_entry> destination,
                    sync_direction direction, const sync_rules& rules);

/// What has become of one entry.
struct sync_outcome {
    sync_outcome(tree_entry of, bool is_removal, result<void> outcome);

    tree_entry entry;         ///< As planned.
    bool is_removal = false;  ///< Else it was to be transferred.
    result<void> outcome;
};

/// What a sync has done.
struct sync_output {
    sync_output() = default;
    std::vector<sync_outcome> outcomes;  ///< Transfers, then removals, in the plan's order.
    std::vector<error> unreadable;       ///< The plan's.

    /// Whether the trees are alike now, as far as the rules go.
    bool is_complete() const noexcept;
};

/// Makes one tree like another: transfers what is new or has changed, and removes what only the
/// destination has if the rules say so.
///
/// A downloaded file gets its object's time. No key is written, and nothing is removed, through a
/// symbolic link in the destination's folder. Unfinished downloads there are no extras.
struct sync {
    using output = sync_output;
    sync(tree source, tree destination);

    tree from;
    tree to;
    sync_rules rules;
    /// @name Say more of each transfer before it begins
    /// Metadata, storage class, conditions, progress. Not the place, nor compression: sizes are
    /// compared. They are called on the sync's strand; what one throws cancels the sync, and comes
    /// out of `send`.
    /// @{
    std::function<void(upload&)> prepare_upload;
    std::function<void(download&)> prepare_download;
    std::function<void(copy&)> prepare_copy;
    /// @}
    /// Hears of each entry at its end, on the sync's strand; of those that a cancellation keeps
    /// from being begun, nothing. It must not block; what it throws is as above.
    std::function<void(const sync_outcome&)> on_outcome;

    /// `invalid_argument` between two folders, and where one prefix is within the other: sources
    /// might be replaced before they are read, be removed, or be found again.
    result<sync_direction> direction() const;
};

}  // namespace cairn::transfer
