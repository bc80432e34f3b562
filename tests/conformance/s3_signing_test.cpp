// The worked examples of S3's own documentation, in their header form, and aws-chunked bodies.
#include "s3/aws_chunked.hpp"
#include "support/io.hpp"
#include "support/vectors.hpp"

#include <cairn/core/bytes.hpp>
#include <cairn/s3/body.hpp>
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

// Their bodies come in signed chunks.
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

const clock::utc_time now{std::chrono::sys_days{std::chrono::year{2013} / 5 / 24}};

// Gives the request signed.
request_head check_case(const boost::json::object& c, const signing_credentials& credentials) {
    SCOPED_TRACE(text_of(c, "name"));
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
    return head;
}

signing_credentials credentials_of(const boost::json::value& json) {
    const auto& keys = json.at("credentials").as_object();
    return {keys.at("access_key_id").as_string(), keys.at("secret_access_key").as_string(), ""};
}

TEST(s3_signing, every_example_of_the_header_form) {
    CAIRN_REQUIRE_VECTORS(path, "s3-signing/s3-docs-examples.json");
    const auto json = test::read_json(path);
    std::size_t header_form = 0, before_chunks = 0;
    for (const auto& value : json.at("cases").as_array()) {
        const auto name = text_of(value.as_object(), "name");
        if (other_forms.contains(name)) continue;
        check_case(value.as_object(), credentials_of(json));
        ++(chunked.contains(name) ? before_chunks : header_form);
    }
    EXPECT_EQ(header_form, 4U);
    EXPECT_EQ(before_chunks, chunked.size());
}

std::string ascii_upper(std::string_view text) {
    std::string upper;
    for (const char c : text) upper += c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c;
    return upper;
}

std::string content_of(const boost::json::array& chunks) {
    std::string all;
    for (const auto& chunk : chunks)
        all.append(chunk.at("size").to_number<std::size_t>(), chunk.at("byte").as_string()[0]);
    return all;
}

// "first:1st\n", as the signature of a trailer has it.
std::string canonical_trailer(const boost::json::object& trailer) {
    std::string all;
    for (const auto& field : trailer.at("headers").as_array())
        all += std::string(field.at(0).as_string()) + ':' + std::string(field.at(1).as_string()) +
               '\n';
    EXPECT_EQ(all, text_of(trailer, "canonical"));
    return all;
}

TEST(s3_signing, every_chunk_and_every_trailer) {
    CAIRN_REQUIRE_VECTORS(path, "s3-signing/s3-docs-examples.json");
    const auto json = test::read_json(path);
    std::size_t checked = 0;
    for (const auto& value : json.at("cases").as_array()) {
        const auto& c = value.as_object();
        if (!chunked.contains(text_of(c, "name"))) continue;
        const auto credentials = credentials_of(json);
        const auto head = check_case(c, credentials);
        auto chunks = signer("us-east-1", "s3").chunks_of(head, credentials.secret_access_key);
        for (const auto& chunk : c.at("chunks").as_array()) {
            const std::string data(chunk.at("size").to_number<std::size_t>(), 'a');
            EXPECT_EQ(chunks.sign(as_bytes(data)), chunk.at("signature").as_string());
        }
        if (const auto* trailer = c.if_contains("trailer")) {
            EXPECT_EQ(chunks.sign_trailer(canonical_trailer(trailer->as_object())),
                      trailer->at("signature").as_string());
        }
        ++checked;
    }
    EXPECT_EQ(checked, chunked.size());
}

class aws_chunked : public test::io {
  protected:
    std::string encoded(s3::aws_chunked& body) {
        std::string all;
        for (;;) {
            const auto piece = run(body.next()).value();
            if (piece.size() == 0) break;
            all.append(static_cast<const char*>(piece.data()), piece.size());
        }
        EXPECT_EQ(all.size(), body.size());
        return all;
    }
};

// What goes over the wire, from the same cases.
TEST_F(aws_chunked, of_every_signed_example) {
    CAIRN_REQUIRE_VECTORS(path, "s3-signing/s3-docs-examples.json");
    const auto json = test::read_json(path);
    // Three fields, where cairn sends one checksum.
    const std::set<std::string> other_trailers{"chunked PUT + 3 synthetic trailers (CRT)"};
    std::size_t checked = 0;
    for (const auto& value : json.at("cases").as_array()) {
        const auto& c = value.as_object();
        const auto name = text_of(c, "name");
        if (!chunked.contains(name) || other_trailers.contains(name)) continue;
        SCOPED_TRACE(name);
        const auto credentials = credentials_of(json);
        const auto head = check_case(c, credentials);
        const auto* trailer = c.if_contains("trailer");
        const auto content = content_of(c.at("chunks").as_array());
        const auto source = body::view(content);
        std::optional<s3::trailing_checksum> sum;
        if (trailer)
            sum = s3::trailing_checksum{"x-amz-checksum-crc32c", codec::checksum_algorithm::crc32c};
        s3::aws_chunked body(*source.get(), 65536, s3::aws_chunked::signing::signed_chunks, sum);
        body.sign_by(signer("us-east-1", "s3").chunks_of(head, credentials.secret_access_key));
        const auto text = encoded(body);
        if (!head.headers["content-length"].empty()) {
            EXPECT_EQ(head.headers["content-length"], std::to_string(text.size()));
        }
        for (const auto& chunk : c.at("chunks").as_array())
            EXPECT_NE(text.find(";chunk-signature=" + text_of(chunk.as_object(), "signature")),
                      text.npos);
        if (trailer) {
            EXPECT_TRUE(
                text.ends_with("\r\nx-amz-checksum-crc32c:sOO8/Q==\r\nx-amz-trailer-signature:" +
                               text_of(trailer->as_object(), "signature") + "\r\n\r\n"));
        }
        ++checked;
    }
    EXPECT_EQ(checked, 2U);
}

TEST_F(aws_chunked, of_every_unsigned_example) {
    CAIRN_REQUIRE_VECTORS(path, "s3-signing/unsigned-aws-chunked-botocore.json");
    const auto json = test::read_json(path);
    std::size_t checked = 0;
    for (const auto& value : json.at("cases").as_array()) {
        const auto& c = value.as_object();
        const auto content = text_of(c, "body");
        const auto source = body::view(content);
        const auto chunk = c.at("chunk_size").is_null()
                               ? content.size()
                               : c.at("chunk_size").to_number<std::uint64_t>();
        std::optional<s3::trailing_checksum> sum;
        if (!c.at("trailer").is_null())
            sum = s3::trailing_checksum{
                std::string(c.at("trailer").at(0).as_string()),
                codec::checksum_named(ascii_upper(c.at("trailer").at(1).as_string())).value()};
        s3::aws_chunked body(*source.get(), chunk, s3::aws_chunked::signing::unsigned_chunks, sum);
        EXPECT_EQ(encoded(body), text_of(c, "encoded")) << text_of(c, "name");
        ++checked;
    }
    EXPECT_EQ(checked, 4U);
}

}  // namespace
}  // namespace cairn::wire
