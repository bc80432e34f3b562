#include "integration/server.hpp"
#include "support/scratch.hpp"

#include <cairn/transfer.hpp>

#include <filesystem>
#include <fstream>
#include <iterator>

// Uploads and downloads of files and streams.
namespace cairn::test {
namespace {

using ::testing::HasSubstr;
using transfer::source;

constexpr std::size_t part_bytes = 5UL << 20U;

class transfers : public server_test {
  protected:
    static transfer::options small() {
        transfer::options o;
        o.part_size_bytes = part_bytes;
        o.multipart_threshold_bytes = part_bytes;
        o.max_parts_at_once = 4;
        return o;
    }
    void SetUp() override {
        server_test::SetUp();
        bucket = create_bucket();
        manager.emplace(s3, small());
    }
    void TearDown() override {
        manager.reset();
        server_test::TearDown();
    }
    std::filesystem::path at(const std::string& name) const { return directory.path() / name; }
    std::filesystem::path write(const std::string& name, const std::string& data) const {
        std::ofstream(at(name), std::ios::binary) << data;
        return at(name);
    }
    std::string read(const std::string& name) const {
        std::ifstream file(at(name), std::ios::binary);
        return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
    }
    scratch_directory directory;
    std::optional<transfer::manager> manager;
};

/// Transfers after which no upload is left.
class ended_transfers : public transfers {
  protected:
    void TearDown() override {
        EXPECT_TRUE(good(s3.send(s3::list_multipart_uploads(bucket))).uploads.empty());
        transfers::TearDown();
    }
};

TEST_F(transfers, bring_files_there_and_back) {
    for (const std::size_t size : {std::size_t{0}, std::size_t{1}, part_bytes - 1, part_bytes,
                                   part_bytes + 1, 2 * part_bytes + 12345}) {
        const auto data = pattern(size);
        const auto up = good(manager->upload_file(write("source", data), bucket, "key"));
        EXPECT_EQ(up.size_bytes, size);
        EXPECT_EQ(up.parts, size < part_bytes ? 0U : (size + part_bytes - 1) / part_bytes);
        EXPECT_EQ(good(s3.head_object(bucket, "key")).etag, up.etag);
        const auto down = good(manager->download_file(bucket, "key", at("out")));
        EXPECT_EQ(down.size_bytes, size);
        EXPECT_EQ(down.etag, up.etag);
        EXPECT_TRUE(read("out") == data) << size;
    }
}

TEST_F(transfers, verify_checksums_of_parts) {
    const auto data = pattern(2 * part_bytes + 12345);
    for (const std::string algorithm : {"SHA256", "CRC64NVME"}) {
        transfer::upload up(source::view(data), bucket, "key");
        up.object.checksum_algorithm = algorithm;
        good(manager->send(std::move(up)));
        transfer::download down(bucket, "key", at("out"));
        down.part_size_bytes = 3UL << 20U;
        EXPECT_TRUE(good(manager->send(std::move(down))).verified) << algorithm;
        EXPECT_TRUE(read("out") == data);
    }
}

TEST_F(transfers, keep_what_describes_the_object) {
    for (const std::size_t size : {std::size_t{10}, part_bytes + 10}) {
        transfer::upload request(source::bytes(pattern(size)), bucket, "key");
        request.object.content_type = "text/x-test";
        request.object.metadata["color"] = "blue";
        good(manager->send(std::move(request)));
        const auto stored = good(s3.head_object(bucket, "key"));
        EXPECT_EQ(stored.content_type, "text/x-test");
        EXPECT_EQ(stored.metadata.at("color"), "blue");
    }
}

// What is read of one object is written to the other.
TEST_F(transfers, pipe_one_object_into_another) {
    const auto data = pattern(2 * part_bytes + 12345);
    good(manager->send({source::view(data), bucket, "one"}));
    auto opened = good(manager->open(bucket, "one"));
    const auto stored =
        good(manager->send({source::stream(std::move(opened.body)), bucket, "other"}));
    EXPECT_EQ(stored.size_bytes, data.size());
    EXPECT_TRUE(get("other") == data);
}

TEST_F(ended_transfers, go_on_with_an_upload) {
    const auto data = pattern(2 * part_bytes + 12345);
    transfer::upload first(source::file(write("source", data)), bucket, "key");
    first.resume_file = at("token");
    first.on_progress = [&](const transfer::progress& p) {
        if (p.bytes == p.total_bytes)
            std::filesystem::last_write_time(at("source"), std::filesystem::file_time_type{});
    };
    const auto old = std::filesystem::last_write_time(at("source"));
    EXPECT_THAT(bad(manager->send(std::move(first))).detail(), HasSubstr("changed"));
    std::filesystem::last_write_time(at("source"), old);
    bool sent_again = false;
    transfer::upload second(source::file(at("source")), bucket, "key");
    second.resume_file = at("token");
    second.on_progress = [&](const transfer::progress& p) { sent_again |= p.bytes != data.size(); };
    EXPECT_EQ(good(manager->send(std::move(second))).parts, 3U);
    EXPECT_FALSE(sent_again);
    EXPECT_TRUE(get("key") == data);
    EXPECT_FALSE(std::filesystem::exists(at("token")));
}

TEST_F(ended_transfers, leave_nothing_of_an_upload_that_fails) {
    transfer::upload request(source::file(write("source", pattern(2 * part_bytes))), bucket, "key");
    request.on_progress = [&](const transfer::progress&) {
        std::filesystem::last_write_time(at("source"), std::filesystem::file_time_type{});
    };
    bad(manager->send(std::move(request)));
    EXPECT_EQ(bad(s3.head_object(bucket, "key")).code(), errc::not_found);
}

TEST_F(ended_transfers, create_an_object_in_parts_only_if_there_is_none) {
    const auto data = pattern(part_bytes + 1);
    const auto create = [&] {
        transfer::upload request(source::view(data), bucket, "key");
        request.object.if_none_match = "*";
        return manager->send(std::move(request));
    };
    good(create());
    EXPECT_EQ(bad(create()).code(), errc::precondition_failed);
}

TEST_F(ended_transfers, are_whole) {
    good(manager->send({source::bytes(pattern(part_bytes + 1)), bucket, "key"}));
    good(manager->send({source::bytes("small"), bucket, "small"}));
}

TEST_F(transfers, of_an_object_that_is_not_there_say_so) {
    const auto e = bad(manager->download_file(bucket, "none", at("out")));
    EXPECT_EQ(e.code(), errc::not_found);
    EXPECT_THAT(e.what(), HasSubstr("s3://" + bucket + "/none"));
    EXPECT_FALSE(std::filesystem::exists(at("out.cairn-part")));
}

}  // namespace
}  // namespace cairn::test
