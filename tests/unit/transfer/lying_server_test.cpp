#include "support/scratch.hpp"
#include "unit/s3/recorded_server.hpp"

#include <cairn/transfer.hpp>

#include <gmock/gmock.h>

#include <filesystem>

// Servers, and proxies before them, that give something else than was asked for.
namespace cairn::transfer {
namespace {

using ::testing::HasSubstr;

constexpr std::size_t object_bytes = 2500;

class lying_servers : public s3::recorded_server {
  protected:
    /// What a download in parts of 1,000 bytes comes to.
    error bad_download(std::function<std::string(const std::string& range)> body_for) {
        const auto answer = [this, body_for = std::move(body_for)](const std::string& request) {
            if (request.starts_with("HEAD"))
                return whole("Content-Length: " + std::to_string(size));
            const auto at = request.find("Range: bytes=");
            if (at == request.npos) return body_for("");
            return body_for(request.substr(at + 13, request.find('\r', at) - at - 13));
        };
        auto client =
            s3::client::create(config_for(answering(answer), test::constant_random::side::least));
        options o;
        o.part_size_bytes = 1000;
        o.max_parts_at_once = 1;
        o.file_threads = 0;
        error failed;
        {
            const manager transfers(std::move(*client), o);
            const auto ended = run(transfers.download_file("bucket", "key", to));
            EXPECT_FALSE(ended.has_value());
            if (!ended) failed = ended.error();
        }
        settle();
        EXPECT_FALSE(std::filesystem::exists(to));
        return failed;
    }
    static std::string whole(const std::string& headers, const std::string& body = {}) {
        return "HTTP/1.1 200 OK\r\nETag: \"a\"\r\n" + headers + "\r\n\r\n" + body;
    }
    static std::string part(const std::string& content_range, std::size_t size,
                            const std::string& etag = "\"a\"") {
        return "HTTP/1.1 206 Partial Content\r\nETag: " + etag +
               "\r\nContent-Range: " + content_range +
               "\r\nContent-Length: " + std::to_string(size) + "\r\n\r\n" + std::string(size, 'x');
    }

    test::scratch_directory directory;
    std::filesystem::path to = directory.path() / "out";
    std::size_t size = object_bytes;  ///< As HEAD tells it.
};

TEST_F(lying_servers, that_give_another_range_are_not_believed) {
    const auto e = bad_download([](const std::string&) { return part("bytes 1-1000/2500", 1000); });
    EXPECT_EQ(e.code(), errc::malformed_reply);
    EXPECT_THAT(e.detail(), HasSubstr("bytes 1-1000/2500"));
    EXPECT_THAT(e.operation(), HasSubstr("s3://bucket/key"));
}

TEST_F(lying_servers, that_tell_of_another_size_are_not_believed) {
    const auto e = bad_download(
        [](const std::string& range) { return part("bytes " + range + "/9999", 1000); });
    EXPECT_EQ(e.code(), errc::malformed_reply);
}

TEST_F(lying_servers, that_give_fewer_bytes_than_the_range_has_are_not_believed) {
    const auto e = bad_download(
        [](const std::string& range) { return part("bytes " + range + "/2500", 999); });
    EXPECT_EQ(e.code(), errc::malformed_reply);
}

TEST_F(lying_servers, that_give_all_of_it_for_a_range_are_not_believed) {
    const auto e = bad_download([](const std::string&) {
        return whole("Content-Length: 2500", std::string(object_bytes, 'x'));
    });
    EXPECT_EQ(e.code(), errc::malformed_reply);
    EXPECT_THAT(e.hint(), HasSubstr("ranges"));
}

TEST_F(lying_servers, that_ignore_the_condition_are_found_out_by_the_etag) {
    const auto e = bad_download(
        [](const std::string& range) { return part("bytes " + range + "/2500", 1000, "\"b\""); });
    EXPECT_EQ(e.code(), errc::precondition_failed);
    EXPECT_THAT(e.hint(), HasSubstr("replaced"));
}

TEST_F(lying_servers, whose_whole_object_has_another_length_are_not_believed) {
    size = 500;
    const std::string chunks[]{"1f3\r\n" + std::string(499, 'x') + "\r\n0\r\n\r\n",
                               "1f5\r\n" + std::string(501, 'x') + "\r\n0\r\n\r\n"};
    const std::string answers[]{whole("Content-Length: 499", std::string(499, 'x')),
                                whole("Content-Length: 501", std::string(501, 'x')),
                                whole("Transfer-Encoding: chunked", chunks[0]),
                                whole("Transfer-Encoding: chunked", chunks[1])};
    for (const auto& answer : answers) {
        const auto e = bad_download([&](const std::string&) { return answer; });
        EXPECT_TRUE(e.code() == errc::malformed_reply || e.code() == errc::connection_lost) << e;
    }
}

TEST_F(lying_servers, that_tell_no_range_are_not_believed) {
    const auto e = bad_download([](const std::string&) {
        return "HTTP/1.1 206 Partial Content\r\nETag: \"a\"\r\nContent-Length: 1000\r\n\r\n" +
               std::string(1000, 'x');
    });
    EXPECT_EQ(e.code(), errc::malformed_reply);
    EXPECT_THAT(e.detail(), HasSubstr("no range"));
}

TEST_F(lying_servers, that_give_bytes_of_an_empty_object_are_told) {
    size = 0;
    const auto e = bad_download([](const std::string&) {
        return whole("Transfer-Encoding: chunked", "1\r\nx\r\n0\r\n\r\n");
    });
    EXPECT_EQ(e.code(), errc::malformed_reply) << e;
}

}  // namespace
}  // namespace cairn::transfer
