#include "support/io.hpp"
#include "support/scratch.hpp"

#include <cairn/checkpoint/file_backing.hpp>

#include <boost/asio/thread_pool.hpp>

#include <fstream>
#include <sys/stat.h>
#include <thread>

namespace cairn::checkpoint {
namespace {

using namespace std::string_literals;
namespace fs = std::filesystem;

class file_backing_test : public test::io {
  protected:
    test::scratch_directory root;
    std::shared_ptr<backing> files = file_backing(root.path()).value();

    std::size_t temporary_files() const {
        const fs::directory_iterator entries(root.path() / ".tmp");
        return static_cast<std::size_t>(std::distance(begin(entries), end(entries)));
    }
};

TEST_F(file_backing_test, refuses_keys_that_could_leave_its_root) {
    for (const auto& key : {""s, "/"s, "/etc/passwd"s, "a//b"s, "a/"s, "."s, ".."s, "../x"s,
                            "a/../b"s, "a/.hidden"s, ".tmp/x"s, "a\0b"s, std::string(256, 'x')}) {
        EXPECT_EQ(run(files->create(key, "x")).error().code(), errc::invalid_argument) << key;
        EXPECT_EQ(run(files->create(key, "x")).error().effect(), effect::not_applied) << key;
        EXPECT_EQ(run(files->put(key, "x")).error().code(), errc::invalid_argument) << key;
        EXPECT_EQ(run(files->get(key, 10)).error().code(), errc::invalid_argument) << key;
        EXPECT_EQ(run(files->remove(std::vector<std::string>(1, key)))->front().error().code(),
                  errc::invalid_argument)
            << key;
    }
    for (const auto& prefix : {"/etc/"s, "../"s, "a/../../"s})
        EXPECT_TRUE(run(files->list(prefix, "", 10))->empty()) << prefix;
}

TEST_F(file_backing_test, lists_in_the_order_of_keys) {
    for (const auto* key : {"a/b", "a.b", "a0", "a-/x", "b/c/d", "b/c/e", "c"})
        ASSERT_TRUE(run(files->put(key, "x")));
    using keys = std::vector<std::string>;
    EXPECT_EQ(*run(files->list("", "", 100)),
              (keys{"a-/x", "a.b", "a/b", "a0", "b/c/d", "b/c/e", "c"}));
    EXPECT_EQ(*run(files->list("", "a.b", 2)), (keys{"a/b", "a0"}));
    EXPECT_EQ(*run(files->list("b/", "b/c/d", 100)), (keys{"b/c/e"}));
    EXPECT_EQ(*run(files->list("a", "", 2)), (keys{"a-/x", "a.b"}));
    EXPECT_EQ(*run(files->list("b/c/", "b/c/e", 100)), keys());
    EXPECT_EQ(*run(files->list("nowhere/", "", 100)), keys());
}

TEST_F(file_backing_test, leaves_no_temporary_files) {
    ASSERT_TRUE(run(files->create("k", "1")));
    ASSERT_TRUE(run(files->create("k", "2")));
    ASSERT_TRUE(run(files->put("k", "3")));
    ASSERT_TRUE(run(files->put("d/k", "4")));
    ASSERT_FALSE(run(files->put("k/under/a/file", "5")));
    ASSERT_FALSE(run(files->put("d", "a directory is there")));
    EXPECT_EQ(temporary_files(), 0U);
    EXPECT_EQ(*run(files->get("k", 10)), "3");
    EXPECT_EQ(*run(files->get("d/k", 10)), "4");
    EXPECT_EQ(run(files->get("d", 10)).error().code(), errc::not_found);
}

TEST_F(file_backing_test, removes_what_crashed_writers_left_long_ago) {
    const auto old = root.path() / ".tmp/old";
    const auto young = root.path() / ".tmp/young";
    std::ofstream(old) << "half a record";
    std::ofstream(young) << "half a record";
    fs::last_write_time(old, fs::file_time_type::clock::now() - std::chrono::hours(25));
    ASSERT_TRUE(file_backing(root.path()));
    EXPECT_FALSE(fs::exists(old));
    EXPECT_TRUE(fs::exists(young));
}

TEST_F(file_backing_test, tells_why_a_directory_cannot_be_used) {
    std::ofstream(root.path() / "file") << "in the way";
    const auto opened = file_backing(root.path() / "file");
    ASSERT_FALSE(opened);
    EXPECT_EQ(opened.error().code(), errc::invalid_argument);
    EXPECT_NE(opened.error().what().find((root.path() / "file").string()), std::string::npos)
        << opened.error();
}

TEST_F(file_backing_test, says_that_nothing_was_changed_when_a_file_cannot_be_written) {
    fs::remove_all(root.path() / ".tmp");
    const auto failed = run(files->create("k", "x"));
    ASSERT_FALSE(failed);
    EXPECT_EQ(failed.error().effect(), effect::not_applied);
    EXPECT_TRUE(failed.error().cause());
}

TEST_F(file_backing_test, works_on_other_threads) {
    asio::thread_pool workers(4);
    const auto offloaded = file_backing(root.path(), workers.get_executor()).value();
    wait_for_the_kernel();
    std::vector<std::optional<result<create_outcome>>> ends(50);
    for (std::size_t i = 0; i < ends.size(); ++i)
        asio::co_spawn(
            context, offloaded->create("one/key", std::to_string(i)),
            [&ends, i](std::exception_ptr, result<create_outcome> r) { ends[i] = std::move(r); });
    settle();
    int created = 0;
    for (const auto& end : ends) created += end.value().value() == create_outcome::created ? 1 : 0;
    EXPECT_EQ(created, 1);
    EXPECT_EQ(run(offloaded->list("", "", 10))->size(), 1U);
}

}  // namespace
}  // namespace cairn::checkpoint
