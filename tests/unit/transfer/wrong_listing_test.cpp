#include "support/scratch.hpp"
#include "unit/s3/recorded_server.hpp"

#include <cairn/transfer.hpp>

#include <gmock/gmock.h>

#include <filesystem>
#include <fstream>

// Servers that list something else than was asked for.
namespace cairn::transfer {
namespace {

using ::testing::HasSubstr;

class wrong_listings : public s3::recorded_server {
  protected:
    s3::client client_of(std::function<std::string(const std::string& request)> answer) {
        auto config = config_for(answering(std::move(answer)), test::constant_random::side::least);
        return s3::client::create(std::move(config)).value();
    }
};

// What follows the prefix in a key is the name of a file.
TEST_F(wrong_listings, of_a_key_twice_give_it_once) {
    const auto answer = [](const std::string& request) {
        const bool second = request.find("continuation-token") != std::string::npos;
        const std::string key = "<Contents><Key>a/1</Key></Contents>";
        return test::reply(200, "<ListBucketResult>" + key + key +
                                    (second ? ""
                                            : "<IsTruncated>true</IsTruncated>"
                                              "<NextContinuationToken>t"
                                              "</NextContinuationToken>") +
                                    "</ListBucketResult>");
    };
    const auto all = [&] {
        object_tree tree(client_of(answer), "bucket", "a/");
        return run(tree.all());
    }();
    settle();
    ASSERT_TRUE(all) << all.error();
    EXPECT_EQ(all->size(), 1U);
}

TEST_F(wrong_listings, of_keys_without_the_prefix_make_no_tree) {
    const auto answer = [](const std::string&) {
        return test::reply(200,
                           "<ListBucketResult><Contents><Key>a/1</Key></Contents>"
                           "<Contents><Key>other/2</Key></Contents></ListBucketResult>");
    };
    const auto all = [&] {
        object_tree tree(client_of(answer), "bucket", "a/");
        return run(tree.all());
    }();
    settle();
    ASSERT_FALSE(all);
    EXPECT_EQ(all.error().code(), errc::malformed_reply);
    EXPECT_THAT(all.error().detail(), HasSubstr("other/2"));
}

TEST_F(wrong_listings, of_parts_whose_pages_repeat_themselves_end) {
    std::size_t pages = 0;
    const auto answer = [&](const std::string& request) {
        if (request.starts_with("POST"))
            return test::reply(200,
                               "<InitiateMultipartUploadResult><UploadId>u</UploadId>"
                               "</InitiateMultipartUploadResult>");
        if (request.starts_with("PUT")) return test::reply(403);
        const std::string more = ++pages < 10 ? "true" : "false";
        return test::reply(200, "<ListPartsResult><IsTruncated>" + more +
                                    "</IsTruncated><NextPartNumberMarker>1"
                                    "</NextPartNumberMarker></ListPartsResult>");
    };
    const test::scratch_directory directory;
    std::ofstream(directory.path() / "file") << "data";
    options o;
    o.multipart_threshold_bytes = 0;
    o.file_threads = 0;
    {
        const manager transfers(client_of(answer), o);
        for (int i = 0; i < 2; ++i) {
            upload request(source::file(directory.path() / "file"), "bucket", "key");
            request.resume_file = directory.path() / "token";
            EXPECT_FALSE(run(transfers.send(std::move(request))));
        }
    }
    settle();
    EXPECT_EQ(pages, 2u);
}

}  // namespace
}  // namespace cairn::transfer
