#pragma once

#include <cairn/checkpoint/backing.hpp>

#include <boost/asio/any_io_executor.hpp>

#include <filesystem>
#include <memory>

namespace cairn::checkpoint {

/// Keeps every object as a file under `root`, which is created if need be. Several processes may
/// use the same `root` at once.
///
/// A write that has been acknowledged survives a crash of the machine: the file is written aside
/// and synced, given its name in one step, and the directory is synced. What a killed process
/// leaves aside, in `.tmp`, is removed when it is a day old and a store is opened. The file system
/// must have hard links. System calls block the calling thread, for as long as a disk takes to
/// sync. Fails with `invalid_argument` when `root` can't be made or isn't a directory; its `cause`
/// says why.
result<std::shared_ptr<backing>> file_backing(std::filesystem::path root);

/// The same, with all system calls made on `workers`, a thread pool's executor for example, so that
/// no thread of the caller's blocks. A cancelled call ends at once; what it began on `workers` goes
/// on.
result<std::shared_ptr<backing>> file_backing(std::filesystem::path root,
                                              asio::any_io_executor workers);

}  // namespace cairn::checkpoint
