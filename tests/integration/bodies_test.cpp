#include "integration/memory.hpp"
#include "integration/server.hpp"
#include "support/scratch.hpp"

#include <cairn/core/bytes.hpp>
#include <cairn/wire/signing.hpp>

#include <algorithm>
#include <fstream>
#include <functional>
#include <memory>

namespace cairn::test {
namespace {

constexpr std::size_t mebibyte = 1024 * 1024;

/// A body of many pieces, of which one exists at a time.
class pieces {
  public:
    explicit pieces(std::size_t size, std::size_t piece_size = 256 * 1024 + 7)
        : size_(size), piece_size_(piece_size) {}

    /// As an upload of `declared` bytes.
    body::source source(std::size_t declared, bool can_restart) {
        body::generate next = [this] { return this->next(); };
        if (!can_restart) return body::generator(declared, std::move(next));
        return body::generator(declared, std::move(next), [this] { offset_ = 0; });
    }
    body::source source(bool can_restart) { return source(size_, can_restart); }

    /// Bytes given so far.
    std::size_t given() const noexcept { return offset_; }

    /// Whether `data` is what is at `offset`.
    static bool is_at(std::size_t offset, std::string_view data) {
        for (std::size_t i = 0; i < data.size(); ++i)
            if (data[i] != byte_at(offset + i)) return false;
        return true;
    }

  private:
    static char byte_at(std::size_t i) {
        return static_cast<char>(i * 31 + i / 4096 + i / 1000003);
    }

    awaitable<result<asio::const_buffer>> next() {
        piece_.resize(std::min(piece_size_, size_ - offset_));
        for (auto& c : piece_) c = byte_at(offset_++);
        co_return asio::buffer(piece_);
    }

    std::size_t size_;
    std::size_t piece_size_;
    std::size_t offset_ = 0;
    std::string piece_;
};

class bodies : public server_test {
  protected:
    /// Reads an object piece by piece and compares it with what `pieces` gives.
    void expect_pieces(const std::string& key, std::size_t size) {
        auto got = good(s3.get_object(bucket, key));
        EXPECT_EQ(got.body.remaining(), size);
        std::string piece(300 * 1000, '\0');
        std::size_t offset = 0;
        bool same = true;
        while (const auto n = good(got.body.read_some(asio::buffer(piece)))) {
            same = same && pieces::is_at(offset, std::string_view(piece).substr(0, n));
            offset += n;
        }
        EXPECT_TRUE(same);
        EXPECT_EQ(offset, size);
        EXPECT_EQ(got.body.remaining(), 0u);
        EXPECT_EQ(good(got.body.read_some(asio::buffer(piece))), 0u) << "and stays at its end";
    }
    void expect_nothing_stored(const std::string& key) {
        EXPECT_EQ(bad(s3.get_object(bucket, key)).code(), errc::not_found);
    }
};

TEST_F(bodies, of_one_byte) {
    put("k", "x");
    EXPECT_EQ(get("k"), "x");
}

TEST_F(bodies, of_all_bytes_there_are) {
    std::string all;
    for (int i = 0; i < 256; ++i) all += static_cast<char>(i);
    put("k", all);
    EXPECT_EQ(get("k"), all);
}

TEST_F(bodies, of_five_mebibytes) {
    const auto content = pattern(5 * mebibyte);
    put("k", body::view(content));
    EXPECT_TRUE(get("k") == content);
}

// About the sizes at which a body stops fitting beside its head.
TEST_F(bodies, of_sizes_about_those_of_buffers) {
    for (const std::size_t edge : {4096, 16 * 1024, 64 * 1024, 256 * 1024, 2 * 1024 * 1024})
        for (const auto size : {edge - 1, edge, edge + 1}) {
            const auto content = pattern(size, static_cast<unsigned>(size));
            put("k", body::view(content));
            EXPECT_TRUE(get("k") == content) << size;
        }
}

TEST_F(bodies, of_any_size_take_little_memory) {
    constexpr std::size_t size = 64 * mebibyte;
    for (const bool can_restart : {true, false}) {
        const memory_watch memory;
        pieces made(size);
        put("large", made.source(can_restart));
        expect_pieces("large", size);
        EXPECT_LT(memory.growth_bytes(), 16 * mebibyte);
    }
}

TEST_F(bodies, made_in_pieces_can_be_signed) {
    auto config = server_config();
    config.payload_signing = s3::payload_signing::always;
    const auto client = connect(std::move(config));
    for (const bool can_restart : {true, false}) {
        pieces made(3 * mebibyte);
        good(client.put_object(bucket, "k", made.source(can_restart)));
        expect_pieces("k", 3 * mebibyte);
    }
}

TEST_F(bodies, can_go_unsigned) {
    auto config = server_config();
    config.payload_signing = s3::payload_signing::never;
    const auto client = connect(std::move(config));
    good(client.put_object(bucket, "k", "hello"));
    EXPECT_EQ(get("k"), "hello");
}

TEST_F(bodies, of_another_length_than_content_length_are_refused) {
    s3::put_object request(bucket, "k");
    request.body = "hello";
    request.content_length = 6;
    EXPECT_TRUE(is_error(bad(s3.send(std::move(request))), errc::invalid_argument,
                         effect::not_applied, {path_of(bucket, "k"), "ContentLength is 6", "5"}));
    expect_nothing_stored("k");
}

TEST_F(bodies, beyond_the_limit_of_a_reader_are_an_error) {
    put("k", "hello");
    auto got = good(s3.get_object(bucket, "k"));
    EXPECT_EQ(bad(got.body.read_all(4)).code(), errc::limit_exceeded);
    EXPECT_EQ(get("k"), "hello");
}

TEST_F(bodies, dropped_half_read_disturb_nobody) {
    const auto content = pattern(5 * mebibyte);
    put("large", body::view(content));
    put("small", "hello");
    for (int i = 0; i < 3; ++i) {
        auto got = good(s3.get_object(bucket, "large"));
        std::string piece(1000, '\0');
        EXPECT_GT(good(got.body.read_some(asio::buffer(piece))), 0u);
    }
    EXPECT_EQ(get("small"), "hello");
    EXPECT_TRUE(get("large") == content);
}

TEST_F(bodies, read_in_pieces_of_any_size_are_the_same) {
    const auto content = pattern(100 * 1000);
    put("k", body::view(content));
    for (const std::size_t size : {99u, 4096u, 65536u, 1000000u}) {
        auto got = good(s3.get_object(bucket, "k"));
        std::string piece(size, '\0');
        std::string read;
        while (const auto n = good(got.body.read(asio::buffer(piece)))) read.append(piece, 0, n);
        EXPECT_TRUE(read == content) << size;
    }
}

// --- Files ------------------------------------------------------------------------------------

class files : public bodies {
  protected:
    std::filesystem::path write(const std::string& name, std::string_view content) {
        auto path = folder.path() / name;
        std::ofstream(path, std::ios::binary) << content;
        return path;
    }
    static std::string read(const std::filesystem::path& path) {
        std::ifstream in(path, std::ios::binary);
        return {std::istreambuf_iterator<char>(in), {}};
    }

    scratch_directory folder;
};

TEST_F(files, go_up_and_come_down) {
    const auto content = pattern(3 * mebibyte + 17);
    const auto up = write("up", content);
    put("k", body::file(up));
    auto got = good(s3.get_object(bucket, "k"));
    const auto down = folder.path() / "down";
    EXPECT_EQ(good(got.body.save(down)), content.size());
    EXPECT_TRUE(read(down) == content);
    const std::filesystem::directory_iterator all(folder.path());
    EXPECT_EQ(std::distance(begin(all), end(all)), 2) << "something is left beside up and down";
}

TEST_F(files, that_are_empty_go_up_and_come_down) {
    put("k", body::file(write("up", "")));
    auto got = good(s3.get_object(bucket, "k"));
    const auto down = write("down", "what was there before");
    EXPECT_EQ(good(got.body.save(down)), 0u);
    EXPECT_EQ(read(down), "");
}

TEST_F(files, that_do_not_exist_are_named) {
    const auto path = folder.path() / "missing";
    EXPECT_TRUE(is_error(bad(s3.put_object(bucket, "k", body::file(path))), errc::body_failed,
                         effect::not_applied,
                         {"PutObject " + path_of(bucket, "k"), path.string(), "No such file"}));
    expect_nothing_stored("k");
}

TEST_F(files, that_are_folders_are_named) {
    EXPECT_TRUE(is_error(bad(s3.put_object(bucket, "k", body::file(folder.path()))),
                         errc::body_failed, effect::not_applied,
                         {path_of(bucket, "k"), folder.path().string(), "not a regular file"}));
    expect_nothing_stored("k");
}

TEST_F(files, that_can_not_be_written_leave_what_was_there) {
    put("k", "new");
    auto got = good(s3.get_object(bucket, "k"));
    const auto nowhere = folder.path() / "missing" / "down";
    const auto e = bad(got.body.save(nowhere));
    EXPECT_EQ(e.code(), errc::body_failed);
    EXPECT_THAT(e.what(), ::testing::HasSubstr(nowhere.string()));
}

// --- Uploads that break off
// -----------------------------------------------------------------------

class broken_uploads;

struct broken_upload {
    std::string name;
    std::function<body::source(broken_uploads&)> make;
    std::vector<std::string> says;
};

void PrintTo(const broken_upload& upload, std::ostream* out) {
    *out << upload.name;
}

class broken_uploads : public files, public ::testing::WithParamInterface<broken_upload> {
  public:
    body::source pieces_declared_as(std::size_t size, std::size_t declared) {
        made_ = std::make_unique<pieces>(size);
        return made_->source(declared, false);
    }
    body::source pieces_that_fail() {
        return body::generator(3 * mebibyte,
                               [this, n = 0]() mutable -> awaitable<result<asio::const_buffer>> {
                                   return failing(n++);
                               });
    }
    body::source resized_file(std::size_t from, std::size_t to) {
        const auto path = write("resized", pattern(from));
        auto source = body::file(path);
        std::filesystem::resize_file(path, to);
        return source;
    }

  protected:
    error upload() { return bad(s3.put_object(bucket, "broken", GetParam().make(*this))); }

  private:
    awaitable<result<asio::const_buffer>> failing(int n) {
        if (n > 0) co_return error(errc::body_failed, "the tape is torn");
        co_return asio::buffer(piece_);
    }

    const std::string piece_ = std::string(mebibyte, 'x');
    std::unique_ptr<pieces> made_;
};

std::vector<broken_upload> all_broken_uploads() {
    return {
        {"short", [](auto& t) { return t.pieces_declared_as(1000, 1001); }, {"shorter", "1001"}},
        {"long", [](auto& t) { return t.pieces_declared_as(1000, 999); }, {"longer", "999"}},
        {"large_and_short",
         [](auto& t) { return t.pieces_declared_as(3 * mebibyte, 4 * mebibyte); },
         {"shorter", "4194304"}},
        {"large_and_long",
         [](auto& t) { return t.pieces_declared_as(4 * mebibyte, 3 * mebibyte); },
         {"longer", "3145728"}},
        {"failing", [](auto& t) { return t.pieces_that_fail(); }, {"the tape is torn"}},
        {"shrinking_file",
         [](auto& t) { return t.resized_file(3 * mebibyte, mebibyte); },
         {"/resized", "shorter"}},
        {"growing_file",
         [](auto& t) { return t.resized_file(mebibyte, 2 * mebibyte); },
         {"longer", "1048576"}},
    };
}

TEST_P(broken_uploads, fail_and_the_client_goes_on) {
    const auto e = upload();
    EXPECT_TRUE(is_error(e, errc::body_failed, effect::not_applied,
                         {"PutObject " + path_of(bucket, "broken"), "nothing was changed"}));
    EXPECT_TRUE(is_error(e, errc::body_failed, effect::not_applied, GetParam().says));
    put("after", "the client goes on");
    EXPECT_EQ(get("after"), "the client goes on");
}

TEST_P(broken_uploads, store_nothing) {
    upload();
    expect_nothing_stored("broken");
}

INSTANTIATE_TEST_SUITE_P(all, broken_uploads, ::testing::ValuesIn(all_broken_uploads()),
                         [](const auto& each) { return each.param.name; });

}  // namespace
}  // namespace cairn::test
