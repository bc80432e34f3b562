#include "unit/transfer/fixture.hpp"

// Checksums of parts' checksums, which have to be computed over the parts as they were uploaded.
namespace cairn::transfer {
namespace {

using ::testing::ElementsAre;
using testing::s3_fault;

class composite_checksums : public transfer_test {
  protected:
    composite_checksums() {
        auto o = small();
        o.part_size_bytes = 700;
        others = manager(client, o);
    }
    void TearDown() override {
        others = manager(s3::client::create(config(net, time)).value());
        transfer_test::TearDown();
    }

    void put(std::size_t size, const std::string& algorithm) {
        upload request(source::bytes(content(size)), "bucket", "key");
        request.object.checksum_algorithm = algorithm;
        EXPECT_GT(good(transfers.send(std::move(request))).parts, 1U);
    }
    void damage_one_body() {
        const auto from = asked("GetObject");
        s3.follow([from](const testing::s3_call& call) {
            return call.operation == "GetObject" && call.nth == from + 1
                       ? s3_fault::corrupted_body(7)
                       : s3_fault();
        });
    }
    /// As a server does that doesn't know "partNumber".
    void refuse_part_numbers() {
        s3.follow([this](const testing::s3_call& call) {
            const bool second = call.operation == "HeadObject" && heads_++ % 2 == 1;
            return second ? s3_fault::refusal(501, "NotImplemented") : s3_fault();
        });
    }

    /// Has parts of another size than what it reads was uploaded in.
    manager others{client, small()};

  private:
    std::size_t heads_ = 0;
};

TEST_F(composite_checksums, are_verified_in_files) {
    for (const std::string algorithm : {"SHA256", "SHA1"}) {
        for (const std::size_t size : {2000, 2001, 2999, 3000}) {
            put(size, algorithm);
            const auto got = good(others.download_file("bucket", "key", at("out")));
            EXPECT_TRUE(got.verified) << algorithm << size;
            EXPECT_EQ(read("out"), content(size));
        }
    }
}

TEST_F(composite_checksums, are_verified_in_streams) {
    put(2500, "SHA256");
    s3::get_object request("bucket", "key");
    auto opened = good(others.open(std::move(request)));
    EXPECT_EQ(good(opened.body.read_all(10'000)), content(2500));
    damage_one_body();
    auto damaged = good(others.open(s3::get_object("bucket", "key")));
    EXPECT_EQ(bad(damaged.body.read_all(10'000)).code(), errc::checksum_mismatch);
}

TEST_F(composite_checksums, of_damaged_downloads_differ) {
    put(2500, "SHA256");
    damage_one_body();
    EXPECT_EQ(bad(others.download_file("bucket", "key", at("out"))).code(),
              errc::checksum_mismatch);
    EXPECT_THAT(files(), ElementsAre());
}

TEST_F(composite_checksums, are_left_where_the_server_tells_no_part_size) {
    put(2500, "SHA256");
    refuse_part_numbers();
    EXPECT_FALSE(good(others.download_file("bucket", "key", at("out"))).verified);
    auto opened = good(others.open(s3::get_object("bucket", "key")));
    EXPECT_EQ(good(opened.body.read_all(10'000)), content(2500));
}

}  // namespace
}  // namespace cairn::transfer
