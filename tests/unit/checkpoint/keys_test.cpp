#include "checkpoint/keys.hpp"

#include "checkpoint/digest.hpp"

#include <gtest/gtest.h>

#include <set>

namespace cairn::checkpoint {
namespace {

using namespace std::string_literals;

TEST(keys, are_as_documented) {
    const thread_keys thread(*key_prefix("team/app"), "job-42");
    const auto hash = sha256("job-42").substr(0, 2);
    EXPECT_EQ(thread.root(), "team/app/v1/" + hash + "/job-42/");
    EXPECT_EQ(thread.deletion_mark(), thread.root() + "~deleted");
    const log_keys log(thread, "");
    EXPECT_EQ(log.slot(1), thread.root() + "~/log/09999999999999999998");
    EXPECT_EQ(log.slot(max_sequence), thread.root() + "~/log/00000000000000000000");
    EXPECT_EQ(log.blob("state", "abc"), thread.root() + "~/blob/state/abc");
    EXPECT_EQ(log_keys(thread, "a/b").slots(), thread.root() + "a~2Fb/log/");
}

TEST(keys, list_the_newest_first) {
    const log_keys log(thread_keys("", "t"), "");
    for (const std::uint64_t sequence : {1ULL, 9ULL, 10ULL, 999'999ULL}) {
        EXPECT_GT(log.slot(sequence), log.slot(sequence + 1));
        EXPECT_EQ(log.sequence_of(log.slot(sequence)), sequence);
    }
}

TEST(keys, that_are_no_slots_have_no_sequence) {
    const log_keys log(thread_keys("", "t"), "");
    for (const auto& name :
         {""s, "1"s, "0999999999999999999x"s, "099999999999999999980"s, "99999999999999999999"s})
        EXPECT_FALSE(log.sequence_of(log.slots() + name)) << name;
    EXPECT_FALSE(log.sequence_of("elsewhere/09999999999999999998"));
}

const std::set<std::string> odd_texts = {"",
                                         "~",
                                         ".",
                                         "..",
                                         "...",
                                         ".a",
                                         "a.",
                                         "%",
                                         "%7E",
                                         "%2E",
                                         "/",
                                         "//",
                                         "a/b",
                                         "a b",
                                         "a+b",
                                         "\n",
                                         "\0"s,
                                         "\xff",
                                         "é",
                                         "\xf0\x9f\xaa\xa8",
                                         "~deleted",
                                         "~probe",
                                         "A",
                                         "a",
                                         std::string(199, 'x'),
                                         std::string(200, 'x'),
                                         std::string(201, 'x'),
                                         std::string(5000, 'x'),
                                         std::string(300, '/'),
                                         std::string(301, '/')};

TEST(segments, are_safe_for_every_server_and_file_system) {
    for (const auto& text : odd_texts) {
        const auto segment = key_segment(text);
        EXPECT_GE(segment.size(), 1U);
        EXPECT_LE(segment.size(), 200U);
        EXPECT_NE(segment.front(), '.');
        EXPECT_EQ(segment.find_first_not_of(
                      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~"),
                  std::string::npos)
            << segment;
    }
}

TEST(segments, of_different_texts_differ) {
    std::set<std::string> segments;
    for (const auto& text : odd_texts) segments.insert(key_segment(text));
    EXPECT_EQ(segments.size(), odd_texts.size());
    EXPECT_FALSE(segments.contains("~deleted"));
    EXPECT_FALSE(segments.contains("~probe"));
}

TEST(segments, that_would_be_too_long_keep_their_beginning_whole) {
    const auto text = std::string(133, 'x') + std::string(100, '/');
    EXPECT_EQ(key_segment(text), std::string(133, 'x') + "~~" + sha256(text));
    EXPECT_EQ(key_segment(std::string(201, 'x')),
              std::string(134, 'x') + "~~" + sha256(std::string(201, 'x')));
}

TEST(segments, that_end_in_a_digest_are_nobody_elses) {
    const auto segment = key_segment(std::string(201, 'x'));
    EXPECT_NE(key_segment(segment), segment);
}

TEST(prefix, is_made_of_segments) {
    EXPECT_EQ(*key_prefix(""), "");
    EXPECT_EQ(*key_prefix("a"), "a/");
    EXPECT_EQ(*key_prefix("a b/../c/"), "a~20b/~2E./c/");
    EXPECT_EQ(key_prefix("a//b").error().code(), errc::invalid_argument);
    EXPECT_EQ(key_prefix("/a").error().code(), errc::invalid_argument);
    EXPECT_EQ(key_prefix(std::string(150, 'x') + '/' + std::string(150, 'x')).error().code(),
              errc::invalid_argument);
}

TEST(prefix, leaves_room_for_the_longest_key) {
    const auto prefix = *key_prefix(std::string(149, 'x') + '/' + std::string(149, 'x'));
    const std::string longest(200, 'x');
    EXPECT_LE(
        log_keys(thread_keys(prefix, longest), longest).blob(longest, std::string(64, 'f')).size(),
        1024U);
}

TEST(namespaces, are_found_again_in_keys) {
    const thread_keys thread("p/", "t");
    const log_keys log(thread, "a/b");
    EXPECT_EQ(log_keys(*thread.namespace_root_of(log.slot(3))).slot(3), log.slot(3));
    EXPECT_FALSE(thread.namespace_root_of(thread.deletion_mark()));
    EXPECT_FALSE(thread.namespace_root_of("other/key/in/there"));
}

}  // namespace
}  // namespace cairn::checkpoint
