#pragma once

#include <cairn/core/clock.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace cairn::test {

/// One call of the checkpointer's, as the process that made it saw it.
struct operation {
    enum class kind { save, load };
    /// `open`: it never ended, for its process died.
    enum class end { open, done, not_done, unknown };

    operation(kind w, std::string who, clock::time_point at)
        : what(w), process(std::move(who)), started(at) {}

    kind what;
    std::string process;
    clock::time_point started;
    clock::time_point ended = clock::time_point::max();
    end how = end::open;
    std::uint64_t sequence = 0;  ///< Of the checkpoint saved or loaded; 0: a load found none.
    std::string state;           ///< Each save has one of its own.
};

/// What a thread holds in the end.
struct checkpoint_seen {
    checkpoint_seen(std::uint64_t s, std::string v) : sequence(s), state(std::move(v)) {}
    std::uint64_t sequence;
    std::string state;
};

/// What is wrong with a history, in a sentence; nothing if one log, to which checkpoints are
/// appended one by one, at a moment between each call's start and its end, explains all that was
/// seen.
///
/// A save that was told as done is in the log for good; one that was told as not done is not; of
/// others the log decides. Since every checkpoint has a sequence number, the log's order is known,
/// and what remains is to hold it against the order in which calls followed each other.
std::optional<std::string> violation(const std::vector<operation>& history,
                                     const std::vector<checkpoint_seen>& log);

}  // namespace cairn::test
