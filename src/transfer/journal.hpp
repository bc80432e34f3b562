#pragma once

#include "transfer/note_file.hpp"

#include <cairn/core/result.hpp>

#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <utility>

namespace cairn::transfer {

/// The download that a journal is of.
struct journal_of {
    std::string etag;
    std::uint64_t size_bytes = 0;
    std::uint64_t part_bytes = 0;

    friend bool operator==(const journal_of&, const journal_of&) = default;
};

/// Which parts of a download have been written: a file of JSON lines, the first of which says of
/// what, and each further one of a part that is whole.
///
/// A process that dies loses at most the line it was writing. A machine that dies may lose what was
/// written before, so what another start of the machine has noted counts for nothing.
class journal {
  public:
    /// Index and checksum of each part that is whole; the checksum is empty if none was computed.
    using parts = std::map<std::uint64_t, std::string>;

    /// What the journal at `path` says of that download; nothing if it is of another one, can't be
    /// read, or the machine has been started since.
    static std::optional<parts> read(const std::filesystem::path& path, const journal_of& what);

    /// Begins a new journal, or goes on with the one that `read` has read.
    static result<journal> create(std::filesystem::path path, const journal_of& what);
    static result<journal> append_to(std::filesystem::path path);

    result<void> note(std::uint64_t part, const std::string& checksum);

  private:
    explicit journal(note_file file) : file_(std::move(file)) {}

    note_file file_;
};

}  // namespace cairn::transfer
