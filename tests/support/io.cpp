#include "support/io.hpp"

namespace cairn::test {

void io::wait_for_the_kernel() {
    // Far beyond what loopback needs; only a test that has failed waits for it.
    world.patience = std::chrono::seconds(20);
}

void io::TearDown() {
    settle();
    EXPECT_TRUE(world.is_over()) << "the io_context is left with work";
}

}  // namespace cairn::test
