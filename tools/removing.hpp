#pragma once

#include "tools/session.hpp"

#include <cairn/transfer/pattern.hpp>

#include <string>

namespace cairn::tool {

/// Deletes the objects that a URL stands for and `names` admits, page by page, and reports each.
/// Gives whether the URL stands for any; what fails is in the session's report.
/// @param command its name, for errors.
awaitable<bool> remove_tree(session& with, std::string command, s3_url url,
                            const transfer::name_filter& names);

/// Reports an object, or a file, that has been deleted.
void tell_removed(session& with, const std::string& at);

}  // namespace cairn::tool
