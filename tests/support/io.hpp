#pragma once

#include <cairn/testing/simulation.hpp>

#include <gtest/gtest.h>

#include <memory>

namespace cairn::test {

/// A simulation that fails its test when it is left with work.
class io : public ::testing::Test {
  protected:
    template <class T>
    T run(awaitable<T> work) {
        return world.run(std::move(work));
    }
    void settle() { world.settle(); }
    /// `simulation::cancel_everywhere`; a fatal failure in `check(n)` ends it.
    template <class Make, class Check>
    int cancel_everywhere(Make make, Check check) {
        return world.cancel_everywhere(std::move(make), [&](int n) {
            check(n);
            return !HasFatalFailure();
        });
    }
    /// For tests on real sockets and threads.
    void wait_for_the_kernel();

    void TearDown() override;

    testing::simulation world;
    asio::io_context& context = world.context();
    std::shared_ptr<testing::virtual_clock> time = world.clock();
};

}  // namespace cairn::test
