#include "transfer/journal.hpp"
#include "transfer/local_file.hpp"
#include "unit/transfer/fixture.hpp"

#include <cerrno>
#include <csignal>
#include <sys/resource.h>

// Destinations that fill up: /dev/full has no room, and a process may be forbidden to make long
// files, whoever runs it.
namespace cairn::transfer {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

/// While it lives, no file can be written beyond so many bytes.
class room {
  public:
    explicit room(rlim_t bytes) : handler_(std::signal(SIGXFSZ, SIG_IGN)) {
        ::getrlimit(RLIMIT_FSIZE, &before_);
        auto now = before_;
        now.rlim_cur = bytes;
        ::setrlimit(RLIMIT_FSIZE, &now);
    }
    ~room() {
        ::setrlimit(RLIMIT_FSIZE, &before_);
        std::signal(SIGXFSZ, handler_);
    }
    room(const room&) = delete;
    room& operator=(const room&) = delete;

  private:
    void (*handler_)(int);
    rlimit before_{};
};

class full_disks : public transfer_test {
  protected:
    void put(const std::string& data) {
        good(transfers.send({source::view(data), "bucket", "key"}));
    }
    download to_file() const { return {"bucket", "key", at("out")}; }
    static void expect_told(const error& e, int cause, const std::filesystem::path& path) {
        EXPECT_EQ(e.code(), errc::body_failed) << e;
        EXPECT_EQ(e.cause(), error_code(cause, boost::system::system_category())) << e;
        EXPECT_THAT(e.what(), HasSubstr(path.string()));
        EXPECT_FALSE(e.hint().empty()) << e;
    }
};

TEST_F(full_disks, leave_what_was_there_before) {
    for (const std::size_t size : {500, 9500}) {
        put(content(size));
        write("out", "old");
        {
            const room little(400);
            expect_told(bad(transfers.send(to_file())), EFBIG, at("out.cairn-part"));
        }
        EXPECT_EQ(read("out"), "old") << size;
        std::filesystem::remove(at("out.cairn-part.json"));
        EXPECT_EQ(good(transfers.send(to_file())).size_bytes, size);
        EXPECT_TRUE(read("out") == content(size));
        EXPECT_THAT(files(), ElementsAre("out"));
    }
}

TEST_F(full_disks, that_were_so_on_the_way_lose_nothing_that_has_arrived) {
    put(content(9500));
    std::optional<room> little;
    auto request = to_file();
    request.on_progress = [&](const progress& p) {
        if (p.bytes >= 4000 && !little) little.emplace(5200);
    };
    const auto e = bad(transfers.send(std::move(request)));
    little.reset();
    expect_told(e, EFBIG, at("out.cairn-part"));
    EXPECT_THAT(files(), ElementsAre("out.cairn-part", "out.cairn-part.json"));
    const auto got = good(transfers.send(to_file()));
    EXPECT_GE(got.resumed_bytes, 2000u);
    EXPECT_TRUE(got.verified);
    EXPECT_TRUE(read("out") == content(9500));
    EXPECT_THAT(files(), ElementsAre("out"));
}

TEST_F(full_disks, for_the_note_of_a_download_say_so) {
    put(content(9500));
    std::optional<room> little(std::in_place, 20);
    const auto e = bad(transfers.send(to_file()));
    little.reset();
    expect_told(e, EFBIG, at("out.cairn-part.json"));
    EXPECT_THAT(files(), ElementsAre());
}

TEST_F(full_disks, leave_nothing_of_what_is_decompressed) {
    upload compressed(source::bytes(content(2500)), "bucket", "key");
    compressed.compression = codec::zstd_options(1);
    good(transfers.send(std::move(compressed)));
    auto request = to_file();
    request.decompression.emplace();
    {
        const room little(400);
        expect_told(bad(transfers.send(std::move(request))), EFBIG, at("out.cairn-part"));
    }
    EXPECT_THAT(files(), ElementsAre());
}

TEST_F(full_disks, begin_no_upload_that_could_not_be_resumed) {
    upload request(source::file(write("source", content(4500))), "bucket", "key");
    request.resume_file = at("token");
    {
        const room little(10);
        expect_told(bad(transfers.send(std::move(request))), EFBIG, at("token"));
    }
    EXPECT_EQ(asked("UploadPart"), 0u);
    EXPECT_EQ(s3.uploads("bucket"), 0u);
    EXPECT_THAT(files(), ElementsAre("source"));
}

TEST_F(full_disks, are_no_matter_of_what_stands_in_the_way) {
    put(content(9500));
    auto request = to_file();
    request.on_progress = [this](const progress&) { std::filesystem::create_directory(at("out")); };
    const auto e = bad(transfers.send(std::move(request)));
    EXPECT_EQ(e.code(), errc::body_failed);
    EXPECT_THAT(e.what(), HasSubstr(at("out").string() + " can't be replaced"));
    std::filesystem::remove(at("out"));
    EXPECT_EQ(good(transfers.send(to_file())).resumed_bytes, 9500u);
    EXPECT_TRUE(read("out") == content(9500));
}

// A note that has not found room, or whose writer died on it, is none; those before it are.
TEST_F(full_disks, cut_notes_short) {
    const journal_of what{"\"etag\"", 9500, 1000};
    {
        auto begun = journal::create(at("note"), what).value();
        ASSERT_TRUE(begun.note(3, "abc="));
        const room little(std::filesystem::file_size(at("note")) + 5);
        const auto cut = begun.note(4, "def=");
        expect_told(cut.error(), EFBIG, at("note"));
    }
    EXPECT_EQ(journal::read(at("note"), what)->size(), 1u);
    {
        auto again = journal::append_to(at("note")).value();
        ASSERT_TRUE(again.note(4, "def="));
    }
    const auto found = journal::read(at("note"), what).value();
    EXPECT_THAT(found, ElementsAre(::testing::Pair(3u, "abc="), ::testing::Pair(4u, "def=")));
}

}  // namespace
}  // namespace cairn::transfer
