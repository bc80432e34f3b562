#include "support/scratch.hpp"
#include "transfer/part_plan.hpp"
#include "unit/transfer/scripted_s3.hpp"

#include <cairn/core/bytes.hpp>

#include <algorithm>
#include <filesystem>
#include <fstream>

// What is at S3's limits, by the requests that are sent: nobody has such objects.
namespace cairn::transfer {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::UnorderedElementsAre;

constexpr std::uint64_t gib = 1ULL << 30U;
// S3 takes at most so many bytes by PutObject, UploadPart, CopyObject and UploadPartCopy.
constexpr std::uint64_t most_a_request = 5 * gib;

class huge_objects : public scripted_s3 {
  protected:
    result<copy_output> copied(std::uint64_t size) {
        has_bytes(size);
        requests.clear();
        return send(copy("bucket", "source", "bucket", "copy"));
    }
    /// The stretches of the source that were asked for, in order.
    std::vector<byte_range> ranges() const {
        std::vector<byte_range> found;
        for (const auto& each : asked("partNumber=")) {
            const auto text = field(each, "x-amz-copy-source-range");  // bytes=FIRST-LAST
            const auto hyphen = text.find('-');
            const auto first = parse_u64(text.substr(6, hyphen - 6)).value();
            const auto last = parse_u64(text.substr(hyphen + 1)).value();
            found.push_back({first, last + 1 - first});
        }
        std::ranges::sort(found, {}, &byte_range::offset);
        return found;
    }
    /// Expects that they are all of an object, within S3's limits; gives the size of the first.
    static std::uint64_t expect_all(const std::vector<byte_range>& parts, std::uint64_t size) {
        EXPECT_LE(parts.size(), 10'000u);
        std::uint64_t end = 0;
        for (const auto& each : parts) {
            EXPECT_EQ(each.offset, end);
            EXPECT_GT(each.size, 0u);
            EXPECT_LE(each.size, most_a_request);
            end = each.end();
        }
        EXPECT_EQ(end, size);
        return parts.empty() ? 0 : parts.front().size;
    }
    /// A file of so many bytes that takes no room.
    std::filesystem::path hole(std::uint64_t size) const {
        const auto path = directory.path() / "hole";
        std::ofstream(path).close();
        std::filesystem::resize_file(path, size);
        return path;
    }
    /// Refuses all requests, those with a body before it comes.
    void refuse_all(const options& chosen) {
        const auto refuse = [this](test::peer& at, int) -> awaitable<void> {
            requests.push_back(co_await at.read_head());
            const bool looked = requests.back().starts_with("HEAD");
            auto answer = looked ? "HTTP/1.1 200 OK\r\n" + object + "Connection: close\r\n\r\n"
                                 : test::reply(403, {}, "Connection: close\r\n");
            co_await at.send(std::move(answer));
        };
        connect(refuse, chosen);
    }

    test::scratch_directory directory;
};

TEST_F(huge_objects, of_5_GiB_are_copied_by_one_request_and_no_larger_ones) {
    EXPECT_EQ(copied(most_a_request).value().parts, 0u);
    EXPECT_THAT(asked("PUT"), ElementsAre(HasSubstr("PUT /bucket/copy HTTP")));
    EXPECT_EQ(copied(most_a_request + 1).value().size_bytes, most_a_request + 1);
    EXPECT_EQ(expect_all(ranges(), most_a_request + 1), 128ULL << 20U);
    EXPECT_EQ(asked("PUT").size(), ranges().size());
    EXPECT_EQ(asked("POST").size(), 2u);
}

// Whatever a user has chosen.
TEST_F(huge_objects, are_never_copied_by_one_request_where_S3_would_refuse_it) {
    auto chosen = without_threads();
    chosen.copy_threshold_bytes = 100 * gib;
    const auto client = transfers->client();
    transfers.emplace(client, chosen);
    has_bytes(most_a_request + 1);
    copy request("bucket", "source", "bucket", "copy");
    request.part_size_bytes = 100 * gib;
    EXPECT_EQ(send(std::move(request)).value().parts, 2u);
    EXPECT_EQ(expect_all(ranges(), most_a_request + 1), most_a_request);
}

TEST_F(huge_objects, are_copied_in_no_more_parts_than_S3_takes) {
    constexpr std::uint64_t usual = 128ULL << 20U;
    EXPECT_EQ(copied(10'000 * usual).value().parts, 10'000u);
    EXPECT_EQ(expect_all(ranges(), 10'000 * usual), usual);
    EXPECT_LT(copied(10'000 * usual + 1).value().parts, 10'000u);
    EXPECT_EQ(expect_all(ranges(), 10'000 * usual + 1), usual + (1ULL << 20U));
}

TEST_F(huge_objects, that_S3_can_not_have_are_not_begun) {
    const auto too_large = copied(max_object_bytes + 1);
    EXPECT_EQ(too_large.error().code(), errc::invalid_argument);
    EXPECT_EQ(requests.size(), 1u);
    const auto pipe = [] { return body::reader(); };
    requests.clear();
    const auto stream = send(upload(source::stream(pipe(), max_object_bytes + 1), "bucket", "key"));
    EXPECT_EQ(stream.error().code(), errc::invalid_argument);
    EXPECT_THAT(stream.error().detail(), HasSubstr("more than an S3 object can have"));
    EXPECT_TRUE(requests.empty());
}

TEST_F(huge_objects, are_uploaded_by_one_request_only_below_5_GiB) {
    auto chosen = without_threads();
    chosen.multipart_threshold_bytes = 100 * gib;
    refuse_all(chosen);
    send(upload(source::file(hole(most_a_request - 1)), "bucket", "key"));
    EXPECT_EQ(line(requests.at(0)), "PUT /bucket/key");
    EXPECT_EQ(field(requests.at(0), "x-amz-decoded-content-length"), "5368709119");
    requests.clear();
    send(upload(source::file(hole(most_a_request)), "bucket", "key"));
    ASSERT_EQ(requests.size(), 1u);
    EXPECT_EQ(line(requests.at(0)), "POST /bucket/key?uploads");
}

TEST_F(huge_objects, are_downloaded_beyond_what_32_bits_count) {
    auto chosen = without_threads();
    chosen.part_size_bytes = 100 * gib;
    refuse_all(chosen);
    has_bytes(most_a_request + 2);
    const auto ended = send(download("bucket", "key", directory.path() / "out"));
    EXPECT_EQ(ended.error().code(), errc::access_denied);
    std::vector<std::string> parts;
    for (const auto& each : asked("GET")) parts.push_back(field(each, "Range"));
    EXPECT_THAT(parts, UnorderedElementsAre("bytes=0-5368709119", "bytes=5368709120-5368709121"));
    EXPECT_EQ(std::filesystem::file_size(directory.path() / "out.cairn-part"), most_a_request + 2);
}

}  // namespace
}  // namespace cairn::transfer
