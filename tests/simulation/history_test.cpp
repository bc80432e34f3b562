#include "simulation/history.hpp"

#include <gmock/gmock.h>

namespace cairn::test {
namespace {

using ::testing::HasSubstr;
using ::testing::Optional;
using kind = operation::kind;
using end = operation::end;

clock::time_point at(int n) {
    return clock::time_point(std::chrono::seconds(n));
}

operation call(kind what, int from, int to, end how, std::uint64_t sequence, std::string state) {
    operation o(what, "a", at(from));
    o.ended = at(to);
    o.how = how;
    o.sequence = sequence;
    o.state = std::move(state);
    return o;
}
operation save(int from, int to, end how, std::uint64_t sequence, std::string state) {
    return call(kind::save, from, to, how, sequence, std::move(state));
}
operation load(int from, int to, std::uint64_t sequence, std::string state) {
    return call(kind::load, from, to, end::done, sequence, std::move(state));
}

const std::vector<checkpoint_seen> two{{1, "x"}, {2, "y"}};

TEST(violation, OfAHistoryThatHoldsThereIsNone) {
    EXPECT_EQ(violation({}, {}), std::nullopt);
    EXPECT_EQ(violation({load(0, 1, 0, ""), save(1, 5, end::done, 1, "x"),
                         save(2, 9, end::unknown, 0, "y"), load(3, 4, 1, "x"),
                         save(4, 7, end::not_done, 0, "z"), load(8, 9, 2, "y")},
                        two),
              std::nullopt);
}

TEST(violation, AnAcknowledgedSaveIsLost) {
    EXPECT_THAT(violation({save(1, 2, end::done, 1, "x")}, {}),
                Optional(HasSubstr("not in the log")));
    EXPECT_THAT(
        violation({save(1, 2, end::done, 1, "x"), save(1, 2, end::done, 1, "y")}, {{1, "y"}}),
        Optional(HasSubstr("not in the log")))
        << "two winners";
}

TEST(violation, WhatWasNotDoneIsThere) {
    EXPECT_THAT(violation({save(1, 2, end::not_done, 0, "x")}, {{1, "x"}}),
                Optional(HasSubstr("told as not done")));
}

TEST(violation, WhatNobodySavedIsThere) {
    EXPECT_THAT(violation({}, {{1, "x"}}), Optional(HasSubstr("nobody saved")));
}

TEST(violation, OneSaveIsThereTwice) {
    EXPECT_THAT(violation({save(1, 2, end::unknown, 0, "x")}, {{1, "x"}, {2, "x"}}),
                Optional(HasSubstr("twice")));
}

TEST(violation, ALogWithAGap) {
    EXPECT_THAT(violation({save(1, 2, end::unknown, 0, "x")}, {{2, "x"}}),
                Optional(HasSubstr("gap")));
}

TEST(violation, ALoadOfWhatIsGoneOrOtherwise) {
    const auto saved = save(1, 2, end::unknown, 0, "x");
    EXPECT_THAT(violation({saved, load(3, 4, 1, "x")}, {}), Optional(HasSubstr("not in the log")));
    EXPECT_THAT(violation({saved, save(1, 2, end::unknown, 0, "y"), load(3, 4, 1, "y")}, two),
                Optional(HasSubstr("not in the log")));
}

TEST(violation, ALoadOfThePast) {
    const auto first = save(1, 2, end::done, 1, "x");
    const auto second = save(3, 4, end::done, 2, "y");
    EXPECT_THAT(violation({first, second, load(5, 6, 1, "x")}, two),
                Optional(HasSubstr("came after")));
    EXPECT_THAT(violation({first, load(3, 4, 0, "")}, {{1, "x"}}),
                Optional(HasSubstr("came after")));
    EXPECT_THAT(violation({save(1, 9, end::unknown, 0, "x"), save(1, 9, end::unknown, 0, "y"),
                           load(2, 3, 2, "y"), load(4, 5, 1, "x")},
                          two),
                Optional(HasSubstr("came after")));
}

TEST(violation, ALoadOfTheFuture) {
    EXPECT_THAT(violation({load(1, 2, 1, "x"), save(3, 4, end::done, 1, "x")}, {{1, "x"}}),
                Optional(HasSubstr("before anybody saved it")));
}

TEST(violation, SavesOutOfTheirOrder) {
    EXPECT_THAT(violation({save(1, 2, end::done, 2, "y"), save(3, 4, end::done, 1, "x")}, two),
                Optional(HasSubstr("came after")));
}

}  // namespace
}  // namespace cairn::test
