#include "unit/transfer/scripted_s3.hpp"

#include <cairn/codec/checksum.hpp>
#include <cairn/core/bytes.hpp>

// Uploads whose completion lost its reply, of objects whose ETag nobody can compute, as that of
// what a KMS key encrypts.
namespace cairn::transfer {
namespace {

constexpr std::string_view data = "ten bytes.";

class lost_completions : public scripted_s3 {
  protected:
    static options in_parts() {
        auto o = without_threads();
        o.multipart_threshold_bytes = 0;
        return o;
    }
    static upload with_checksum() {
        upload request(source::view(data), "bucket", "key");
        request.object.checksum_algorithm = "CRC32";
        return request;
    }
    /// To what comes before a completion; nothing to any other request.
    static std::optional<std::string> answer_before_completion(const std::string& request) {
        if (has(request, "?uploads"))
            return test::reply(200,
                               "<InitiateMultipartUploadResult><UploadId>u</UploadId>"
                               "</InitiateMultipartUploadResult>");
        if (has(request, "partNumber="))
            return test::reply(200, {}, "ETag: \"part\"\r\n" + field_of(crc32()));
        return std::nullopt;
    }
    static std::string object_with(const std::string& checksum_field) {
        return "HTTP/1.1 200 OK\r\nETag: \"whole\"\r\nContent-Length: 10\r\n" + checksum_field +
               "\r\n";
    }
    static std::string field_of(const std::string& found_crc32) {
        return "x-amz-checksum-crc32: " + found_crc32 + "\r\n";
    }
    /// How it ends when there is an object with this checksum.
    result<upload_output> sent(const std::string& found_crc32) {
        connect(answering([=](const std::string& request) {
                    if (const auto before = answer_before_completion(request)) return *before;
                    if (request.starts_with("POST")) return test::reply(500);
                    if (!request.starts_with("HEAD")) return test::reply(404);
                    const bool tells = field(request, "x-amz-checksum-mode") == "ENABLED";
                    return object_with(tells ? field_of(found_crc32) : "");
                }),
                in_parts());
        return send(with_checksum());
    }
    static std::string crc32() {
        return codec::checksum_of(codec::checksum_algorithm::crc32, as_bytes(data)).base64();
    }
};

// An upload may seem open for as long as its completion takes.
TEST_F(lost_completions, that_were_slow_are_found_to_be_done_when_the_next_one_is_refused) {
    int completions = 0;
    connect(answering([&](const std::string& request) {
                if (const auto before = answer_before_completion(request)) return *before;
                if (request.starts_with("POST")) return test::reply(++completions == 1 ? 500 : 412);
                if (request.starts_with("HEAD")) return object_with(field_of(crc32()));
                return completions == 1 ? test::reply(200, "<ListPartsResult></ListPartsResult>")
                                        : test::reply(404);
            }),
            in_parts());
    auto request = with_checksum();
    request.object.if_none_match = "*";
    EXPECT_EQ(send(std::move(request)).value().etag, "\"whole\"");
    EXPECT_EQ(completions, 2);
}

TEST_F(lost_completions, are_found_to_be_done_by_the_checksum) {
    EXPECT_EQ(sent(crc32()).value().etag, "\"whole\"");
}

TEST_F(lost_completions, are_not_done_where_the_object_has_another_checksum) {
    EXPECT_EQ(sent("AAAAAA==").error().effect(), effect::unknown);
}

}  // namespace
}  // namespace cairn::transfer
