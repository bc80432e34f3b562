#include "integration/server.hpp"

#include <algorithm>
#include <cstdio>

namespace cairn::test {
namespace {

using ::testing::ElementsAre;

class listing : public server_test {
  protected:
    void put_all(const std::vector<std::string>& keys) {
        std::vector<awaitable<result<s3::put_object_output>>> puts;
        for (const auto& key : keys) puts.push_back(s3.put_object(bucket, key, key));
        for (auto& done : all(std::move(puts))) done.value();
    }
    s3::list_objects_v2 request() { return s3::list_objects_v2(bucket); }

    void expect_in_small_pages(const std::vector<std::string>& keys) {
        put_all(keys);
        for (const int size : {1, 2, 3, 7, 100}) {
            auto r = request();
            r.max_keys = size;
            const auto seen = list(r);
            EXPECT_EQ(seen.keys, keys) << size;
            for (const auto count : seen.counts) EXPECT_LE(count, size);
        }
    }

    struct pages {
        std::vector<std::string> keys;
        std::vector<std::string> prefixes;
        std::vector<std::int64_t> counts;  ///< Of keys and prefixes, page by page.
    };
    pages list(s3::list_objects_v2 r) {
        s3::paginator<s3::list_objects_v2> from(s3, std::move(r));
        pages seen;
        while (const auto page = good(from.next())) {
            for (const auto& o : page->contents) seen.keys.push_back(o.key);
            for (const auto& p : page->common_prefixes) seen.prefixes.push_back(p.prefix);
            seen.counts.push_back(
                static_cast<std::int64_t>(page->contents.size() + page->common_prefixes.size()));
        }
        return seen;
    }
};

TEST_F(listing, of_an_empty_bucket_has_one_empty_page) {
    auto pages = s3.list_objects(bucket);
    const auto page = good(pages.next());
    ASSERT_TRUE(page);
    EXPECT_TRUE(page->contents.empty());
    EXPECT_TRUE(page->common_prefixes.empty());
    EXPECT_EQ(page->key_count.value_or(0), 0);
    EXPECT_EQ(page->name, bucket);
    EXPECT_FALSE(good(pages.next()));
    EXPECT_FALSE(good(pages.next()));
}

TEST_F(listing, describes_objects) {
    const auto etag = put("k", "hello").etag;
    const auto page = good(s3.send(request()));
    ASSERT_EQ(page.contents.size(), 1u);
    const auto& object = page.contents.front();
    EXPECT_EQ(object.key, "k");
    EXPECT_EQ(object.size, 5);
    EXPECT_EQ(object.etag, etag);
    EXPECT_TRUE(object.last_modified);
    EXPECT_EQ(object.storage_class.value_or("STANDARD"), "STANDARD");
    EXPECT_EQ(page.key_count, 1);
    EXPECT_EQ(page.is_truncated, false);
}

TEST_F(listing, is_in_the_order_of_utf8) {
    std::vector<std::string> keys{"B", "a b", "a-b", "a.b", "a/b", "aa", "z", "ä", "日", "\uff5e"};
    put_all(keys);
    std::sort(keys.begin(), keys.end());
    EXPECT_EQ(keys_of(bucket), keys);
}

TEST_F(listing, puts_astral_characters_last) {
    const std::vector<std::string> keys{"k\uff5e", "k😀"};
    put_all(keys);
    EXPECT_EQ(keys_of(bucket), keys);
}

TEST_F(listing, is_of_a_prefix) {
    put_all({"a/1", "a/2", "b/1", "ab", "b c/1"});
    auto r = request();
    r.prefix = "a/";
    EXPECT_THAT(list(r).keys, ElementsAre("a/1", "a/2"));
    r.prefix = "a";
    EXPECT_THAT(list(r).keys, ElementsAre("a/1", "a/2", "ab"));
    r.prefix = "b c";
    EXPECT_THAT(list(r).keys, ElementsAre("b c/1"));
    r.prefix = "none";
    EXPECT_THAT(list(r).keys, ElementsAre());

    auto pages = s3.list_objects(bucket, "b/");
    const auto page = good(pages.next());
    ASSERT_TRUE(page);
    EXPECT_EQ(page->prefix, "b/");
    EXPECT_EQ(page->contents.size(), 1u);
}

TEST_F(listing, rolls_keys_into_prefixes) {
    put_all({"top", "a/1", "a/2", "b/x/1", "b c/1"});
    auto r = request();
    r.delimiter = "/";
    const auto top = list(r);
    EXPECT_THAT(top.keys, ElementsAre("top"));
    EXPECT_THAT(top.prefixes, ElementsAre("a/", "b c/", "b/"));
    r.prefix = "b/";
    const auto below = list(r);
    EXPECT_THAT(below.keys, ElementsAre());
    EXPECT_THAT(below.prefixes, ElementsAre("b/x/"));
}

TEST_F(listing, rolls_keys_at_any_delimiter) {
    put_all({"a--1", "a--2", "b", "c d--3"});
    auto r = request();
    r.delimiter = "--";
    const auto seen = list(r);
    EXPECT_THAT(seen.keys, ElementsAre("b"));
    EXPECT_THAT(seen.prefixes, ElementsAre("a--", "c d--"));
}

TEST_F(listing, gives_unusual_prefixes_and_delimiters_back) {
    put_all({"ä & b/<1>/x", "ä & b/<2>/y"});
    auto r = request();
    r.prefix = "ä & b/";
    r.delimiter = ">/";
    const auto page = good(s3.send(r));
    EXPECT_EQ(page.prefix, r.prefix);
    EXPECT_EQ(page.delimiter, r.delimiter);
    ASSERT_EQ(page.common_prefixes.size(), 2u);
    EXPECT_EQ(page.common_prefixes[0].prefix, "ä & b/<1>/");
}

TEST_F(listing, starts_after_a_key) {
    put_all({"a", "b", "b+1", "c"});
    auto r = request();
    r.start_after = "b";
    EXPECT_THAT(list(r).keys, ElementsAre("b+1", "c"));
    r.start_after = "b+1";
    EXPECT_THAT(list(r).keys, ElementsAre("c"));
    r.start_after = "zz";
    EXPECT_THAT(list(r).keys, ElementsAre());
}

TEST_F(listing, gives_the_key_to_start_after_back) {
    auto r = request();
    r.start_after = "b+1 ä";
    EXPECT_EQ(good(s3.send(r)).start_after, r.start_after);
}

TEST_F(listing, goes_through_small_pages) {
    expect_in_small_pages({"a", "a-b", "b", "c/d", "e", "f/g", "h"});
}

TEST_F(listing, goes_through_small_pages_of_unusual_keys) {
    expect_in_small_pages({"a", "a b", "b", "c+d", "d%20", "e&f", "f/g", "ä"});
}

TEST_F(listing, counts_prefixes_in_small_pages) {
    put_all({"a/1", "a/2", "b", "c/1", "c/2", "d/1", "e"});
    auto r = request();
    r.delimiter = "/";
    r.max_keys = 2;
    const auto seen = list(r);
    EXPECT_THAT(seen.keys, ElementsAre("b", "e"));
    EXPECT_THAT(seen.prefixes, ElementsAre("a/", "c/", "d/"));
    for (const auto count : seen.counts) EXPECT_LE(count, 2);
}

TEST_F(listing, of_no_keys_at_all_can_be_asked_for) {
    put_all({"a", "b"});
    auto r = request();
    r.max_keys = 0;
    const auto page = good(s3.send(r));
    EXPECT_TRUE(page.contents.empty());
    EXPECT_EQ(page.is_truncated.value_or(false), false);
}

TEST_F(listing, goes_beyond_a_thousand_keys) {
    std::vector<std::string> keys;
    for (int i = 0; i < 1100; ++i) {
        std::array<char, 32> name{};
        std::snprintf(name.data(), name.size(), "object-%04d", i);
        keys.emplace_back(name.data());
    }
    put_all(keys);
    const auto seen = list(request());
    EXPECT_EQ(seen.keys, keys);
    EXPECT_THAT(seen.counts, ElementsAre(1000, 100));

    auto larger = request();
    larger.max_keys = 5000;
    EXPECT_EQ(list(larger).keys, keys);
}

TEST_F(listing, gives_owners_on_request) {
    put("k", "v");
    auto r = request();
    r.fetch_owner = true;
    const auto page = good(s3.send(r));
    ASSERT_EQ(page.contents.size(), 1u);
    ASSERT_TRUE(page.contents[0].owner);
    EXPECT_TRUE(page.contents[0].owner->id);
    r.fetch_owner = false;
    EXPECT_FALSE(good(s3.send(r)).contents.at(0).owner);
}

}  // namespace
}  // namespace cairn::test
