#include "core/saturated.hpp"

#include "support/io.hpp"

#include <boost/asio/io_context.hpp>

namespace cairn {
namespace {

using namespace std::chrono_literals;

constexpr clock::time_point start{1h};
constexpr auto longest = clock::duration::max();
constexpr auto never = clock::time_point::max();

TEST(saturated, LaterIsNeverEarlier) {
    EXPECT_EQ(later(start, 1s), start + 1s);
    EXPECT_EQ(later(start, -1s), start - 1s);
    EXPECT_EQ(later(start, longest), never);
    EXPECT_EQ(later(never, longest), never);
    EXPECT_EQ(later(clock::time_point(-1s), longest), clock::time_point(longest - 1s));
}

TEST(saturated, LengthsEndWithTheLongest) {
    EXPECT_EQ(saturated(1500ms), 1500ms);
    EXPECT_EQ(saturated(real_duration(1e30)), longest);
    EXPECT_EQ(saturated(longest), longest);
}

class never_test : public test::io {};

TEST_F(never_test, DoesNotComeOnAVirtualClock) {
    const auto bell = time->make_alarm(context.get_executor(), [] { FAIL() << "it rang"; });
    bell->set(never);
    EXPECT_FALSE(time->advance_to_next());
    time->advance(longest);
}

TEST(never, DoesNotComeOnTheMachines) {
    asio::io_context context;
    const auto bell =
        system_clock()->make_alarm(context.get_executor(), [] { FAIL() << "it rang"; });
    bell->set(never);
    EXPECT_EQ(context.poll(), 0U);
    bell->cancel();
    context.run();
}

}  // namespace
}  // namespace cairn
