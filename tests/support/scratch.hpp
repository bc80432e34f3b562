#pragma once

#include <cairn/core/random.hpp>

#include <filesystem>

namespace cairn::test {

/// An empty directory that goes with the test; in memory where the machine has such a place, since
/// what these tests check of a disk is the order of calls, not its speed.
class scratch_directory {
  public:
    scratch_directory() : path_(parent() / ("cairn-test-" + system_random()->hex(8))) {
        std::filesystem::create_directory(path_);
    }
    ~scratch_directory() {
        std::error_code ignored;
        std::filesystem::remove_all(path_, ignored);
    }
    scratch_directory(const scratch_directory&) = delete;
    scratch_directory& operator=(const scratch_directory&) = delete;

    const std::filesystem::path& path() const noexcept { return path_; }

  private:
    static std::filesystem::path parent() {
        const std::filesystem::path memory = "/dev/shm";
        return std::filesystem::exists(memory) ? memory : std::filesystem::temp_directory_path();
    }

    std::filesystem::path path_;
};

}  // namespace cairn::test
