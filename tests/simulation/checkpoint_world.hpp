#pragma once

#include "simulation/history.hpp"

#include <cairn/testing.hpp>

#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace cairn::test {

/// Several processes on several machines, each with a clock of its own, that save and load the
/// checkpoints of one thread, in a world in which whatever can go wrong does: connections, S3's
/// answers, machines that crash and start again with nothing but what S3 has, machines that are cut
/// off for a while, and processes that stand still.
class checkpoint_world {
  public:
    explicit checkpoint_world(std::uint64_t seed);
    ~checkpoint_world();

    /// Runs it to its end; then, in peace, reads what has become of the thread. What is wrong with
    /// it all, or nothing.
    std::optional<std::string> run();

    /// All that happened, in order.
    const std::string& trace() const;
    const std::vector<operation>& history() const;

  private:
    struct state;
    std::shared_ptr<state> state_;
};

}  // namespace cairn::test
