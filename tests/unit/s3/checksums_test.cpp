#include "recorded_server.hpp"
#include "s3/checksum_fields.hpp"
#include "support/recorded_events.hpp"

#include <gmock/gmock.h>

namespace cairn::s3 {
namespace {

using test::reply;
using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

// CRC64NVME of "123456789", and of nothing.
constexpr auto sum = "rosUhgp5mIg=";
constexpr auto sum_of_nothing = "AAAAAAAAAAA=";
const std::string header = "x-amz-checksum-crc64nvme: rosUhgp5mIg=\r\n";

body::source once() {
    return body::generator(9, [given = false]() mutable -> awaitable<result<asio::const_buffer>> {
        co_return std::exchange(given, true) ? asio::const_buffer() : asio::buffer("123456789", 9);
    });
}

body::source again() {
    auto given = std::make_shared<bool>(false);
    return body::generator(
        9,
        [given]() -> awaitable<result<asio::const_buffer>> {
            co_return std::exchange(*given, true) ? asio::const_buffer()
                                                  : asio::buffer("123456789", 9);
        },
        [given] { *given = false; });
}

class checksums_test : public recorded_server {
  protected:
    client_config config(std::vector<std::string> answers = {reply(200)}) {
        auto made = config_for(recording(std::move(answers)), test::constant_random::side::least);
        made.resilience = resilience::none();
        return made;
    }
    static client_config over_tls(client_config c) {
        c.endpoint = "https://s3.example";
        return c;
    }
    // What is sent to upload `body`.
    std::string upload(client_config c, body::source body) {
        put_object request("bucket", "key");
        request.body = std::move(body);
        return upload(std::move(c), std::move(request));
    }
    std::string upload(client_config c, put_object request) {
        const auto s3 = client::create(std::move(c)).value();
        const auto put = run(s3.send(std::move(request)));
        EXPECT_TRUE(put) << put.error();
        if (put) output = *put;
        return requests.back();
    }
    result<put_object_output> put(client_config c, body::source body) {
        const auto s3 = client::create(std::move(c)).value();
        return run(s3.put_object("bucket", "key", std::move(body)));
    }
    static auto has_header() { return HasSubstr("\r\n" + header); }
    static auto has_trailer() {
        return AllOf(HasSubstr("\r\nx-amz-trailer: x-amz-checksum-crc64nvme\r\n"),
                     HasSubstr("\r\nx-amz-decoded-content-length: 9\r\n"),
                     HasSubstr("\r\nContent-Encoding: aws-chunked\r\n"), HasSubstr("\r\n9"),
                     HasSubstr("\r\n123456789\r\n0"),
                     HasSubstr("\r\nx-amz-checksum-crc64nvme:rosUhgp5mIg=\r\n"));
    }
    static auto has_none() {
        return AllOf(Not(HasSubstr("x-amz-checksum")), Not(HasSubstr("aws-chunked")));
    }

    put_object_output output;
};

// --- How they travel
// ------------------------------------------------------------------------------

TEST_F(checksums_test, OfASignedBodyAreInTheHead) {
    EXPECT_THAT(upload(config(), "123456789"), has_header());
    EXPECT_THAT(upload(config(), again()), AllOf(has_header(), Not(HasSubstr("STREAMING"))));
    EXPECT_EQ(output.checksum_crc64nvme, sum);
}

TEST_F(checksums_test, OfABodyInMemoryAreInTheHead) {
    auto c = over_tls(config());
    EXPECT_THAT(upload(std::move(c), "123456789"),
                AllOf(has_header(), HasSubstr("UNSIGNED-PAYLOAD\r\n")));
    EXPECT_EQ(output.checksum_crc64nvme, sum);
}

TEST_F(checksums_test, OfALargeBodyInMemoryAreComputedInTurns) {
    const std::string content(5'000'000, 'x');
    for (const bool tls : {false, true}) {
        auto c = tls ? over_tls(config()) : config();
        c.expect_continue_bytes = content.size() + 1;
        const auto expected = codec::checksum_of(codec::checksum_algorithm::crc64nvme,
                                                 std::as_bytes(std::span(content)))
                                  .base64();
        EXPECT_THAT(upload(std::move(c), body::view(content)).substr(0, 2000),
                    HasSubstr("x-amz-checksum-crc64nvme: " + expected));
    }
}

TEST_F(checksums_test, OfAnUnsignedStreamFollowIt) {
    const auto sent = upload(over_tls(config()), again());
    EXPECT_THAT(sent, AllOf(has_trailer(), HasSubstr("STREAMING-UNSIGNED-PAYLOAD-TRAILER\r\n"),
                            Not(HasSubstr("chunk-signature"))));
    EXPECT_EQ(output.checksum_crc64nvme, sum);
    auto never = config();
    never.payload_signing = payload_signing::never;
    EXPECT_THAT(upload(std::move(never), again()), has_trailer());
}

TEST_F(checksums_test, OfASignedStreamThatComesOnceFollowIt) {
    const auto sent = upload(config(), once());
    EXPECT_THAT(sent, AllOf(has_trailer(), HasSubstr("9;chunk-signature="),
                            HasSubstr("STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER\r\n"),
                            HasSubstr("\r\nx-amz-trailer-signature:")));
    EXPECT_EQ(output.checksum_crc64nvme, sum);
}

TEST_F(checksums_test, GoInTheHeadWithoutLeaveToFollow) {
    auto c = over_tls(config());
    c.checksums.trailers = false;
    EXPECT_THAT(upload(c, again()), AllOf(has_header(), Not(HasSubstr("aws-chunked"))));
    EXPECT_THAT(upload(c, once()), has_none());
    c.endpoint = "http://s3.example";
    EXPECT_THAT(upload(c, once()), AllOf(has_none(), HasSubstr("UNSIGNED-PAYLOAD")));
    c.payload_signing = payload_signing::always;
    EXPECT_THAT(upload(c, once()),
                AllOf(HasSubstr("STREAMING-AWS4-HMAC-SHA256-PAYLOAD\r\n"),
                      HasSubstr("9;chunk-signature="), Not(HasSubstr("x-amz-trailer"))));
    EXPECT_EQ(output.checksum_crc64nvme, std::nullopt);
}

TEST_F(checksums_test, AreSentForNothing) {
    const auto sent = upload(config(), body::source());
    EXPECT_THAT(sent, HasSubstr(std::string("x-amz-checksum-crc64nvme: ") + sum_of_nothing));
    EXPECT_THAT(sent, HasSubstr("Content-Length: 0\r\n"));
}

TEST_F(checksums_test, OfAnonymousStreamsFollowThemUnsigned) {
    auto c = config();
    c.credentials = auth::anonymous_credentials();
    const auto sent = upload(c, once());
    EXPECT_THAT(sent, AllOf(has_trailer(), HasSubstr("STREAMING-UNSIGNED-PAYLOAD-TRAILER\r\n"),
                            Not(HasSubstr("Authorization"))));
    c.checksums.trailers = false;
    c.payload_signing = payload_signing::always;
    EXPECT_THAT(upload(c, once()), AllOf(has_none(), HasSubstr("\r\n\r\n123456789")));
}

TEST_F(checksums_test, LeaveTheCallersOwnCodingInPlace) {
    put_object request("bucket", "key");
    request.body = again();
    request.content_encoding = "gzip";
    EXPECT_THAT(upload(over_tls(config()), std::move(request)),
                HasSubstr("\r\nContent-Encoding: aws-chunked,gzip\r\n"));
}

TEST_F(checksums_test, OfTheCallersOwnAreLeftAlone) {
    put_object with_sum("bucket", "key");
    with_sum.body = "123456789";
    with_sum.checksum_crc32 = "y/Q5Jg==";
    EXPECT_THAT(upload(config(), std::move(with_sum)),
                AllOf(HasSubstr("x-amz-checksum-crc32: y/Q5Jg==\r\n"), Not(has_header())));
    EXPECT_EQ(output.checksum_crc32, "y/Q5Jg==");
    put_object with_md5("bucket", "key");
    with_md5.body = "123456789";
    with_md5.content_md5 = "JfnnlDI7RTiF9RgfG2JNCw==";
    EXPECT_THAT(upload(config(), std::move(with_md5)), has_none());
}

TEST_F(checksums_test, AreOfTheAlgorithmThatIsAskedFor) {
    put_object request("bucket", "key");
    request.body = "123456789";
    request.checksum_algorithm = checksum_algorithm::crc32;
    auto off = config();
    off.checksums.uploads.reset();
    EXPECT_THAT(upload(off, std::move(request)), HasSubstr("x-amz-checksum-crc32: y/Q5Jg==\r\n"));
    EXPECT_THAT(upload(off, "123456789"), has_none());
    EXPECT_THAT(upload(over_tls(off), once()), has_none());
    auto sha = over_tls(config());
    sha.checksums.uploads = codec::checksum_algorithm::sha256;
    EXPECT_THAT(upload(sha, once()), HasSubstr("\r\nx-amz-checksum-sha256:"));
    EXPECT_TRUE(output.checksum_sha256);
}

TEST_F(checksums_test, AreOfUploadsOnly) {
    const auto s3 = client::create(config()).value();
    EXPECT_TRUE(run(s3.delete_object("bucket", "key")));
    EXPECT_THAT(requests.back(), has_none());
}

// A body of which S3 already has a part is sent from its beginning, with its checksum.
TEST_F(checksums_test, AreSentAgainWithTheBody) {
    for (const bool tls : {false, true}) {
        auto c = config({reply(200), "", reply(200)});
        if (tls) c.endpoint = "https://s3.example";
        const auto s3 = client::create(std::move(c)).value();
        EXPECT_TRUE(run(s3.delete_object("bucket", "first")));
        EXPECT_TRUE(run(s3.put_object("bucket", "key", again())));
        const auto& sent = requests.back();
        if (tls)
            EXPECT_THAT(sent, has_trailer());
        else
            EXPECT_THAT(sent, has_header());
    }
}

// --- What S3 says of them
// -------------------------------------------------------------------------

TEST_F(checksums_test, ThatS3HasOtherwiseFailTheUpload) {
    const auto other = reply(200, "", "x-amz-checksum-crc64nvme: AAAAAAAAAAA=\r\n");
    for (const bool tls : {false, true}) {
        auto c = config({other});
        if (tls) c.endpoint = "https://s3.example";
        const auto e = put(std::move(c), again()).error();
        EXPECT_EQ(e.code(), errc::checksum_mismatch);
        EXPECT_EQ(e.effect(), effect::applied);
        EXPECT_THAT(e.what(),
                    AllOf(HasSubstr(sum), HasSubstr(sum_of_nothing), HasSubstr("s3://bucket/key")));
    }
}

TEST_F(checksums_test, ThatS3HasLikewiseAreGiven) {
    auto c = config({reply(200, "", header + "x-amz-checksum-type: FULL_OBJECT\r\n")});
    EXPECT_EQ(put(std::move(c), "123456789").value().checksum_crc64nvme, sum);
}

TEST_F(checksums_test, ThatFollowABodyAreNamedWhenAServerRefusesIt) {
    const auto e = put(over_tls(config({reply(400)})), once()).error();
    EXPECT_THAT(e.hint(), HasSubstr("checksums.trailers"));
    EXPECT_THAT(put(over_tls(config({reply(400)})), "x").error().hint(),
                Not(HasSubstr("trailers")));
}

// --- Downloads
// ------------------------------------------------------------------------------------

class verified_downloads : public checksums_test {
  protected:
    client connect(std::string answer) {
        auto c = config({std::move(answer)});
        c.sink = events.sink();
        return client::create(std::move(c)).value();
    }
    static std::string chunked(const std::string& more) {
        return "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n" + more +
               "\r\n9\r\n123456789\r\n0\r\n\r\n";
    }
    test::recorded_events events;
    const std::string wrong = "x-amz-checksum-crc64nvme: AAAAAAAAAAA=\r\n";
};

TEST_F(verified_downloads, AreAskedForTheirChecksum) {
    auto got = run(connect(reply(200, "123456789", header)).get_object("bucket", "key")).value();
    EXPECT_THAT(requests.back(), HasSubstr("x-amz-checksum-mode: ENABLED\r\n"));
    EXPECT_EQ(run(got.body.read_all(100)).value(), "123456789");
    EXPECT_EQ(net->connections(), 1);
}

TEST_F(verified_downloads, ThatAreOthersHaveNoEnd) {
    for (const auto& answer : {reply(200, "123456789", wrong), chunked(wrong)}) {
        auto s3 = connect(answer);
        auto got = run(s3.get_object("bucket", "key")).value();
        std::string all(9, '\0');
        EXPECT_EQ(run(got.body.read(asio::buffer(all.data(), 4))).value(), 4U);
        const auto e = run(got.body.read_all(100)).error();
        EXPECT_EQ(e.code(), errc::checksum_mismatch);
        EXPECT_EQ(e.effect(), effect::none);
        EXPECT_THAT(e.what(), AllOf(HasSubstr(sum), HasSubstr("GetObject s3://bucket/key")));
        // And never.
        EXPECT_EQ(run(got.body.read_some(asio::buffer(all))).error().code(),
                  errc::checksum_mismatch);
        EXPECT_NE(got.body.remaining(), 0U);
        EXPECT_THAT(events.lines.back(), HasSubstr("checksum mismatch"));
        got = {};
        EXPECT_EQ(net->open(), 0) << "a connection that changes bytes was kept";
    }
}

TEST_F(verified_downloads, ThatAreEmptyAndMustNotBeFailAtOnce) {
    const auto e = run(connect(reply(200, "", header)).get_object("bucket", "key")).error();
    EXPECT_EQ(e.code(), errc::checksum_mismatch);
    EXPECT_EQ(e.effect(), effect::none);
}

TEST_F(verified_downloads, AreVerifiedHoweverTheyCome) {
    for (const auto& answer : {reply(200, "123456789", header), chunked(header)}) {
        auto s3 = connect(answer);
        auto got = run(s3.get_object("bucket", "key")).value();
        EXPECT_EQ(run(got.body.read_all(100)).value(), "123456789");
    }
    for (const char* other :
         {"x-amz-checksum-crc32: y/Q5Jg==\r\n", "x-amz-checksum-crc32c: 4waSgw==\r\n",
          "x-amz-checksum-md5: JfnnlDI7RTiF9RgfG2JNCw==\r\n",
          "x-amz-checksum-sha1: 98O8HYCOBHMq32eZZczDTKeuNEE=\r\n",
          "x-amz-checksum-sha1: 98O8HYCOBHMq32eZZczDTKeuNEE=\r\nx-amz-checksum-type: "
          "FULL_OBJECT\r\n"}) {
        auto s3 = connect(reply(200, "123456789", other));
        auto got = run(s3.get_object("bucket", "key")).value();
        const auto all = run(got.body.read_all(100));
        ASSERT_TRUE(all) << other << all.error();
        auto changed = connect(reply(200, "123456788", other));
        auto bad = run(changed.get_object("bucket", "key")).value();
        EXPECT_EQ(run(bad.body.read_all(100)).error().code(), errc::checksum_mismatch) << other;
    }
}

TEST_F(verified_downloads, AreNotComparedWithWhatIsNotTheirs) {
    const auto composite = "x-amz-checksum-crc64nvme: AAAAAAAAAAA=-2\r\n";
    const auto typed = wrong + "x-amz-checksum-type: COMPOSITE\r\n";
    const auto range = wrong + "Content-Range: bytes 0-8/100\r\n";
    for (const auto& answer : {reply(200, "123456789", composite), reply(200, "123456789", typed),
                               reply(206, "123456789", range), reply(200, "123456789", range),
                               reply(200, "123456789", "x-amz-checksum-xxhash64: AAAAAAAAAAA=\r\n"),
                               reply(200, "123456789")}) {
        auto s3 = connect(answer);
        auto got = run(s3.get_object("bucket", "key")).value();
        EXPECT_EQ(run(got.body.read_all(100)).value(), "123456789") << answer;
    }
}

TEST_F(verified_downloads, CanBeSwitchedOff) {
    auto c = config({reply(200, "123456789", wrong)});
    c.checksums.verify_downloads = false;
    const auto s3 = client::create(std::move(c)).value();
    auto got = run(s3.get_object("bucket", "key")).value();
    EXPECT_EQ(run(got.body.read_all(100)).value(), "123456789");
    EXPECT_THAT(requests.back(), Not(HasSubstr("x-amz-checksum-mode")));
}

TEST(checksums, are_switched_by_the_environment_as_in_every_aws_tool) {
    const auto loaded = [](const char* calculation, const char* validation) {
        const auto env = [=](const std::string& name) -> std::optional<std::string> {
            if (name == "AWS_REQUEST_CHECKSUM_CALCULATION") return calculation;
            if (name == "AWS_RESPONSE_CHECKSUM_VALIDATION") return validation;
            return std::nullopt;
        };
        return load_config(env).value().checksums;
    };
    EXPECT_TRUE(loaded("when_supported", "when_supported").uploads);
    EXPECT_TRUE(loaded("when_supported", "when_supported").verify_downloads);
    EXPECT_FALSE(loaded("when_required", "when_supported").uploads);
    EXPECT_FALSE(loaded("when_supported", "when_required").verify_downloads);
}

TEST(attempts, are_as_many_as_the_environment_says) {
    const auto env = [](const std::string& name) {
        return name == "AWS_MAX_ATTEMPTS" ? std::optional<std::string>("7") : std::nullopt;
    };
    EXPECT_EQ(load_config(env).value().resilience.retry->max_attempts, 7U);
}

TEST(checksum_fields, are_those_of_the_table) {
    for (const auto* name : {"CRC32", "CRC32C", "CRC64NVME", "SHA1", "SHA256", "SHA512", "MD5"}) {
        const auto field = field_of(codec::checksum_named(name).value());
        const auto& rows = table_of<put_object>().input;
        EXPECT_TRUE(std::any_of(rows.begin(), rows.end(), [&](const row& r) {
            return r.wire == field && r.name == "Checksum" + std::string(name);
        })) << field;
    }
    EXPECT_TRUE(table_of<put_object>().uploads_summed);
    EXPECT_FALSE(table_of<put_object>().downloads_summed);
    EXPECT_TRUE(table_of<get_object>().downloads_summed);
    EXPECT_FALSE(table_of<get_object>().uploads_summed);
    EXPECT_FALSE(table_of<head_object>().downloads_summed);
    EXPECT_FALSE(table_of<copy_object>().uploads_summed);
}

}  // namespace
}  // namespace cairn::s3
