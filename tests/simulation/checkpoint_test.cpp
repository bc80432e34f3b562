#include "simulation/checkpoint_world.hpp"
#include "simulation/settings.hpp"
#include "support/checksum.hpp"

#include <gtest/gtest.h>

#include <iostream>

namespace cairn::test {
namespace {

// No acknowledged checkpoint is lost, none is forked, and what is told of the others is true.
// CAIRN_SEEDS: how many worlds; CAIRN_SEED: only this one, with all that happens in it.
TEST(checkpoints, KeepTheirWordInEveryWorld) {
    const auto only = setting("CAIRN_SEED", 0);
    const auto seeds = setting("CAIRN_SEEDS", 100);
    std::size_t saved = 0;
    std::size_t unknown = 0;
    std::size_t open = 0;
    const auto last = only != 0 ? only : seeds;
    for (auto seed = only != 0 ? only : 1; seed <= last; ++seed) {
        checkpoint_world world(seed);
        const auto wrong = world.run();
        if (only != 0) std::cout << world.trace();
        ASSERT_FALSE(wrong) << *wrong << "\nTo see it again: " << command(seed, "checkpoints.*");
        for (const auto& o : world.history()) {
            if (o.what != operation::kind::save) continue;
            saved += o.how == operation::end::done;
            unknown += o.how == operation::end::unknown;
            open += o.how == operation::end::open;
        }
    }
    std::cout << saved << " checkpoints saved, " << unknown << " not known to be, " << open
              << " cut short by a crash\n";
    if (only != 0) return;
    EXPECT_GT(saved, 5 * seeds) << "too little was done to tell anything";
    EXPECT_GT(unknown + open, seeds / 2) << "too little went wrong to tell anything";
}

TEST(checkpoints, OfOneSeedAreAlwaysTheSame) {
    for (const std::uint64_t seed : {1, 2, 3}) {
        checkpoint_world one(seed);
        checkpoint_world other(seed);
        EXPECT_EQ(one.run(), other.run());
        EXPECT_EQ(one.trace(), other.trace());
    }
}

// Every build, with every compiler, has the same one. A change of the simulation, or of what is
// simulated, may change it.
TEST(checkpoints, AreTheSameEverywhere) {
    checkpoint_world world(1);
    world.run();
    EXPECT_EQ(checksum(world.trace()), 1868222173969213370U);
}

}  // namespace
}  // namespace cairn::test
