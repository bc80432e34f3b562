#pragma once

#include <cairn/core/result.hpp>

#include <filesystem>
#include <string>

namespace cairn::transfer {

/// A small file of lines that notes how far a transfer has come. It is never one that somebody has
/// linked there: a symbolic link, or a file with another name, is refused and left as it is.
class note_file {
  public:
    static result<note_file> create(std::filesystem::path path);
    /// One that is there.
    static result<note_file> append_to(std::filesystem::path path);

    note_file(note_file&&) noexcept;
    note_file& operator=(note_file&&) = delete;
    ~note_file();

    result<void> write_line(std::string text);

  private:
    note_file(std::filesystem::path path, int fd) : path_(std::move(path)), fd_(fd) {}
    static result<note_file> open(std::filesystem::path path, int flags, const char* failure);

    std::filesystem::path path_;
    int fd_;
};

}  // namespace cairn::transfer
