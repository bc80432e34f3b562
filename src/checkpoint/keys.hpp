#pragma once

#include "checkpoint/record.hpp"

#include <cairn/core/result.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

/// The names of objects; docs/checkpoint-format.md describes them.
namespace cairn::checkpoint {

/// With segments of at most 200 bytes it keeps every key within S3's 1024.
inline constexpr std::size_t max_prefix_bytes = 300;

/// Any text as one segment of a key: 1 to 200 bytes of `A-Z a-z 0-9 - . _ ~`, not starting with
/// '.', and different for different texts. Texts that would be longer end in their SHA-256 instead.
std::string key_segment(std::string_view text);

/// A user's prefix as the start of keys: empty, or with a '/' at its end. Fails with
/// `invalid_argument`.
result<std::string> key_prefix(std::string_view prefix);

/// A fresh place for `store::open` to find out whether conditional writes are honoured.
std::string probe_key(std::string_view prefix, std::string_view name);

/// The names of everything that belongs to a thread.
class thread_keys {
  public:
    /// @param prefix what `key_prefix` gave.
    thread_keys(std::string_view prefix, std::string_view thread);

    /// What all of the thread's keys start with, '/' at the end.
    const std::string& root() const noexcept { return root_; }
    /// The object that says that the thread has been deleted, in every namespace.
    std::string deletion_mark() const { return root_ + "~deleted"; }
    /// The root of the namespace that `key` is in; nothing for a key outside all namespaces.
    std::optional<std::string> namespace_root_of(std::string_view key) const;

  private:
    std::string root_;
};

/// The names of one namespace of a thread.
class log_keys {
  public:
    log_keys(const thread_keys& thread, std::string_view space);
    /// @param root what `thread_keys::namespace_root_of` gave.
    explicit log_keys(std::string root) : root_(std::move(root)) {}

    std::string slots() const { return root_ + "log/"; }
    /// Named by `max_sequence - sequence`, so that the newest lists first.
    std::string slot(std::uint64_t sequence) const;
    /// The sequence of the slot that `key` names; nothing when it names none.
    std::optional<std::uint64_t> sequence_of(std::string_view key) const;
    std::string blobs() const { return root_ + "blob/"; }
    std::string blob(std::string_view channel, std::string_view digest) const;

  private:
    std::string root_;
};

}  // namespace cairn::checkpoint
