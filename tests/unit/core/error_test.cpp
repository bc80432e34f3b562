#include <cairn/core/result.hpp>

#include <gtest/gtest.h>

#include <sstream>
#include <type_traits>

namespace cairn {
namespace {

using namespace std::chrono_literals;

// Every coroutine that awaits a result has room for one in its frame.
static_assert(sizeof(error) == sizeof(void*));
static_assert(std::is_nothrow_move_constructible_v<error>);

error of_everything() {
    return error(errc::not_found, "seen")
        .cause(make_error_code(errc::connection_lost))
        .operation("GetObject s3://b/k")
        .hint("do this")
        .s3_code("NoSuchKey")
        .s3_message("said")
        .request_id("R1")
        .host_id("H1")
        .http_status(404)
        .attempts(2)
        .elapsed(1500ms)
        .effect(effect::unknown)
        .retry_after(2s);
}

TEST(error, HasTheConditionsThatGenericCodeAsksFor) {
    namespace generic = boost::system::errc;
    EXPECT_EQ(make_error_code(errc::canceled), generic::operation_canceled);
    EXPECT_EQ(make_error_code(errc::timed_out), generic::timed_out);
    EXPECT_EQ(make_error_code(errc::invalid_argument), generic::invalid_argument);
    EXPECT_NE(make_error_code(errc::connection_lost), generic::timed_out);
}

TEST(error, KeepsEachFact) {
    const auto e = of_everything();
    EXPECT_EQ(e.code(), errc::not_found);
    EXPECT_EQ(e.cause(), errc::connection_lost);
    EXPECT_EQ(e.operation(), "GetObject s3://b/k");
    EXPECT_EQ(e.detail(), "seen");
    EXPECT_EQ(e.hint(), "do this");
    EXPECT_EQ(e.s3_code(), "NoSuchKey");
    EXPECT_EQ(e.s3_message(), "said");
    EXPECT_EQ(e.request_id(), "R1");
    EXPECT_EQ(e.host_id(), "H1");
    EXPECT_EQ(e.http_status(), 404u);
    EXPECT_EQ(e.attempts(), 2u);
    EXPECT_EQ(e.elapsed(), 1500ms);
    EXPECT_EQ(e.effect(), effect::unknown);
    EXPECT_EQ(e.retry_after(), 2s);
}

TEST(error, TellsItAllInOneLine) {
    EXPECT_EQ(of_everything().what(),
              "GetObject s3://b/k: NoSuchKey: said: seen: connection lost; the change may or may "
              "not have been made; do this [HTTP 404, request id R1, host id H1, attempts 2, after "
              "1500 ms, retry after 2000 ms]");
    std::ostringstream printed;
    printed << error(errc::invalid_argument, "a line\r\nand another");
    EXPECT_EQ(printed.str(), "invalid argument: a line  and another");
}

TEST(error, ACopyIsItsOwn) {
    const auto one = of_everything();
    auto other = one;
    other.hint("do that").effect(effect::applied);
    EXPECT_EQ(one.hint(), "do this");
    EXPECT_EQ(one.effect(), effect::unknown);
    EXPECT_EQ(other.hint(), "do that");
    EXPECT_EQ(other.detail(), "seen") << "the rest stays";
}

TEST(error, WithoutFactsAnswersAll) {
    error e;
    EXPECT_FALSE(e.code());
    EXPECT_EQ(e.detail(), "");
    auto moved = of_everything();
    e = std::move(moved);
    EXPECT_EQ(e.code(), errc::not_found);
    EXPECT_EQ(error().hint("now").hint(), "now");
}

TEST(error, AFactOutlivesTheCopyItWasAskedOf) {
    const result<int> failed = of_everything();
    // `error()` gives a copy, which ends with the statement.
    const auto& hint = failed.error().hint();
    EXPECT_EQ(hint, "do this");
}

TEST(error, IsThrownByValue) {
    const result<int> failed = of_everything();
    try {
        (void)failed.value();
        FAIL() << "nothing was thrown";
    } catch (const error_exception& e) {
        EXPECT_EQ(e.code(), errc::not_found);
        EXPECT_EQ(e.error().request_id(), "R1");
        EXPECT_EQ(e.what(), of_everything().what());
    }
}

}  // namespace
}  // namespace cairn
