#include "simulation/settings.hpp"
#include "simulation/transfer_world.hpp"

#include <gtest/gtest.h>

#include <iostream>

namespace cairn::test {
namespace {

// CAIRN_SEEDS: how many worlds, of which a fifth is of this kind; CAIRN_SEED: only this one, with
// all that happens in it.
TEST(transfers, KeepTheirWordInEveryWorld) {
    const auto only = setting("CAIRN_SEED", 0);
    const auto seeds = setting("CAIRN_SEEDS", 100) / 5 + 1;
    transfer_world::tally all;
    const auto last = only != 0 ? only : seeds;
    for (auto seed = only != 0 ? only : 1; seed <= last; ++seed) {
        transfer_world world(seed);
        const auto wrong = world.run();
        if (only != 0) std::cout << world.trace();
        ASSERT_FALSE(wrong) << *wrong << "\nTo see it again: " << command(seed, "transfers.*");
        all.done += world.calls().done;
        all.failed += world.calls().failed;
        all.cut_short += world.calls().cut_short;
        all.resumed_bytes += world.calls().resumed_bytes;
    }
    std::cout << all.done << " transfers done, " << all.failed << " failed, " << all.cut_short
              << " cut short by a crash, " << all.resumed_bytes << " bytes not brought again\n";
    if (only != 0) return;
    EXPECT_GT(all.failed, seeds) << "too little went wrong to tell anything";
    // 1.8 a world, in a thousand; in ten worlds it may be half of that.
    EXPECT_GT(2 * all.cut_short, seeds) << "too few crashes to tell anything";
    EXPECT_GT(all.resumed_bytes, 100 * seeds) << "too little was resumed to tell anything";
}

TEST(transfers, OfOneSeedAreAlwaysTheSame) {
    for (const std::uint64_t seed : {1, 2, 3}) {
        transfer_world one(seed);
        transfer_world other(seed);
        EXPECT_EQ(one.run(), other.run());
        EXPECT_EQ(one.trace(), other.trace());
    }
}

}  // namespace
}  // namespace cairn::test
