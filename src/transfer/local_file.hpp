#pragma once

#include <cairn/core/asio.hpp>
#include <cairn/core/result.hpp>
#include <cairn/core/workers.hpp>
#include <cairn/s3/types.hpp>

#include <boost/asio/buffer.hpp>

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string_view>

namespace cairn::transfer {

/// What tells two states of a file apart.
struct file_state {
    std::uint64_t size = 0;
    std::int64_t modified_ns = 0;  ///< Since 1970; so is the next.
    /// When anything of it was changed last, which nobody can set.
    std::int64_t changed_ns = 0;

    friend bool operator==(const file_state&, const file_state&) = default;
};

/// A regular file, read and written at any place without holding up the event loop: what is in the
/// page cache is copied at once (RWF_NOWAIT), as is all of tmpfs; the rest is done by workers.
///
/// Lifetime: held by `shared_ptr` by whoever has an operation under way. Thread safety: operations
/// may overlap. Cancellation: throws `operation_aborted` once the operation has ended.
class local_file {
  public:
    enum class mode { read, write };

    /// Opens a file to be read, or makes one to be read and written unless it is there.
    static result<std::shared_ptr<local_file>> open(std::filesystem::path path, mode how,
                                                    std::shared_ptr<workers> by);
    local_file(const local_file&) = delete;
    local_file& operator=(const local_file&) = delete;
    ~local_file();

    const std::filesystem::path& path() const noexcept { return path_; }
    result<file_state> state() const;
    /// Fails with `body_failed` unless its state is still what it was.
    result<void> check_unchanged(file_state as_seen) const;
    /// Fails unless no other process or object has the file's lock, which goes with this object.
    result<void> lock();

    /// Fills `into` from `offset` on, or stops short at the end of the file.
    awaitable<result<std::size_t>> read_at(std::uint64_t offset, asio::mutable_buffer into);
    awaitable<result<void>> write_at(std::uint64_t offset, asio::const_buffer from);
    /// Cuts it off, or lengthens it with zeros.
    result<void> resize(std::uint64_t size);
    /// Lets those read and write it who may read and write `other`, if that is there.
    /// @param and_also such permissions, too.
    result<void> take_permissions_of(const std::filesystem::path& other, unsigned and_also = 0);
    /// Gives it a time, which the next write changes.
    result<void> set_modified(s3::timestamp when);
    /// Has what was written survive a crash of the machine.
    awaitable<result<void>> sync();
    /// The same of the name that it has been given.
    awaitable<result<void>> sync_name_in(std::filesystem::path named);

  private:
    local_file(std::filesystem::path path, int fd, std::shared_ptr<workers> by);
    bool has_its_name() const;

    std::filesystem::path path_;
    int fd_;
    std::shared_ptr<workers> workers_;
    /// Of a try on this thread; nothing: there is none.
    std::optional<int> read_flags_;
    std::optional<int> write_flags_;
};

/// Renames a file, replacing what has the new name.
result<void> rename_file(const std::filesystem::path& from, const std::filesystem::path& to);
/// Renames a file, or fails with `precondition_failed` if something has the new name.
result<void> rename_to_new(const std::filesystem::path& from, const std::filesystem::path& to);
/// That a file is there which is not to be replaced.
error is_there(const std::filesystem::path& path);
/// Removes a file, if it is there and may go.
void remove_file(const std::filesystem::path& path);
/// `path` with `suffix` at its end.
std::filesystem::path with_suffix(std::filesystem::path path, std::string_view suffix);
}  // namespace cairn::transfer
