#include "integration/server.hpp"

#include <cstdlib>

namespace cairn::test {
namespace {

/// Buckets in the host's name, as AWS wants them.
class virtual_hosts : public server_test {
  protected:
    void SetUp() override {
        auto config = server_config();
        config.endpoint = server_scheme() + "://" + std::getenv("CAIRN_TEST_VIRTUAL_HOST_SUFFIX");
        config.addressing = s3::addressing::virtual_host;
        network = std::make_shared<local_transport>(config.tls);
        config.transport = network;
        by_host = connect(std::move(config));
        server_test::SetUp();
    }

    std::shared_ptr<local_transport> network;
    s3::client by_host = s3;
};

TEST_F(virtual_hosts, have_objects) {
    good(by_host.put_object(bucket, "a b/ü+c", "hello"));
    auto got = good(by_host.get_object(bucket, "a b/ü+c"));
    EXPECT_EQ(good(got.body.read_all(100)), "hello");
    EXPECT_EQ(get("a b/ü+c"), "hello") << "by path";
    good(by_host.copy_object(bucket, "a b/ü+c", bucket, "copy"));
    EXPECT_EQ(get("copy"), "hello");
    good(by_host.delete_object(bucket, "copy"));
    EXPECT_EQ(bad(by_host.head_object(bucket, "copy")).code(), errc::not_found);
}

TEST_F(virtual_hosts, are_created_listed_and_deleted) {
    const auto name = new_bucket_name();
    delete_later(name);
    good(by_host.create_bucket(name));
    good(by_host.head_bucket(name));
    good(by_host.put_object(name, "k", "v"));
    auto pages = by_host.list_objects(name);
    const auto page = good(pages.next());
    ASSERT_TRUE(page);
    ASSERT_EQ(page->contents.size(), 1u);
    EXPECT_EQ(page->contents[0].key, "k");
    for (const auto& each : good(by_host.delete_objects(name, {"k"})))
        EXPECT_TRUE(each.outcome) << each.outcome.error();
    good(by_host.delete_bucket(name));
    EXPECT_EQ(bad(by_host.head_bucket(name)).code(), errc::not_found);
}

TEST_F(virtual_hosts, are_not_for_the_list_of_buckets) {
    EXPECT_FALSE(good(by_host.list_buckets()).buckets.empty());
}

TEST_F(virtual_hosts, tell_of_errors) {
    EXPECT_TRUE(is_error(bad(by_host.get_object(bucket, "missing")), errc::not_found, effect::none,
                         {path_of(bucket, "missing"), "NoSuchKey"}));
    EXPECT_TRUE(is_error(bad(by_host.get_object(new_bucket_name(), "k")), errc::not_found,
                         effect::none, {"NoSuchBucket"}));
}

}  // namespace
}  // namespace cairn::test
