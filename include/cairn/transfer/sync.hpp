#pragma once

#include <cairn/transfer/tree.hpp>

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
    sync_direction direction = sync_direction::upload;
    bool size_only = false;  ///< Only if its size has changed.
    /// Downloads: if their times differ at all. A download that gives the file its object's time
    /// (`set_modified`) then notices every change.
    bool exact_timestamps = false;
    bool remove_extra = false;  ///< Remove what only the destination has.
    name_filter names;          ///< Others are left alone on both sides.
};

/// What a sync has to do.
struct sync_plan {
    sync_plan() = default;
    std::vector<tree_entry> transfers;  ///< Entries of the source.
    std::vector<tree_entry> removals;   ///< Entries of the destination.
};

/// Compares two trees. Objects that stand for folders count on neither side.
sync_plan plan_sync(std::vector<tree_entry> source, std::vector<tree_entry> destination,
                    const sync_rules& rules);

}  // namespace cairn::transfer
