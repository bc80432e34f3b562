#pragma once

#include <cairn/core/clock.hpp>
#include <cairn/core/random.hpp>

namespace cairn {

/// Gives options the clock and the randomness that they lack.
template <class Options>
void inject(Options& options, const std::shared_ptr<clock>& time,
            const std::shared_ptr<random>& chance) {
    if (!options.clock) options.clock = time;
    if (!options.random) options.random = chance;
}

}  // namespace cairn
