#include "integration/server.hpp"

namespace cairn::test {
namespace {

class metadata : public server_test {
  protected:
    error refusal_of(const std::string& name, const std::string& value) {
        s3::put_object request(bucket, "k");
        request.body = "v";
        request.metadata[name] = value;
        auto e = bad(s3.send(std::move(request)));
        EXPECT_EQ(bad(s3.get_object(bucket, "k")).code(), errc::not_found);
        return e;
    }
};

// S3 gives such values back in another form, if at all, so that they are refused.
TEST_F(metadata, that_is_not_ascii_is_refused) {
    EXPECT_TRUE(is_error(refusal_of("name", "Käthe"), errc::invalid_argument, effect::not_applied,
                         {path_of(bucket, "k"), "metadata 'name'", "ASCII"}));
    EXPECT_EQ(refusal_of("nämé", "value").code(), errc::invalid_argument);
}

TEST_F(metadata, with_a_line_break_is_refused) {
    for (const std::string value : {"a\r\nx-amz-acl: public-read", "a\nb", "a\rb", "\r\n"})
        EXPECT_TRUE(is_error(refusal_of("name", value), errc::invalid_argument, effect::not_applied,
                             {path_of(bucket, "k"), "metadata 'name'", "line break"}));
    EXPECT_EQ(refusal_of("a\r\nb", "value").code(), errc::invalid_argument);
    EXPECT_EQ(refusal_of("a: b", "value").code(), errc::invalid_argument);
    EXPECT_EQ(refusal_of("", "value").code(), errc::invalid_argument);
}

TEST_F(metadata, with_a_nul_is_refused) {
    EXPECT_EQ(refusal_of("name", std::string("a\0b", 3)).code(), errc::invalid_argument);
}

TEST_F(metadata, that_http_would_trim_is_refused) {
    EXPECT_EQ(refusal_of("name", " value").code(), errc::invalid_argument);
    EXPECT_EQ(refusal_of("name", "value\t").code(), errc::invalid_argument);
}

TEST_F(metadata, with_an_empty_value_is_kept) {
    s3::put_object request(bucket, "k");
    request.body = "v";
    request.metadata["empty"] = "";
    request.metadata["other"] = "value";
    good(s3.send(std::move(request)));
    const auto kept = good(s3.head_object(bucket, "k")).metadata;
    EXPECT_THAT(kept, ::testing::Contains(::testing::Pair("empty", "")));
    EXPECT_THAT(kept, ::testing::Contains(::testing::Pair("other", "value")));
}

TEST_F(metadata, of_two_kilobytes_is_kept) {
    const auto value = std::string(1900, 'v');
    s3::put_object request(bucket, "k");
    request.body = "v";
    request.metadata["long"] = value;
    good(s3.send(std::move(request)));
    EXPECT_EQ(good(s3.head_object(bucket, "k")).metadata.at("long"), value);
}

TEST_F(metadata, beyond_what_s3_takes_is_refused_by_the_server) {
    s3::put_object request(bucket, "k");
    request.body = "v";
    request.metadata["long"] = std::string(9000, 'v');
    EXPECT_TRUE(is_error(bad(s3.send(std::move(request))), errc::bad_request, effect::not_applied,
                         {path_of(bucket, "k")}));
    EXPECT_EQ(bad(s3.get_object(bucket, "k")).code(), errc::not_found);
}

// Header values that are not metadata keep to the same rules.
TEST_F(metadata, and_other_headers_take_no_line_breaks) {
    s3::put_object request(bucket, "k");
    request.body = "v";
    request.content_type = "text/plain\r\nx-amz-acl: public-read";
    EXPECT_TRUE(is_error(bad(s3.send(std::move(request))), errc::invalid_argument,
                         effect::not_applied, {path_of(bucket, "k"), "ContentType", "line break"}));
    EXPECT_EQ(bad(s3.get_object(bucket, "k")).code(), errc::not_found);
}

}  // namespace
}  // namespace cairn::test
