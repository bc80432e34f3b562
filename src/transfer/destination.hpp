#pragma once

#include "transfer/local_file.hpp"

#include <cairn/core/result.hpp>
#include <cairn/transfer/download.hpp>

#include <filesystem>
#include <memory>

namespace cairn::transfer {

/// The file that a download to `to` makes or replaces: `to`, or what it links to, be it there or
/// not. Fails with `body_failed` where that can't be a regular file, or is one by the name that it
/// has among a process's open files.
/// @param replace what is there; else that is `precondition_failed`.
result<std::filesystem::path> destination_of(std::filesystem::path to, bool replace);

/// The file that a download is written to until it is whole, locked; its folders are made if the
/// download says so.
result<std::shared_ptr<local_file>> open_part_file(const download& request,
                                                   std::shared_ptr<workers> by);

/// Gives a file that is whole the name and the time that the download says, and the permissions of
/// what has that name.
awaitable<result<void>> put_in_place(local_file& file, const download& request);

}  // namespace cairn::transfer
