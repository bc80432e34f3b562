#include "integration/server.hpp"

namespace cairn::test {
namespace {

using ::testing::ElementsAre;
using ::testing::Pair;

class objects : public server_test {};

// Of the day that HTTP's own examples name.
const s3::timestamp some_time{std::chrono::seconds(784111777)};

std::string digits(int n) {
    std::string text;
    for (int i = 0; i < n; ++i) text += static_cast<char>('0' + i % 10);
    return text;
}

TEST_F(objects, come_back_as_they_were_put) {
    const auto stored = put("greeting.txt", "hello");
    EXPECT_EQ(stored.etag, "\"5d41402abc4b2a76b9719d911017c592\"");
    auto got = good(s3.get_object(bucket, "greeting.txt"));
    EXPECT_EQ(got.content_length, 5);
    EXPECT_EQ(got.etag, stored.etag);
    EXPECT_TRUE(got.last_modified);
    EXPECT_EQ(good(got.body.read_all(5)), "hello");
}

TEST_F(objects, are_replaced) {
    put("k", "first");
    put("k", "second");
    EXPECT_EQ(get("k"), "second");
}

TEST_F(objects, are_described) {
    put("k", "hello");
    const auto head = good(s3.head_object(bucket, "k"));
    EXPECT_EQ(head.content_length, 5);
    EXPECT_EQ(head.etag, "\"5d41402abc4b2a76b9719d911017c592\"");
    EXPECT_TRUE(head.last_modified);
}

TEST_F(objects, are_deleted_and_may_be_deleted_again) {
    put("k", "v");
    good(s3.delete_object(bucket, "k"));
    EXPECT_EQ(bad(s3.get_object(bucket, "k")).code(), errc::not_found);
    good(s3.delete_object(bucket, "k"));
}

TEST_F(objects, that_do_not_exist_are_named) {
    const auto e = bad(s3.get_object(bucket, "missing/key"));
    EXPECT_TRUE(is_error(e, errc::not_found, effect::none,
                         {"GetObject " + path_of(bucket, "missing/key"), "NoSuchKey", "HTTP 404"}));
    EXPECT_EQ(e.s3_code(), "NoSuchKey");
    EXPECT_EQ(e.http_status(), 404u);
    EXPECT_EQ(e.attempts(), 1u);
    EXPECT_GT(e.elapsed().count(), 0);
}

TEST_F(objects, that_do_not_exist_come_with_a_request_id) {
    EXPECT_NE(bad(s3.get_object(bucket, "missing")).request_id(), "");
}

TEST_F(objects, that_do_not_exist_come_with_a_message) {
    EXPECT_NE(bad(s3.get_object(bucket, "missing")).s3_message(), "");
}

TEST_F(objects, that_do_not_exist_are_told_by_head_in_its_few_words) {
    const auto e = bad(s3.head_object(bucket, "missing"));
    EXPECT_TRUE(is_error(e, errc::not_found, effect::none,
                         {"HeadObject " + path_of(bucket, "missing"), "HTTP 404"}));
}

TEST_F(objects, keep_their_content_headers) {
    s3::put_object request(bucket, "k");
    request.body = "hello";
    request.cache_control = "max-age=60";
    request.content_disposition = "attachment; filename=\"a b.txt\"";
    request.content_encoding = "x-test";
    request.content_language = "de";
    request.content_type = "text/x-test; charset=utf-8";
    request.expires = some_time;
    good(s3.send(std::move(request)));

    const auto expect_kept = [](const auto& of) {
        EXPECT_EQ(of.cache_control, "max-age=60");
        EXPECT_EQ(of.content_disposition, "attachment; filename=\"a b.txt\"");
        EXPECT_EQ(of.content_encoding, "x-test");
        EXPECT_EQ(of.content_language, "de");
        EXPECT_EQ(of.content_type, "text/x-test; charset=utf-8");
        EXPECT_EQ(of.expires, some_time);
    };
    expect_kept(good(s3.head_object(bucket, "k")));
    auto got = good(s3.get_object(bucket, "k"));
    expect_kept(got);
    EXPECT_EQ(good(got.body.read_all(100)), "hello");
}

TEST_F(objects, are_given_with_other_headers_on_request) {
    put("k", "hello");
    s3::get_object request(bucket, "k");
    request.response_content_type = "text/html; charset=utf-8";
    request.response_content_disposition = "attachment; filename=\"ä & b.html\"";
    request.response_cache_control = "no-store";
    auto got = good(s3.send(std::move(request)));
    EXPECT_EQ(got.content_type, "text/html; charset=utf-8");
    EXPECT_EQ(got.cache_control, "no-store");
    EXPECT_EQ(good(got.body.read_all(100)), "hello");
}

TEST_F(objects, keep_their_metadata) {
    s3::put_object request(bucket, "k");
    request.body = "hello";
    request.metadata["Author"] = "A. U. Thor";
    request.metadata["step"] = "17";
    request.metadata["odd"] = "a=b; c, \"d\" +%20 ~";
    good(s3.send(std::move(request)));
    const auto kept = ElementsAre(Pair("author", "A. U. Thor"), Pair("odd", "a=b; c, \"d\" +%20 ~"),
                                  Pair("step", "17"));
    EXPECT_THAT(good(s3.head_object(bucket, "k")).metadata, kept);
    auto got = good(s3.get_object(bucket, "k"));
    EXPECT_THAT(got.metadata, kept);
    EXPECT_EQ(good(got.body.read_all(100)), "hello");
}

TEST_F(objects, have_their_storage_class) {
    s3::put_object request(bucket, "k");
    request.body = "hello";
    request.storage_class = s3::storage_class::standard;
    good(s3.send(std::move(request)));
    const auto head = good(s3.head_object(bucket, "k"));
    EXPECT_EQ(head.storage_class.value_or("STANDARD"), "STANDARD");
}

TEST_F(objects, have_another_storage_class_on_request) {
    s3::put_object request(bucket, "k");
    request.body = "hello";
    request.storage_class = s3::storage_class::reduced_redundancy;
    good(s3.send(std::move(request)));
    EXPECT_EQ(good(s3.head_object(bucket, "k")).storage_class, "REDUCED_REDUNDANCY");
}

TEST_F(objects, are_refused_in_a_storage_class_that_does_not_exist) {
    s3::put_object request(bucket, "k");
    request.body = "hello";
    request.storage_class = "NO_SUCH_CLASS";
    EXPECT_TRUE(is_error(bad(s3.send(std::move(request))), errc::bad_request, effect::not_applied,
                         {path_of(bucket, "k")}));
}

TEST_F(objects, keep_their_tags) {
    s3::put_object request(bucket, "k");
    request.body = "hello";
    request.tagging = "a=1&b=two%20words";
    good(s3.send(std::move(request)));
    auto got = good(s3.get_object(bucket, "k"));
    EXPECT_EQ(got.tag_count, 2);
    EXPECT_EQ(good(got.body.read_all(100)), "hello");
}

TEST_F(objects, of_no_bytes_are_objects) {
    put("empty", {});
    EXPECT_EQ(good(s3.head_object(bucket, "empty")).content_length, 0);
    EXPECT_EQ(get("empty"), "");
    put("text", "");
    EXPECT_EQ(get("text"), "");
}

// --- Ranges -----------------------------------------------------------------------------------

class ranges : public server_test {
  protected:
    struct part {
        std::string content;
        std::string range;
    };

    void SetUp() override {
        server_test::SetUp();
        put("k", digits(100));
    }
    part read(const std::string& range) {
        auto got = good(s3.send(of(range)));
        part p{good(got.body.read_all(1000)), got.content_range.value_or("")};
        EXPECT_EQ(got.content_length, static_cast<std::int64_t>(p.content.size()));
        return p;
    }
    s3::get_object of(const std::string& range) {
        s3::get_object request(bucket, "k");
        request.range = range;
        return request;
    }
};

TEST_F(ranges, start_anywhere) {
    const auto first = read("bytes=0-0");
    EXPECT_EQ(first.content, "0");
    EXPECT_EQ(first.range, "bytes 0-0/100");
    const auto middle = read("bytes=13-27");
    EXPECT_EQ(middle.content, digits(100).substr(13, 15));
    EXPECT_EQ(middle.range, "bytes 13-27/100");
}

TEST_F(ranges, end_with_the_object) {
    EXPECT_EQ(read("bytes=99-99").content, "9");
    EXPECT_EQ(read("bytes=90-").content, "0123456789");
    const auto beyond = read("bytes=90-5000");
    EXPECT_EQ(beyond.content, "0123456789");
    EXPECT_EQ(beyond.range, "bytes 90-99/100");
    EXPECT_EQ(read("bytes=0-99").content, digits(100));
}

TEST_F(ranges, count_from_the_end) {
    const auto tail = read("bytes=-7");
    EXPECT_EQ(tail.content, "3456789");
    EXPECT_EQ(tail.range, "bytes 93-99/100");
    EXPECT_EQ(read("bytes=-100").content, digits(100));
}

TEST_F(ranges, longer_than_the_object_give_all_of_it) {
    EXPECT_EQ(read("bytes=-500").content, digits(100));
}

TEST_F(ranges, beyond_the_object_are_refused) {
    const auto e = bad(s3.send(of("bytes=100-200")));
    EXPECT_TRUE(is_error(e, errc::range_not_satisfiable, effect::none,
                         {path_of(bucket, "k"), "InvalidRange", "HTTP 416"}));
    EXPECT_EQ(read("bytes=0-4").content, "01234") << "on the same connection";
}

TEST_F(ranges, of_an_empty_object_are_refused) {
    put("k", "");
    EXPECT_EQ(bad(s3.send(of("bytes=0-0"))).code(), errc::range_not_satisfiable);
}

TEST_F(ranges, can_be_described) {
    s3::head_object request(bucket, "k");
    request.range = "bytes=10-19";
    EXPECT_EQ(good(s3.send(std::move(request))).content_length, 10);
}

}  // namespace
}  // namespace cairn::test
