#include "integration/server.hpp"

#include <algorithm>

namespace cairn::test {
namespace {

class buckets : public server_test {};

bool lists(const s3::list_buckets_output& page, const std::string& name) {
    return std::any_of(page.buckets.begin(), page.buckets.end(),
                       [&](const s3::bucket& each) { return each.name == name; });
}

TEST_F(buckets, are_created_and_deleted) {
    const auto name = new_bucket_name();
    delete_later(name);
    EXPECT_EQ(bad(s3.head_bucket(name)).code(), errc::not_found);
    good(s3.create_bucket(name));
    good(s3.head_bucket(name));
    good(s3.delete_bucket(name));
    EXPECT_EQ(bad(s3.head_bucket(name)).code(), errc::not_found);
}

TEST_F(buckets, are_listed) {
    const auto second = create_bucket();
    const auto page = good(s3.list_buckets());
    EXPECT_TRUE(lists(page, bucket));
    EXPECT_TRUE(lists(page, second));
    EXPECT_TRUE(std::all_of(page.buckets.begin(), page.buckets.end(),
                            [](const s3::bucket& each) { return each.creation_date.has_value(); }));
    EXPECT_TRUE(page.owner && page.owner->id);
}

TEST_F(buckets, are_listed_page_by_page) {
    const std::vector names{bucket, create_bucket(), create_bucket()};
    s3::list_buckets request;
    request.max_buckets = 1;
    s3::paginator<s3::list_buckets> pages(s3, std::move(request));
    std::vector<std::string> listed;
    while (const auto page = good(pages.next())) {
        EXPECT_LE(page->buckets.size(), 1u);
        for (const auto& each : page->buckets) listed.push_back(each.name);
    }
    EXPECT_THAT(listed, ::testing::IsSupersetOf(names));
}

TEST_F(buckets, have_a_location) {
    EXPECT_EQ(good(s3.bucket_location(bucket)), s3.config().region);
}

TEST_F(buckets, tell_their_region) {
    EXPECT_EQ(good(s3.head_bucket(bucket)).bucket_region, s3.config().region);
}

TEST_F(buckets, are_kept_while_they_have_objects) {
    put("held", "here");
    const auto e = bad(s3.delete_bucket(bucket));
    EXPECT_TRUE(is_error(e, errc::conflict, effect::not_applied,
                         {"DeleteBucket s3://" + bucket, "BucketNotEmpty", "delete its objects"}));
    EXPECT_EQ(e.s3_code(), "BucketNotEmpty");
    EXPECT_EQ(get("held"), "here");
}

TEST_F(buckets, stay_as_they_are_when_created_again) {
    put("kept", "from before");
    const auto again = run(s3.create_bucket(bucket));
    if (!again) {  // In us-east-1 S3 says yes, elsewhere no; nothing changes either way.
        EXPECT_TRUE(is_error(again.error(), errc::conflict, effect::not_applied,
                             {"CreateBucket s3://" + bucket, "BucketAlreadyOwnedByYou"}));
    }
    EXPECT_EQ(get("kept"), "from before");
}

TEST_F(buckets, that_do_not_exist_are_named) {
    const auto name = new_bucket_name();
    const auto missing = [&](const error& e, effect known) {
        EXPECT_EQ(e.s3_code(), "NoSuchBucket");
        EXPECT_EQ(e.http_status(), 404u);
        return is_error(e, errc::not_found, known,
                        {"s3://" + name, "NoSuchBucket", "create the bucket", "HTTP 404"});
    };
    EXPECT_TRUE(missing(bad(s3.put_object(name, "k", "v")), effect::not_applied));
    EXPECT_TRUE(missing(bad(s3.get_object(name, "k")), effect::none));
    EXPECT_TRUE(missing(bad(s3.delete_bucket(name)), effect::not_applied));
    auto pages = s3.list_objects(name);
    EXPECT_TRUE(missing(bad(pages.next()), effect::none));
    EXPECT_TRUE(missing(bad(s3.copy_object(name, "k", bucket, "copy")), effect::not_applied))
        << "although it is the source's";
}

TEST_F(buckets, that_do_not_exist_have_no_location) {
    const auto name = new_bucket_name();
    EXPECT_TRUE(is_error(bad(s3.bucket_location(name)), errc::not_found, effect::none,
                         {"GetBucketLocation s3://" + name, "NoSuchBucket"}));
}

TEST_F(buckets, that_do_not_exist_keep_nothing_to_delete) {
    const auto name = new_bucket_name();
    EXPECT_TRUE(is_error(bad(s3.delete_object(name, "k")), errc::not_found, effect::not_applied,
                         {path_of(name, "k"), "NoSuchBucket"}));
    for (const auto& each : good(s3.delete_objects(name, {"a", "b"}))) {
        ASSERT_FALSE(each.outcome);
        EXPECT_TRUE(is_error(each.outcome.error(), errc::not_found, effect::not_applied,
                             {"s3://" + name, "NoSuchBucket"}));
    }
}

TEST_F(buckets, that_do_not_exist_are_told_by_head_in_its_few_words) {
    const auto name = new_bucket_name();
    const auto e = bad(s3.head_bucket(name));
    EXPECT_TRUE(
        is_error(e, errc::not_found, effect::none, {"HeadBucket s3://" + name, "HTTP 404"}));
}

TEST_F(buckets, refuse_names_outside_the_rules_before_anything_is_sent) {
    const std::vector<std::string> names{
        "",         "ab",     "Upper-Case",        "under_score", "a..b",
        "-dash",    "dash-",  "192.168.1.1",       "a/b",         "xn--a",
        "name\r\n", "ümlaut", std::string(64, 'a')};
    for (const auto& name : names) {
        const auto e = bad(s3.create_bucket(name));
        EXPECT_EQ(e.code(), errc::invalid_argument) << name;
        EXPECT_EQ(e.effect(), effect::not_applied) << e;
        EXPECT_EQ(e.http_status(), 0u) << e;
        EXPECT_THAT(e.what(), ::testing::HasSubstr("bucket name")) << name;
    }
}

TEST_F(buckets, of_others_are_refused_by_expected_owner) {
    put("k", "v");
    const std::string stranger = "999999999999";
    s3::head_bucket head(bucket);
    head.expected_bucket_owner = stranger;
    EXPECT_EQ(bad(s3.send(std::move(head))).code(), errc::access_denied);
    s3::get_object get_it(bucket, "k");
    get_it.expected_bucket_owner = stranger;
    EXPECT_EQ(bad(s3.send(std::move(get_it))).code(), errc::access_denied);
    s3::put_object put_it(bucket, "other");
    put_it.expected_bucket_owner = stranger;
    EXPECT_TRUE(is_error(bad(s3.send(std::move(put_it))), errc::access_denied, effect::not_applied,
                         {path_of(bucket, "other")}));
}

}  // namespace
}  // namespace cairn::test
