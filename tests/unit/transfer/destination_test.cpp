#include "unit/transfer/fixture.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace cairn::transfer {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
namespace fs = std::filesystem;

/// Downloads as they are, and ones that decompress.
class destinations : public transfer_test, public ::testing::WithParamInterface<bool> {
  protected:
    destinations() { good(transfers.send({source::bytes(data), "bucket", "key"})); }
    download to(const fs::path& path) const {
        download request("bucket", "key", path);
        if (GetParam()) request.decompression.emplace();
        return request;
    }
    void bring(const fs::path& path) { good(transfers.send(to(path))); }
    error refused(const fs::path& path) {
        const auto before = s3.log().size();
        const auto there = files();
        const auto e = bad(transfers.send(to(path)));
        EXPECT_EQ(e.code(), errc::body_failed) << e;
        EXPECT_THAT(e.what(), HasSubstr(path.string()));
        EXPECT_EQ(s3.log().size(), before) << e;
        EXPECT_EQ(files(), there);
        return e;
    }

    const std::string data = content(2500);
};

INSTANTIATE_TEST_SUITE_P(as_it_is_and_decompressed, destinations, ::testing::Bool());

TEST_P(destinations, that_are_directories_are_refused_before_anything_is_asked_for) {
    fs::create_directory(at("dir"));
    fs::create_symlink("dir", at("link"));
    fs::create_symlink("none/", at("nowhere"));
    for (const auto& path : {at("dir"), at("dir/"), at("dir/.."), at("link"), at("link/"),
                             at("none/"), at("nowhere"), fs::path(), fs::path(".")})
        EXPECT_THAT(refused(path).hint(), HasSubstr("file in it"));
}

TEST_P(destinations, that_are_no_files_are_refused_before_anything_is_asked_for) {
    ASSERT_EQ(::mkfifo(at("pipe").c_str(), 0600), 0);
    fs::create_symlink("pipe", at("link"));
    for (const auto& path : {at("pipe"), at("link"), fs::path("/dev/null")})
        EXPECT_THAT(refused(path).hint(), HasSubstr("cairn cat"));
    write("file", "");
    fs::create_symlink("loop", at("loop"));
    refused(at("file") / "out");
    refused(at("loop"));
}

// Whoever has it open would go on with a file that has no name any more.
TEST_P(destinations, that_are_open_files_are_refused) {
    std::ofstream(at("log")) << "header\n";
    const int fd = ::open(at("log").c_str(), O_WRONLY | O_APPEND | O_CLOEXEC);
    ASSERT_GE(fd, 0);
    const auto number = std::to_string(fd);
    fs::create_symlink("/dev/fd/" + number, at("link"));
    for (const fs::path& path :
         {fs::path("/proc/self/fd/" + number), fs::path("/dev/fd/" + number), at("link")})
        EXPECT_THAT(refused(path).hint(), HasSubstr("cairn cat"));
    ::close(fd);
    EXPECT_EQ(read("log"), "header\n");
}

TEST_P(destinations, that_are_links_are_followed) {
    fs::create_directory(at("dir"));
    fs::create_symlink("dir/second", at("first"));
    fs::create_symlink("../file", at("dir/second"));
    for (const bool is_there : {false, true}) {
        bring(at("first"));
        EXPECT_TRUE(read("file") == data) << is_there;
        EXPECT_TRUE(fs::is_symlink(at("first")));
        EXPECT_THAT(files(), ElementsAre("dir", "file", "first"));
        write("file", "old");
    }
    fs::create_symlink(at("file"), at("absolute"));
    bring(at("absolute"));
    EXPECT_TRUE(read("file") == data);
}

// So that it can be given its name in one step, whatever file system the link is on.
TEST_P(destinations, that_are_links_are_written_beside_what_they_link_to) {
    fs::create_directory(at("dir"));
    fs::create_symlink("dir/file", at("link"));
    auto request = to(at("link"));
    bool seen = false;
    request.on_progress = [&](const progress&) { seen |= fs::exists(at("dir/file.cairn-part")); };
    good(transfers.send(std::move(request)));
    EXPECT_TRUE(seen);
}

TEST_P(destinations, keep_their_permissions) {
    for (const ::mode_t mode : {0600U, 0640U, 0755U, 0666U}) {
        write("out", "old");
        ASSERT_EQ(::chmod(at("out").c_str(), mode), 0);
        bring(at("out"));
        struct stat info{};
        ASSERT_EQ(::stat(at("out").c_str(), &info), 0);
        EXPECT_EQ(info.st_mode & 07777U, mode);
        EXPECT_TRUE(read("out") == data);
    }
}

TEST_P(destinations, are_as_private_until_they_are_whole) {
    write("out", "old");
    ASSERT_EQ(::chmod(at("out").c_str(), 0400), 0);
    auto request = to(at("out"));
    ::mode_t seen = 0;
    request.on_progress = [&](const progress&) {
        struct stat info{};
        if (::stat(at("out.cairn-part").c_str(), &info) == 0) seen |= info.st_mode & 07777U;
    };
    good(transfers.send(std::move(request)));
    EXPECT_EQ(seen, 0600U);
}

TEST_P(destinations, take_the_time_that_is_said) {
    for (const std::int64_t micros : {1'700'000'000'123'456L, 0L, -1'500'000L}) {
        auto request = to(at("out"));
        request.modified = s3::timestamp(std::chrono::microseconds(micros));
        const auto when = request.modified;
        good(transfers.send(std::move(request)));
        EXPECT_EQ(list_files(directory.path()).value().entries.at(0).modified, when);
    }
}

TEST_P(destinations, get_their_folders_if_that_is_said) {
    const auto path = at("a") / "b" / "out";
    EXPECT_THAT(bad(transfers.send(to(path))).what(), HasSubstr("No such file"));
    auto missing = to(path);
    missing.make_folders = true;
    missing.object.key = "none";
    bad(transfers.send(std::move(missing)));
    EXPECT_THAT(files(), ElementsAre());
    auto request = to(path);
    request.make_folders = true;
    good(transfers.send(request));
    EXPECT_TRUE(read("a/b/out") == data);
    write("file", "");
    request.to = at("file") / "sub" / "out";
    EXPECT_EQ(bad(transfers.send(request)).code(), errc::body_failed);
    EXPECT_EQ(read("file"), "");
    fs::create_symlink("none/out", at("link"));
    request.to = at("link");
    EXPECT_EQ(bad(transfers.send(request)).code(), errc::body_failed);
    EXPECT_FALSE(fs::exists(at("none")));
}

}  // namespace
}  // namespace cairn::transfer
