#pragma once

#include <cairn/core/asio.hpp>
#include <cairn/testing/virtual_clock.hpp>

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <gtest/gtest.h>

#include <exception>
#include <functional>
#include <optional>
#include <stdexcept>

namespace cairn::test {

/// An `io_context` on virtual time that fails its test when it is left with work.
class io : public ::testing::Test {
  protected:
    /// Runs `work` to its end, moving time on whenever nothing else can happen. Rethrows what it
    /// throws.
    template <class T>
    T run(awaitable<T> work) {
        std::optional<T> value;
        std::exception_ptr failed;
        asio::co_spawn(context, std::move(work), [&](std::exception_ptr e, T v) {
            failed = e;
            value.emplace(std::move(v));
        });
        run_until([&] { return value.has_value(); });
        if (failed) std::rethrow_exception(failed);
        return std::move(*value);
    }
    void run(awaitable<void> work);

    /// Runs all that can run, on virtual time, until nothing is left to happen.
    void settle();

    /// Calls `make()` afresh for n = 0, 1, 2, … and cancels what it gives after n handlers have
    /// run, until one ends by itself. `check(n)` is called after each. Gives the number of
    /// cancelled runs.
    template <class Make, class Check>
    int cancel_everywhere(Make make, Check check) {
        for (int n = 0;; ++n) {
            const bool cancelled = cancel_after(n, make());
            check(n);
            if (!cancelled || HasFatalFailure()) return n;
            if (n > 2000) throw std::logic_error("it never ends by itself");
        }
    }

    void TearDown() override;

    /// Set by tests on real sockets: when nothing else can happen, waits for the kernel.
    bool real_network = false;

    asio::io_context context;
    std::shared_ptr<testing::virtual_clock> time = std::make_shared<testing::virtual_clock>();

  private:
    /// True when the cancellation came before the end.
    bool cancel_after(int handlers, awaitable<void> work);
    bool step();
    void run_until(const std::function<bool()>& ended);
};

}  // namespace cairn::test
