#pragma once

#include <cairn/checkpoint/backing.hpp>

#include <cstddef>
#include <filesystem>
#include <string>

/// The few system calls that crash-safe files are made of. Errors: the system's code is the
/// `cause`; `not_found`, `access_denied`, `limit_exceeded`, `service_failed` say what it means.
namespace cairn::checkpoint::files {

using path = std::filesystem::path;

/// What `errno` says of `what`, done to the file `at`.
error last_error(std::string_view what, const path& at);

/// Writes a new file and syncs it.
result<void> write_new(const path& at, std::string_view data);
/// All of a file. Fails with `limit_exceeded` when it is longer than `limit`; a directory is
/// `not_found`.
result<bytes> read(const path& at, std::size_t limit);
/// Gives a file a second name, in one step, unless the name is taken.
result<create_outcome> link_new(const path& from, const path& to);
/// Renames a file, replacing what has the new name, in one step.
result<void> replace(const path& from, const path& to);
/// Removes a file; one that isn't there counts as removed.
result<void> unlink(const path& at);
/// Makes a directory unless it is there.
result<void> make_directory(const path& at);
/// Makes what has happened to the names in a directory survive a crash.
result<void> sync_directory(const path& at);

}  // namespace cairn::checkpoint::files
