#include "core/task.hpp"

#include "support/io.hpp"

#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace cairn {
namespace {

using namespace std::chrono_literals;

class task_test : public test::io {
  protected:
    // Has begun, and goes on for a second.
    awaitable<void> work() {
        begun = true;
        co_await time->sleep_until(time->now() + 1s);
        done = true;
    }
    std::shared_ptr<task> make() { return std::make_shared<task>(context.get_executor(), work()); }

    bool begun = false;
    bool done = false;
};

TEST_F(task_test, RunsItsWork) {
    const auto it = make();
    run(it->run());
    EXPECT_TRUE(done);
}

TEST_F(task_test, CancelledBeforeItsFirstStepItIsNotBegun) {
    const auto it = make();
    it->cancel();
    settle();
    run(it->run());
    EXPECT_FALSE(begun);
}

TEST_F(task_test, CancelledWhileItRunsItEnds) {
    const auto from = time->now();
    const auto it = make();
    const auto cancel_it = [&]() -> awaitable<void> {
        co_await asio::post(asio::use_awaitable);
        it->cancel();
    };
    world.spawn(cancel_it());
    EXPECT_THROW(run(it->run()), boost::system::system_error);
    EXPECT_TRUE(begun);
    EXPECT_FALSE(done);
    EXPECT_EQ(time->now(), from);
}

TEST_F(task_test, CancelledAfterItsEndItHasEnded) {
    const auto it = make();
    run(it->run());
    it->cancel();
    settle();
    EXPECT_TRUE(done);
}

}  // namespace
}  // namespace cairn
