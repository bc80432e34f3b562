// The worked examples of S3's own documentation, in their header form.
#include "support/vectors.hpp"

#include <cairn/wire/signing.hpp>

#include <boost/json.hpp>

#include <set>

namespace cairn::wire {
namespace {

// Forms that cairn::wire::signer does not make.
const std::set<std::string> other_forms{
    "Presigned GET",  // The signature goes into the query.
    "POST policy",    // A browser's form upload.
};

// The signature of the request before its first chunk is that of its headers.
const std::set<std::string> chunked{
    "chunked PUT",
    "chunked PUT + 3 synthetic trailers (CRT)",
    "chunked PUT + CRC32C trailer",
};

std::string text_of(const boost::json::object& object, std::string_view key) {
    const auto* value = object.if_contains(key);
    return value != nullptr ? std::string(value->as_string()) : std::string();
}

request_head make_request(const boost::json::object& c) {
    request_head head;
    head.method = text_of(c, "method");
    head.target = text_of(c, "canonical_uri");
    if (const auto query = text_of(c, "canonical_query"); !query.empty())
        head.target += "?" + query;
    for (const auto& [name, value] : c.at("headers").as_object())
        head.headers.add(name, std::string_view(value.as_string()));
    return head;
}

void check_case(const boost::json::object& c, const signing_credentials& credentials) {
    SCOPED_TRACE(text_of(c, "name"));
    const clock::utc_time now{std::chrono::sys_days{std::chrono::year{2013} / 5 / 24}};
    const signer s("us-east-1", "s3");
    auto head = make_request(c);
    s.sign(head, head.headers["x-amz-content-sha256"], credentials, now);

    const auto canonical = s.canonical_request(head, head.headers["x-amz-content-sha256"]);
    EXPECT_EQ(canonical, text_of(c, "canonical_request"));
    if (c.contains("string_to_sign")) {
        EXPECT_EQ(s.string_to_sign(canonical, now), text_of(c, "string_to_sign"));
    }
    const auto signature =
        c.contains("signature") ? text_of(c, "signature") : text_of(c, "seed_signature");
    EXPECT_TRUE(head.headers["Authorization"].ends_with("Signature=" + signature));
}

TEST(s3_signing, every_example_of_the_header_form) {
    CAIRN_REQUIRE_VECTORS(path, "s3-signing/s3-docs-examples.json");
    const auto json = test::read_json(path);
    const auto& keys = json.at("credentials").as_object();
    const auto access_key = text_of(keys, "access_key_id"),
               secret_key = text_of(keys, "secret_access_key");
    std::size_t header_form = 0, before_chunks = 0;
    for (const auto& value : json.at("cases").as_array()) {
        const auto name = text_of(value.as_object(), "name");
        if (other_forms.contains(name)) continue;
        check_case(value.as_object(), {access_key, secret_key, ""});
        ++(chunked.contains(name) ? before_chunks : header_form);
    }
    EXPECT_EQ(header_form, 4U);
    EXPECT_EQ(before_chunks, chunked.size());
}

}  // namespace
}  // namespace cairn::wire
