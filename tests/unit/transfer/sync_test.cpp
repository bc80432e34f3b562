#include "unit/transfer/fixture.hpp"

#include <map>

namespace cairn::transfer {
namespace {

namespace fs = std::filesystem;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using testing::s3_call;
using testing::s3_fault;
using ::testing::SizeIs;

class sync_test : public transfer_test {
  protected:
    sync_test() { s3.create_bucket("other"); }

    /// A file that is older than all objects.
    void make(const std::string& name, const std::string& data) const {
        fs::create_directories(at(name).parent_path());
        write(name, data);
        make_old(at(name));
    }
    static void make_old(const fs::path& file) {
        fs::last_write_time(file, std::chrono::file_clock::from_sys(s3::timestamp()));
    }
    void put(const std::string& key) { good(client.put_object("bucket", key, "of " + key)); }
    std::optional<std::string> stored(const std::string& key) const {
        return s3.object("bucket", key);
    }

    sync up() const { return {tree::folder(at("tree")), tree::prefix("bucket", "t")}; }
    sync down() const { return {tree::prefix("bucket", "t"), tree::folder(at("tree"))}; }
    static sync across() { return {tree::prefix("bucket", "t"), tree::prefix("other", "")}; }
    static sync mirroring(sync of) {
        of.rules.remove_extra = true;
        return of;
    }

    /// "+name" for what has been transferred, "-name" for what has been removed, "!..." for what
    /// has failed.
    static std::vector<std::string> told(const std::vector<sync_outcome>& outcomes) {
        std::vector<std::string> all;
        for (const auto& each : outcomes)
            all.push_back((each.outcome ? "" : "!") + std::string(each.is_removal ? "-" : "+") +
                          each.entry.name);
        return all;
    }
    std::vector<std::string> done(sync what) {
        return told(good(transfers.send(std::move(what))).outcomes);
    }
};

TEST_F(sync_test, uploads_what_is_new_or_has_changed) {
    make("tree/a", "1");
    make("tree/sub/b", content(2500));
    EXPECT_THAT(done(up()), ElementsAre("+a", "+sub/b"));
    EXPECT_EQ(stored("t/sub/b"), content(2500));
    EXPECT_THAT(done(up()), IsEmpty());
    make("tree/a", "22");
    EXPECT_THAT(done(up()), ElementsAre("+a"));
    EXPECT_EQ(stored("t/a"), "22");
}

TEST_F(sync_test, says_of_each_upload_what_it_is_told_to) {
    make("tree/a", "1");
    make("tree/b", "2");
    auto what = up();
    what.prepare_upload = [](upload& each) {
        each.object.metadata["key"] = each.object.key;
        each.object.content_type = "text/x-sync";
    };
    EXPECT_THAT(done(std::move(what)), SizeIs(2));
    const auto head = good(client.head_object("bucket", "t/b"));
    EXPECT_EQ(head.content_type, "text/x-sync");
    EXPECT_EQ(head.metadata.at("key"), "t/b");
}

TEST_F(sync_test, downloads_with_the_times_of_the_objects) {
    for (const std::string key : {"t/a", "t/sub/b", "tt"}) put(key);
    good(client.put_object("bucket", "t/folder/", ""));
    auto what = down();
    what.rules.exact_timestamps = true;
    std::vector<fs::path> prepared;
    what.prepare_download = [&](download& each) { prepared.push_back(each.to); };
    EXPECT_THAT(done(what), ElementsAre("+a", "+sub/b"));
    EXPECT_THAT(prepared, ElementsAre(at("tree/a"), at("tree/sub/b")));
    EXPECT_EQ(read("tree/sub/b"), "of t/sub/b");
    EXPECT_THAT(done(what), IsEmpty());
    make_old(at("tree/a"));
    EXPECT_THAT(done(what), ElementsAre("+a"));
}

TEST_F(sync_test, copies_within_s3) {
    for (const std::string key : {"t/a", "t/sub/b"}) put(key);
    auto what = across();
    what.prepare_copy = [](copy& each) {
        each.object.metadata_directive = s3::metadata_directive::replace;
        each.object.content_type = "text/x-copy";
    };
    EXPECT_THAT(done(std::move(what)), ElementsAre("+a", "+sub/b"));
    EXPECT_EQ(s3.object("other", "sub/b"), "of t/sub/b");
    EXPECT_EQ(good(client.head_object("other", "a")).content_type, "text/x-copy");
    EXPECT_THAT(done(across()), IsEmpty());
    EXPECT_EQ(asked("GetObject"), 0u);
}

TEST_F(sync_test, removes_objects_on_request_only) {
    for (const std::string key : {"t/a", "t/old", "t/x.log", "tt"}) put(key);
    make("tree/a", "of t/a");
    EXPECT_THAT(done(up()), IsEmpty());
    auto what = mirroring(up());
    what.rules.names.exclude(pattern("*.log"));
    EXPECT_THAT(done(std::move(what)), ElementsAre("-old"));
    EXPECT_THAT(s3.keys("bucket"), ElementsAre("t/a", "t/x.log", "tt"));
}

TEST_F(sync_test, removes_files_but_none_that_is_elsewhere_or_unfinished) {
    put("t/a");
    make("tree/old", "1");
    make("tree/sub/old", "1");
    make("elsewhere/kept", "1");
    make("tree/b.cairn-part", "1");
    fs::create_directory_symlink(at("elsewhere"), at("tree/link"));
    EXPECT_THAT(done(down()), ElementsAre("+a"));
    EXPECT_THAT(done(mirroring(down())), ElementsAre("-old", "-sub/old"));
    EXPECT_FALSE(read("tree/old"));
    EXPECT_FALSE(read("tree/sub/old"));
    EXPECT_TRUE(read("elsewhere/kept"));
    EXPECT_TRUE(read("tree/b.cairn-part"));
}

TEST_F(sync_test, tells_of_a_file_that_can_not_be_removed) {
    put("t/a");
    make("tree/old", "1");
    make("tree/older", "1");
    auto plan = good(transfers.plan(mirroring(down())));
    fs::remove(at("tree/old"));
    make("tree/old/now", "a folder");
    const auto output = good(transfers.send(down(), std::move(plan)));
    EXPECT_THAT(told(output.outcomes), ElementsAre("+a", "!-old", "-older"));
    EXPECT_THAT(output.outcomes[1].outcome.error().what(), HasSubstr("tree/old can't be removed"));
    EXPECT_TRUE(read("tree/old/now"));
}

TEST_F(sync_test, removes_nothing_when_not_all_can_be_seen) {
    put("t/old");
    make("tree/a", "1");
    fs::create_symlink("nowhere", at("tree/broken"));
    const auto output = good(transfers.send(mirroring(up())));
    EXPECT_THAT(told(output.outcomes), ElementsAre("+a"));
    ASSERT_THAT(output.unreadable, SizeIs(1));
    EXPECT_THAT(output.unreadable[0].what(), HasSubstr("tree/broken"));
    EXPECT_FALSE(output.is_complete());
    EXPECT_TRUE(stored("t/old"));
}

TEST_F(sync_test, looks_at_nothing_that_is_left_alone) {
    put("t/old");
    make("tree/a", "1");
    fs::create_symlink("nowhere", at("tree/broken"));
    auto what = mirroring(up());
    what.rules.names.exclude(pattern("broken"));
    const auto output = good(transfers.send(std::move(what)));
    EXPECT_THAT(told(output.outcomes), ElementsAre("+a", "-old"));
    EXPECT_TRUE(output.is_complete());
    const auto brought = good(transfers.send(down()));
    EXPECT_TRUE(brought.is_complete()) << "what is only there may be broken";
}

TEST_F(sync_test, takes_no_prefix_without_objects_for_an_empty_one) {
    make("tree/a", "1");
    for (auto what : {down(), mirroring(down())}) {
        const auto e = bad(transfers.send(std::move(what)));
        EXPECT_EQ(e.code(), errc::not_found);
        EXPECT_EQ(e.effect(), effect::not_applied);
        EXPECT_THAT(e.what(), HasSubstr("s3://bucket/t/"));
    }
    const sync of_all(tree::prefix("bucket", ""), tree::folder(at("tree")));
    EXPECT_THAT(done(of_all), IsEmpty());
    EXPECT_EQ(bad(transfers.send(mirroring(of_all))).code(), errc::not_found);
    EXPECT_TRUE(read("tree/a"));
}

TEST_F(sync_test, goes_on_after_a_failure) {
    for (const std::string name : {"a", "b", "c"}) make("tree/" + name, name);
    s3.follow([](const s3_call& call) {
        const bool fails = call.operation == "PutObject" && call.key == "t/b";
        return fails ? s3_fault::refusal(403, "AccessDenied") : s3_fault();
    });
    auto what = up();
    std::map<std::string, bool> heard;
    what.on_outcome = [&](const sync_outcome& each) {
        heard[each.entry.name] = each.outcome.has_value();
    };
    const auto output = good(transfers.send(std::move(what)));
    EXPECT_THAT(told(output.outcomes), ElementsAre("+a", "!+b", "+c"));
    EXPECT_EQ(output.outcomes[1].outcome.error().code(), errc::access_denied);
    EXPECT_EQ(heard, (std::map<std::string, bool>{{"a", true}, {"b", false}, {"c", true}}));
    EXPECT_FALSE(output.is_complete());
}

TEST_F(sync_test, tells_of_each_object_that_can_not_be_removed) {
    for (const std::string key : {"t/a", "t/b"}) put(key);
    fs::create_directory(at("tree"));
    refuse_always("DeleteObjects", 403, "AccessDenied");
    auto what = mirroring(up());
    int heard = 0;
    what.on_outcome = [&](const sync_outcome& each) { heard += each.is_removal; };
    EXPECT_THAT(done(std::move(what)), ElementsAre("!-a", "!-b"));
    EXPECT_EQ(heard, 2);
}

TEST_F(sync_test, reads_through_links_and_writes_through_none) {
    make("elsewhere/b", "outside");
    fs::create_directory(at("tree"));
    fs::create_directory_symlink(at("elsewhere"), at("tree/link"));
    EXPECT_THAT(done(up()), ElementsAre("+link/b"));
    EXPECT_EQ(stored("t/link/b"), "outside");
    put("t/link/b");
    const auto output = good(transfers.send(down()));
    EXPECT_THAT(told(output.outcomes), ElementsAre("!+link/b"));
    EXPECT_EQ(output.outcomes[0].outcome.error().code(), errc::invalid_argument);
    EXPECT_EQ(read("elsewhere/b"), "outside");
}

TEST_F(sync_test, is_planned_without_doing_anything) {
    put("t/old");
    make("tree/a", "1");
    make("tree/b", "2");
    auto plan = good(transfers.plan(mirroring(up())));
    ASSERT_THAT(plan.transfers, SizeIs(2));
    EXPECT_EQ(plan.transfers[1].name, "b");
    ASSERT_THAT(plan.removals, SizeIs(1));
    EXPECT_EQ(plan.removals[0].name, "old");
    EXPECT_THAT(s3.keys("bucket"), ElementsAre("t/old"));
    plan.transfers.pop_back();
    const auto output = good(transfers.send(up(), std::move(plan)));
    EXPECT_THAT(told(output.outcomes), ElementsAre("+a", "-old"));
    EXPECT_TRUE(output.is_complete());
    EXPECT_THAT(s3.keys("bucket"), ElementsAre("t/a"));
}

TEST_F(sync_test, is_refused_where_sources_would_be_changed) {
    const auto refused = [&](const tree& from, const tree& to) {
        const auto e = bad(transfers.send(sync(from, to)));
        EXPECT_EQ(e.code(), errc::invalid_argument) << e;
        EXPECT_EQ(e.effect(), effect::not_applied) << e;
    };
    refused(tree::folder("a"), tree::folder("b"));
    refused(tree::prefix("bucket", "a"), tree::prefix("bucket", "a/b"));
    refused(tree::prefix("bucket", "a/b/"), tree::prefix("bucket", "a"));
    refused(tree::prefix("bucket", "a"), tree::prefix("bucket", ""));
    EXPECT_EQ(sync(tree::prefix("bucket", "a"), tree::prefix("bucket", "ab")).direction().value(),
              sync_direction::copy);
    EXPECT_EQ(sync(tree::prefix("bucket", "a"), tree::prefix("other", "a")).direction().value(),
              sync_direction::copy);
    EXPECT_TRUE(s3.log().empty());
}

TEST_F(sync_test, tells_why_a_side_can_not_be_listed) {
    make("tree/a", "1");
    EXPECT_THAT(
        bad(transfers.send(sync(tree::folder(at("none")), tree::prefix("bucket", "")))).what(),
        HasSubstr("none can't be read"));
    const auto to_file = sync(tree::prefix("bucket", ""), tree::folder(at("tree/a")));
    EXPECT_THAT(bad(transfers.send(to_file)).what(), HasSubstr("is not a folder"));
    refuse_always("ListObjectsV2", 403, "AccessDenied");
    EXPECT_EQ(bad(transfers.send(up())).code(), errc::access_denied);
}

TEST_F(sync_test, ends_with_what_a_callback_throws) {
    make("tree/a", "1");
    make("tree/b", "2");
    auto what = up();
    what.prepare_upload = [](upload&) { throw std::runtime_error("no"); };
    EXPECT_THROW(good(transfers.send(what)), std::runtime_error);
    EXPECT_THAT(s3.keys("bucket"), IsEmpty());
}

TEST_F(sync_test, cancelled_while_it_removes_files_tells_of_each) {
    put("t/kept");
    std::optional<result<sync_output>> ended;
    int heard = 0;
    const auto mirror = [&]() -> awaitable<void> {
        ended.reset();
        heard = 0;
        make("tree/a", "1");
        make("tree/b", "2");
        auto what = mirroring(down());
        what.on_outcome = [&](const sync_outcome& each) { heard += each.is_removal; };
        return [](const manager& m, sync by, auto& end) -> awaitable<void> {
            end.emplace(co_await m.send(std::move(by)));
        }(transfers, std::move(what), ended);
    };
    cancel_everywhere(mirror, [&](int n) {
        ASSERT_TRUE(ended) << n;
        const int left = (read("tree/a") ? 1 : 0) + (read("tree/b") ? 1 : 0);
        EXPECT_EQ(heard, 2 - left) << n;
        if (!*ended) return;
        for (const auto& each : (*ended)->outcomes)
            if (each.is_removal && !each.outcome) {
                EXPECT_TRUE(read("tree/" + each.entry.name)) << n;
                EXPECT_EQ(each.outcome.error().effect(), effect::not_applied) << n;
            }
    });
}

TEST_F(sync_test, cancelled_anywhere_tells_what_it_has_done) {
    std::optional<result<sync_output>> ended;
    const auto mirror = [&]() -> awaitable<void> {
        ended.reset();
        good(client.delete_objects("bucket", {"t/a", "t/b"}));
        put("t/old");
        return [](const manager& m, sync what, auto& end) -> awaitable<void> {
            end.emplace(co_await m.send(std::move(what)));
        }(transfers, mirroring(up()), ended);
    };
    make("tree/a", "1");
    make("tree/b", content(2500));
    int failed = 0;
    cancel_everywhere(mirror, [&](int n) {
        ASSERT_TRUE(ended) << n;
        if (!*ended) {
            EXPECT_EQ(ended->error().code(), errc::canceled) << n;
            EXPECT_EQ(ended->error().effect(), effect::not_applied) << n;
            EXPECT_THAT(s3.keys("bucket"), ElementsAre("t/old")) << n;
            return;
        }
        const auto& outcomes = (*ended)->outcomes;
        ASSERT_THAT(outcomes, SizeIs(3)) << n;
        for (const auto& each : outcomes) {
            const bool is_there = stored("t/" + each.entry.name).has_value();
            if (each.outcome) {
                EXPECT_EQ(is_there, !each.is_removal) << n << ": " << each.entry.name;
            }
            expect_honest(std::optional(each.outcome), is_there != each.is_removal, n);
            failed += !each.outcome;
        }
    });
    EXPECT_GT(failed, 20);
    EXPECT_THAT(s3.keys("bucket"), ElementsAre("t/a", "t/b"));
}

}  // namespace
}  // namespace cairn::transfer
