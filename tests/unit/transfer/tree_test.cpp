#include "unit/testing/simulated_s3_fixture.hpp"

#include <cairn/core/random.hpp>
#include <cairn/transfer/batch.hpp>
#include <cairn/transfer/sync.hpp>
#include <cairn/transfer/tree.hpp>

#include <filesystem>
#include <fstream>
#include <sys/stat.h>

namespace cairn::transfer {
namespace {

namespace fs = std::filesystem;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

// --- Patterns ---

struct match_case {
    const char* pattern;
    const char* name;
    bool matches;
};

class Pattern : public ::testing::TestWithParam<match_case> {};

TEST_P(Pattern, MatchesWhatItSays) {
    const auto& [text, name, expected] = GetParam();
    EXPECT_EQ(pattern(text).matches(name), expected) << text << " on " << name;
}

INSTANTIATE_TEST_SUITE_P(
    All, Pattern,
    ::testing::Values(
        match_case{"", "", true}, match_case{"", "a", false}, match_case{"a", "a", true},
        match_case{"a", "ab", false}, match_case{"*", "", true}, match_case{"*", "a/b", true},
        match_case{"*.gz", "logs/a.gz", true}, match_case{"*.gz", "a.gz.part", false},
        match_case{"a*b*c", "a-b-b-c", true}, match_case{"a*b*c", "a-c-b", false},
        match_case{"**", "x", true}, match_case{"a*", "b", false}, match_case{"?", "", false},
        match_case{"?", "/", true}, match_case{"?.txt", "ü.txt", true},
        match_case{"?", "\xC3", true}, match_case{"??", "ü", false},
        match_case{"[abc]x", "bx", true}, match_case{"[abc]x", "dx", false},
        match_case{"[a-c]", "b", true}, match_case{"[a-c]", "d", false},
        match_case{"[!a-c]", "d", true}, match_case{"[!a-c]", "b", false},
        match_case{"[à-ü]", "é", true}, match_case{"[*]", "*", true}, match_case{"[*]", "x", false},
        match_case{"[]]", "]", true}, match_case{"[!]]", "]", false}, match_case{"[a-]", "-", true},
        match_case{"x[1", "x[1", true}, match_case{"[", "[", true}, match_case{"*[a]", "", false},
        match_case{"a*a*a*a*a*b", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", false}));

TEST(PatternText, IsLiteralWithoutWildcards) {
    for (const auto* text : {"", "a", "ü", "]", "a]", "[", "a[1", "]a[", "a[]", "[!]", "a[!]"}) {
        EXPECT_TRUE(pattern(text).is_literal()) << text;
        EXPECT_TRUE(pattern(text).matches(text)) << text;
    }
    for (const auto* text :
         {"*", "a*", "?", "[a]", "a[[]", "[]]", "[!]]", "[[]", "a[ [b]", "[!][a]"})
        EXPECT_FALSE(pattern(text).is_literal()) << text;
}

TEST(PatternText, StartsWithWhatHasNoWildcards) {
    EXPECT_EQ(pattern("logs/a*b").literal_start(), "logs/a");
    EXPECT_EQ(pattern("logs/[ab]").literal_start(), "logs/");
    EXPECT_EQ(pattern("logs/a").literal_start(), "logs/a");
}

TEST(NameFilter, LastRuleThatMatchesDecides) {
    name_filter names;
    EXPECT_TRUE(names.admits("a.txt"));
    names.exclude(pattern("*"));
    names.include(pattern("*.txt"));
    names.exclude(pattern("secret/*"));
    EXPECT_TRUE(names.admits("a.txt"));
    EXPECT_FALSE(names.admits("a.gz"));
    EXPECT_FALSE(names.admits("secret/a.txt"));
}

// --- Folders ---

class Folder : public ::testing::Test {
  protected:
    Folder() { fs::create_directory(at_); }
    ~Folder() override { fs::remove_all(at_); }

    void write(const std::string& name, const std::string& text) const {
        fs::create_directories((at_ / name).parent_path());
        std::ofstream(at_ / name) << text;
    }
    static std::vector<std::string> names(const file_tree& tree) {
        std::vector<std::string> all;
        for (const auto& entry : tree.entries) all.push_back(entry.name);
        return all;
    }

    const fs::path at_ = fs::temp_directory_path() / ("cairn-" + system_random()->hex(8));
};

TEST_F(Folder, IsListedAsS3ListsKeys) {
    write("a/b", "1");
    write("a.txt", "22");
    write("a-b/ü \n", "");
    write("B", "");
    fs::create_directory(at_ / "empty");
    const auto tree = list_files(at_).value();
    EXPECT_THAT(names(tree), ElementsAre("B", "a-b/ü \n", "a.txt", "a/b"));
    EXPECT_EQ(tree.entries[2].size_bytes, 2U);
    EXPECT_THAT(tree.unreadable, IsEmpty());
}

TEST_F(Folder, ListsWhatLinksLeadToAndNamesWhatItCant) {
    write("folder/file", "1");
    fs::create_symlink("file", at_ / "folder" / "link");
    fs::create_directory_symlink("folder", at_ / "other");
    fs::create_directory_symlink("..", at_ / "folder" / "up");
    fs::create_symlink("nowhere", at_ / "broken");
    ASSERT_EQ(::mkfifo((at_ / "pipe").c_str(), 0600), 0);
    const auto tree = list_files(at_).value();
    EXPECT_THAT(names(tree), ElementsAre("folder/file", "folder/link", "other/file", "other/link"));
    std::string told;
    for (const auto& e : tree.unreadable) told += e.what() + "\n";
    EXPECT_EQ(tree.unreadable.size(), 4U) << told;
    EXPECT_THAT(told, HasSubstr((at_ / "pipe").string() + " is neither a file nor a folder"));
    EXPECT_THAT(told, HasSubstr((at_ / "broken").string() + " can't be read: No such file"));
    EXPECT_THAT(told, HasSubstr((at_ / "folder/up").string() + " is a link to a folder"));
}

TEST_F(Folder, ThatIsNoneIsTold) {
    write("file", "");
    EXPECT_EQ(list_files(at_ / "none").error().code(), errc::body_failed);
    EXPECT_THAT(list_files(at_ / "none").error().what(), HasSubstr("No such file"));
    EXPECT_THAT(list_files(at_ / "file").error().what(), HasSubstr("is not a folder"));
}

TEST(PathBeneath, IsTheFileOfAName) {
    for (const std::string name : {"a", "a/b", "a..b", "..a/b..", "...", ".hidden", "a b/ü",
                                   "\\..\\", "a.part", "a.cairn-party/b"})
        EXPECT_EQ(path_beneath("to", name).value(), "to/" + name);
}

TEST_F(Folder, LinksLeadNoKeyOutOfIt) {
    fs::create_directories(at_ / "in" / "deep");
    fs::create_directory(at_ / "out");
    write("out/there", "");
    fs::create_directory_symlink("../out", at_ / "in" / "link");
    fs::create_directory_symlink("deep", at_ / "in" / "inner");
    fs::create_symlink("../out/there", at_ / "in" / "there");
    fs::create_symlink("../out/nowhere", at_ / "in" / "nowhere");
    for (const std::string name : {"link/a", "link/new/a", "there", "nowhere", "inner/a"}) {
        const auto path = path_beneath(at_ / "in", name);
        ASSERT_FALSE(path) << name;
        EXPECT_THAT(path.error().detail(), HasSubstr("symbolic link"));
    }
    for (const std::string name : {"a", "deep/a", "new/a"})
        EXPECT_TRUE(path_beneath(at_ / "in" / "", name)) << name;
    EXPECT_TRUE(path_beneath(at_ / "new" / "", "a"));
    EXPECT_TRUE(path_beneath(at_ / "in" / "inner", "a")) << "the folder itself may be a link";
    EXPECT_EQ(path_beneath("", "a").value(), "a");
}

TEST(PathBeneath, RefusesWhatLeadsElsewhere) {
    using namespace std::string_view_literals;
    for (const auto name :
         {""sv, "/"sv, "/etc/passwd"sv, ".."sv, "../x"sv, "../../x"sv, "a/../b"sv, "a/.."sv, "."sv,
          "./a"sv, "a/."sv, "a//b"sv, "a/"sv, "//"sv, "a\0b"sv}) {
        const auto path = path_beneath("to", name);
        ASSERT_FALSE(path) << name;
        EXPECT_EQ(path.error().code(), errc::invalid_argument);
    }
}

TEST(PathBeneath, RefusesWhatDownloadsWriteUntilTheyAreDone) {
    for (const auto* name : {"a.cairn-part", "b/a.cairn-part.json", ".cairn-part", "a.cairn-part/b",
                             "a/b.cairn-part.json/c"}) {
        const auto path = path_beneath("to", name);
        ASSERT_FALSE(path) << name;
        EXPECT_EQ(path.error().code(), errc::invalid_argument);
    }
}

// --- Comparing ---

using enum sync_direction;

tree_entry entry(std::string name, std::uint64_t size, int time) {
    return {std::move(name), size, s3::timestamp(std::chrono::seconds(time))};
}

std::string names_of(const std::vector<tree_entry>& entries) {
    std::string all;
    for (const auto& e : entries) all += e.name + ' ';
    return all;
}

TEST(SyncPlan, TransfersWhatIsNewOrHasAnotherSize) {
    const auto plan =
        plan_sync({entry("new", 1, 5), entry("same", 1, 5), entry("size", 2, 5)},
                  {entry("old", 1, 5), entry("same", 1, 5), entry("size", 1, 5)}, upload, {});
    EXPECT_EQ(names_of(plan.transfers), "new size ");
    EXPECT_EQ(names_of(plan.removals), "");
}

TEST(SyncPlan, RemovesWhatOnlyTheDestinationHas) {
    sync_rules rules;
    rules.remove_extra = true;
    const auto plan = plan_sync(
        {entry("b", 1, 5), entry("d", 1, 5)},
        {entry("e", 1, 5), entry("c", 1, 5), entry("b", 1, 5), entry("a", 1, 5)}, upload, rules);
    EXPECT_EQ(names_of(plan.transfers), "d ");
    EXPECT_EQ(names_of(plan.removals), "a c e ");
}

struct time_case {
    sync_direction direction;
    bool exact;
    int source;
    int destination;
    bool transfers;
};

class SyncTimes : public ::testing::TestWithParam<time_case> {};

TEST_P(SyncTimes, DecideForEqualSizes) {
    const auto& at = GetParam();
    sync_rules rules;
    rules.exact_timestamps = at.exact;
    const auto plan = [&] {
        return plan_sync({entry("a", 1, at.source)}, {entry("a", 1, at.destination)}, at.direction,
                         rules);
    };
    EXPECT_EQ(plan().transfers.size(), at.transfers ? 1U : 0U);
    rules.size_only = true;
    EXPECT_THAT(plan().transfers, IsEmpty());
}

INSTANTIATE_TEST_SUITE_P(
    All, SyncTimes,
    ::testing::Values(time_case{upload, false, 6, 5, true}, time_case{upload, false, 5, 5, false},
                      time_case{upload, false, 4, 5, false}, time_case{upload, true, 4, 5, false},
                      time_case{copy, false, 6, 5, true}, time_case{copy, false, 4, 5, false},
                      time_case{download, false, 6, 5, false},
                      time_case{download, false, 5, 5, false},
                      time_case{download, false, 4, 5, true}, time_case{download, true, 6, 5, true},
                      time_case{download, true, 5, 5, false},
                      time_case{download, true, 4, 5, true}));

TEST(SyncPlan, ComparesWholeSecondsWithWholeSeconds) {
    auto fine = entry("a", 1, 5);
    fine.modified += std::chrono::milliseconds(300);
    const auto coarse = entry("a", 1, 5);
    auto finer = fine;
    finer.modified += std::chrono::milliseconds(1);
    sync_rules rules;
    EXPECT_THAT(plan_sync({fine}, {coarse}, upload, rules).transfers, IsEmpty());
    EXPECT_THAT(plan_sync({finer}, {fine}, upload, rules).transfers, ::testing::SizeIs(1));
    EXPECT_THAT(plan_sync({coarse}, {fine}, download, rules).transfers, IsEmpty());
    rules.exact_timestamps = true;
    EXPECT_THAT(plan_sync({coarse}, {fine}, download, rules).transfers, IsEmpty());
    EXPECT_THAT(plan_sync({finer}, {fine}, download, rules).transfers, ::testing::SizeIs(1));
}

TEST(SyncPlan, TakesWhatIsListedTwiceForOne) {
    sync_rules rules;
    rules.remove_extra = true;
    const auto plan = plan_sync({entry("a", 1, 5), entry("b", 1, 5), entry("b", 1, 5)},
                                {entry("a", 1, 5), entry("a", 1, 5)}, upload, rules);
    EXPECT_EQ(names_of(plan.transfers), "b ");
    EXPECT_EQ(names_of(plan.removals), "");
}

TEST(SyncPlan, LeavesOthersAloneOnBothSides) {
    sync_rules rules;
    rules.remove_extra = true;
    rules.names.exclude(pattern("*.log"));
    const auto plan = plan_sync({entry("a.log", 1, 5), entry("folder/", 0, 5), entry("", 0, 5)},
                                {entry("b.log", 1, 5), entry("other/", 0, 5)}, upload, rules);
    EXPECT_EQ(names_of(plan.transfers), "");
    EXPECT_EQ(names_of(plan.removals), "");
}

// --- Objects ---

class ObjectTree : public testing::simulated_s3_test {
  protected:
    void put(const std::string& key, const std::string& text) {
        good(client.put_object("bucket", key, text));
    }
};

TEST_F(ObjectTree, IsThatOfAPrefix) {
    for (const auto* key : {"a/", "a/1", "a/b/2", "ab", "a/..", "z"}) put(key, "text");
    object_tree tree(client, "bucket", "a/");
    EXPECT_EQ(tree.root(), "a/");
    const auto all = good(tree.all());
    EXPECT_EQ(names_of(all), " .. 1 b/2 ");
    EXPECT_EQ(all[2].size_bytes, 4U);
    EXPECT_NE(all[2].modified, s3::timestamp());
    EXPECT_EQ(all[2].etag, good(client.head_object("bucket", "a/1")).etag);
}

TEST_F(ObjectTree, IsThatOfAPattern) {
    for (const auto* key : {"a/x.gz", "a/x.txt", "a/b/y.gz", "b/x.gz"}) put(key, "");
    object_tree tree(client, "bucket", pattern("a/*.gz"));
    EXPECT_EQ(tree.root(), "a/");
    EXPECT_EQ(names_of(good(tree.all())), "b/y.gz x.gz ");
    object_tree none(client, "bucket", pattern("a/*.zip"));
    EXPECT_FALSE(good(none.next()));
}

TEST_F(ObjectTree, TellsWhyItCantBeListed) {
    object_tree tree(client, "none", "");
    EXPECT_EQ(bad(tree.all()).s3_code(), "NoSuchBucket");
}

// --- Batches ---

class Batch : public test::io {};

TEST_F(Batch, GivesEachOutcomeInOrder) {
    std::size_t running = 0;
    std::size_t most = 0;
    const auto step = [&](std::size_t i) -> awaitable<result<void>> {
        most = std::max(most, ++running);
        co_await time->sleep_until(time->now() + std::chrono::seconds(9 - i));
        --running;
        if (i % 2 == 1) co_return error(errc::not_found, std::to_string(i));
        co_return result<void>();
    };
    const auto outcomes = run(batch(9, 3, step));
    ASSERT_EQ(outcomes.size(), 9U);
    for (std::size_t i = 0; i < 9; ++i) {
        EXPECT_EQ(outcomes[i].has_value(), i % 2 == 0);
        EXPECT_EQ(outcomes[i] ? "" : outcomes[i].error().detail(), i % 2 ? std::to_string(i) : "");
    }
    EXPECT_EQ(most, 3U);
    EXPECT_THAT(run(batch(0, 3, step)), IsEmpty());
}

TEST_F(Batch, EndsWhenItIsCancelled) {
    int begun = 0;
    int ended = 0;
    const auto step = [&](std::size_t) -> awaitable<result<void>> {
        ++begun;
        const std::shared_ptr<void> leaving(nullptr, [&](void*) { ++ended; });
        co_await time->sleep_until(time->now() + std::chrono::seconds(1));
        co_return result<void>();
    };
    const auto all = [&]() -> awaitable<void> {
        std::function<awaitable<result<void>>(std::size_t)> each = step;
        co_await batch(4, 2, std::move(each));
    };
    const int steps =
        cancel_everywhere([&] { return all(); }, [&](int n) { EXPECT_EQ(begun, ended) << n; });
    EXPECT_GT(steps, 2);
}

}  // namespace
}  // namespace cairn::transfer
