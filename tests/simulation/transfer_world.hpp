#pragma once

#include <cairn/testing.hpp>

#include <cstddef>
#include <memory>
#include <optional>
#include <string>

namespace cairn::test {

/// Processes on several machines, each with a disk of its own, that bring files to S3, copy them
/// there, and bring them back, in a world in which whatever can go wrong does: connections, S3's
/// answers, bytes on their way, and machines that crash and go on with nothing but what is on their
/// disk.
class transfer_world {
  public:
    explicit transfer_world(std::uint64_t seed);
    ~transfer_world();

    /// Runs it to its end. What is wrong with it all, or nothing: what was told as stored is there,
    /// and whole; what was told as not stored is not; nothing is ever there, or has its final name
    /// on a disk, in part; and no upload is left that has parts, unless an error has named it or
    /// its process has died.
    std::optional<std::string> run();

    /// All that happened, in order.
    const std::string& trace() const;

    /// What became of the calls.
    struct tally {
        std::size_t done = 0;
        std::size_t failed = 0;
        std::size_t cut_short = 0;      ///< By a crash.
        std::size_t resumed_bytes = 0;  ///< That downloads had not to bring again.
    };
    const tally& calls() const;

  private:
    struct state;
    std::shared_ptr<state> state_;
};

}  // namespace cairn::test
