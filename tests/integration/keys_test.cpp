#include "integration/server.hpp"

namespace cairn::test {
namespace {

struct named_key {
    std::string name;
    std::string key;
};

void PrintTo(const named_key& k, std::ostream* out) {
    *out << k.name;
}

std::string name_of(const ::testing::TestParamInfo<named_key>& info) {
    return info.param.name;
}

std::string all_control_characters() {
    std::string text = "controls";
    for (char c = 1; c < 0x20; ++c) text += c;
    return text + '\x7f' + "end";
}

/// 1024 bytes, in segments that file systems can hold.
std::string longest_key() {
    std::string key;
    while (key.size() < 1024) key += key.size() % 128 == 127 ? '/' : 'k';
    key.back() = 'k';
    return key;
}

const std::vector<named_key>& unusual() {
    static const std::vector<named_key> keys{
        {"blank", "a b  c"},
        {"blanks_at_the_ends", " a "},
        {"plus", "a+b"},
        {"percent", "100%"},
        {"escape", "a%20b%2Fc"},
        {"quotes", "it's \"quoted\" `so`"},
        {"markup", "<a&b>;&amp;<![CDATA["},
        {"query", "a?b=c&d#e"},
        {"punctuation", "!$()*,:;=@[]{}|^~"},
        {"backslash", "a\\b"},
        {"latin", "grün/crème brûlée"},
        {"greek", "Ωμέγα"},
        {"japanese", "日本語/テキスト"},
        {"combining", "e\u0301 and \u00e9"},
        {"astral", "😀/𝄞"},
        {"non_characters", "\uffff"},
        {"folder", "folder/"},
        {"one_slash", "/"},
        {"leading_slash", "/a"},
        {"two_leading_slashes", "//a"},
        {"double_slash", "a//b"},
        {"dot", "."},
        {"dot_segment", "a/./b"},
        {"dot_dot", ".."},
        {"dot_dot_segment", "a/../b"},
        {"leading_dot_dot", "../a"},
        {"three_dots", "a/.../b"},
        {"newline", "a\nb"},
        {"carriage_return", "a\rb"},
        {"tab", "a\tb"},
        {"control_characters", all_control_characters()},
        {"longest", longest_key()},
        {"long_segment", std::string(1024, 'k')},
    };
    return keys;
}

class unusual_keys : public server_test, public ::testing::WithParamInterface<named_key> {
  protected:
    // Servers that list it under another name would leave it behind.
    void TearDown() override {
        run(s3.delete_object(bucket, GetParam().key));
        server_test::TearDown();
    }
};

TEST_P(unusual_keys, name_objects) {
    const auto& key = GetParam().key;
    const auto content = "of " + GetParam().name;
    put(key, content);
    EXPECT_EQ(get(key), content);
    EXPECT_EQ(good(s3.head_object(bucket, key)).content_length,
              static_cast<std::int64_t>(content.size()));
    EXPECT_THAT(keys_of(bucket), ::testing::ElementsAre(key));

    good(s3.copy_object(bucket, key, bucket, "copy"));
    EXPECT_EQ(get("copy"), content);
    good(s3.copy_object(bucket, "copy", bucket, key));

    good(s3.delete_object(bucket, key));
    EXPECT_EQ(bad(s3.get_object(bucket, key)).code(), errc::not_found);
}

TEST_P(unusual_keys, are_deleted_in_batches) {
    const auto& key = GetParam().key;
    put(key, "content");
    const auto outcomes = good(s3.delete_objects(bucket, {key}));
    ASSERT_EQ(outcomes.size(), 1u);
    EXPECT_EQ(outcomes[0].key, key);
    EXPECT_TRUE(outcomes[0].outcome) << outcomes[0].outcome.error();
    EXPECT_EQ(bad(s3.get_object(bucket, key)).code(), errc::not_found);
}

INSTANTIATE_TEST_SUITE_P(all, unusual_keys, ::testing::ValuesIn(unusual()), name_of);

class keys : public server_test {};

TEST_F(keys, that_look_alike_are_different) {
    const std::vector<std::string> names{"a b", "a+b", "a%20b", "a%2bb", "A b", "a\u00a0b"};
    for (const auto& name : names) put(name, "content of " + name);
    for (const auto& name : names) EXPECT_EQ(get(name), "content of " + name);
    EXPECT_THAT(keys_of(bucket), ::testing::UnorderedElementsAreArray(names));
}

TEST_F(keys, that_differ_in_slashes_only_are_different) {
    const std::vector<std::string> names{"a/b", "a//b", "/a/b", "a/b/"};
    for (const auto& name : names) put(name, "content of " + name);
    for (const auto& name : names) EXPECT_EQ(get(name), "content of " + name);
}

TEST_F(keys, may_begin_with_another_key_and_a_slash) {
    put("a", "file");
    put("a/b", "below");
    EXPECT_EQ(get("a"), "file");
    EXPECT_EQ(get("a/b"), "below");
    EXPECT_THAT(keys_of(bucket), ::testing::ElementsAre("a", "a/b"));
    good(s3.delete_object(bucket, "a/b"));
}

TEST_F(keys, outside_the_rules_are_refused_before_anything_is_sent) {
    const std::vector<std::string> names{"", std::string(1025, 'k'), std::string("a\0b", 3),
                                         "latin-1 \xe9", "\xed\xa0\x80"};
    for (const auto& name : names) {
        const auto stored = bad(s3.put_object(bucket, name, "v"));
        EXPECT_TRUE(is_error(stored, errc::invalid_argument, effect::not_applied,
                             {"PutObject", "the key"}));
        EXPECT_EQ(stored.http_status(), 0u);
        EXPECT_TRUE(is_error(bad(s3.get_object(bucket, name)), errc::invalid_argument, effect::none,
                             {"GetObject", "the key"}));
        EXPECT_TRUE(is_error(bad(s3.copy_object(bucket, name, bucket, "copy")),
                             errc::invalid_argument, effect::not_applied,
                             {"CopyObject", "source", "the key"}));
    }
}

TEST_F(keys, outside_the_rules_are_not_deleted_in_batches) {
    put("k", "v");
    const auto outcomes = good(s3.delete_objects(bucket, {"k", ""}));
    ASSERT_EQ(outcomes.size(), 2u);
    EXPECT_TRUE(outcomes[0].outcome);
    ASSERT_FALSE(outcomes[1].outcome);
    EXPECT_TRUE(is_error(outcomes[1].outcome.error(), errc::invalid_argument, effect::not_applied,
                         {"DeleteObjects s3://" + bucket, "the key is empty"}));
    EXPECT_EQ(bad(s3.get_object(bucket, "k")).code(), errc::not_found);
}

}  // namespace
}  // namespace cairn::test
