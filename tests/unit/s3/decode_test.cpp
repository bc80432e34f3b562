#include "s3/decode.hpp"

#include <cairn/s3/operations.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <initializer_list>
#include <utility>

namespace cairn::s3 {
namespace {

using namespace std::chrono_literals;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Pair;

using headers = std::initializer_list<std::pair<std::string_view, std::string_view>>;

wire::response_head head_with(headers fields, unsigned status = 200) {
    wire::response_head head;
    head.status = status;
    for (const auto& [name, value] : fields) head.headers.add(name, value);
    return head;
}

template <class Operation>
result<typename Operation::output> decoded(std::string_view document, headers fields = {}) {
    typename Operation::output output;
    const auto done = decode(table_of<Operation>(), head_with(fields), document, &output);
    if (!done) return done.error();
    return output;
}

template <class Operation>
typename Operation::output value_of(std::string_view document, headers fields = {}) {
    return decoded<Operation>(document, fields).value();
}

template <class Operation>
error error_of(std::string_view document, headers fields = {}) {
    const auto output = decoded<Operation>(document, fields);
    EXPECT_FALSE(output);
    return output.error();
}

constexpr std::string_view listing = R"(<?xml version="1.0" encoding="UTF-8"?>
<ListBucketResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/">
  <Name>photos</Name><Prefix>a</Prefix><KeyCount>2</KeyCount><MaxKeys>1000</MaxKeys>
  <IsTruncated>true</IsTruncated><NextContinuationToken>1ueG+/=</NextContinuationToken>
  <SomethingNew><Key>ignored</Key></SomethingNew>
  <Contents>
    <Key>a b</Key><LastModified>2024-02-29T12:00:00.123Z</LastModified><ETag>&quot;e1&quot;</ETag>
    <ChecksumAlgorithm>CRC32</ChecksumAlgorithm><ChecksumAlgorithm>SHA256</ChecksumAlgorithm>
    <Size>5368709120</Size><StorageClass>TOMORROWS</StorageClass>
    <Owner><ID>me</ID></Owner>
    <RestoreStatus><IsRestoreInProgress>false</IsRestoreInProgress></RestoreStatus>
  </Contents>
  <Contents><Key> </Key><Size>0</Size></Contents>
  <CommonPrefixes><Prefix>a/</Prefix></CommonPrefixes>
  <CommonPrefixes><Prefix>b/</Prefix></CommonPrefixes>
</ListBucketResult>)";

TEST(Decode, ReadsAListing) {
    const auto page = value_of<list_objects_v2>(listing, {{"x-amz-request-charged", "requester"}});
    EXPECT_EQ(page.name, "photos");
    EXPECT_EQ(page.key_count, 2);
    EXPECT_EQ(page.is_truncated, true);
    EXPECT_EQ(page.next_continuation_token, "1ueG+/=");
    EXPECT_EQ(page.request_charged, "requester");
    EXPECT_FALSE(page.delimiter);
    ASSERT_EQ(page.contents.size(), 2u);
    const auto& first = page.contents[0];
    EXPECT_EQ(first.key, "a b");
    EXPECT_EQ(first.last_modified, timestamp(1709208000123ms));
    EXPECT_EQ(first.etag, "\"e1\"");
    EXPECT_THAT(first.checksum_algorithm, ElementsAre("CRC32", "SHA256"));
    EXPECT_EQ(first.size, 5368709120);
    EXPECT_EQ(first.storage_class, "TOMORROWS");
    EXPECT_EQ(first.owner->id, "me");
    EXPECT_FALSE(first.owner->display_name);
    EXPECT_EQ(first.restore_status->is_restore_in_progress, false);
    EXPECT_EQ(page.contents[1].key, " ");
    EXPECT_FALSE(page.contents[1].owner);
    ASSERT_EQ(page.common_prefixes.size(), 2u);
    EXPECT_EQ(page.common_prefixes[1].prefix, "b/");
}

TEST(Decode, ReadsAnEmptyListing) {
    const auto page = value_of<list_objects_v2>(
        "<ListBucketResult><IsTruncated>false</IsTruncated><MaxKeys></MaxKeys></ListBucketResult>");
    EXPECT_TRUE(page.contents.empty());
    EXPECT_EQ(page.is_truncated, false);
    EXPECT_FALSE(page.max_keys);
}

TEST(Decode, DecodesWhatTheServerSaysIsEncoded) {
    const auto page = value_of<list_objects_v2>(
        "<ListBucketResult><EncodingType>url</EncodingType><Prefix>a%2B</Prefix><Delimiter>%01</"
        "Delimiter>"
        "<StartAfter>%C3%A4</StartAfter><NextContinuationToken>a%2Bb+c</NextContinuationToken>"
        "<Contents><Key>a+b%2Bc%0D%0A%01%25</Key></Contents>"
        "<CommonPrefixes><Prefix>x%20y%2F</Prefix></CommonPrefixes></ListBucketResult>");
    EXPECT_EQ(page.contents.at(0).key, "a b+c\r\n\x01%");
    EXPECT_EQ(page.common_prefixes.at(0).prefix, "x y/");
    EXPECT_EQ(page.prefix, "a+");
    EXPECT_EQ(page.delimiter, "\x01");
    EXPECT_EQ(page.start_after, "\xc3\xa4");
    EXPECT_EQ(page.next_continuation_token, "a%2Bb+c") << "a token is opaque";
}

TEST(Decode, LeavesKeysAloneOfAServerThatDoesNotEncode) {
    const auto page = value_of<list_objects_v2>(
        "<ListBucketResult><Contents><Key>100%25+1</Key></Contents></ListBucketResult>");
    EXPECT_EQ(page.contents.at(0).key, "100%25+1");
}

TEST(Decode, ReadsBuckets) {
    const auto page = value_of<list_buckets>(
        "<ListAllMyBucketsResult><Owner><ID>me</ID><DisplayName>Me</DisplayName></Owner><Buckets>"
        "<Bucket><Name>a</Name><CreationDate>2024-01-01T00:00:00Z</CreationDate></Bucket>"
        "<Bucket><Name>b</Name><BucketRegion>eu-west-1</BucketRegion></Bucket></Buckets>"
        "<ContinuationToken>t</ContinuationToken></ListAllMyBucketsResult>");
    ASSERT_EQ(page.buckets.size(), 2u);
    EXPECT_EQ(page.buckets[0].name, "a");
    EXPECT_EQ(page.buckets[0].creation_date, timestamp(1704067200s));
    EXPECT_EQ(page.buckets[1].bucket_region, "eu-west-1");
    EXPECT_EQ(page.owner->display_name, "Me");
    EXPECT_EQ(page.continuation_token, "t");
}

TEST(Decode, ReadsTheOutcomesOfADeletion) {
    const auto page = value_of<delete_objects>(
        "<DeleteResult><Deleted><Key>a</Key><DeleteMarker>true</DeleteMarker>"
        "<DeleteMarkerVersionId>m</DeleteMarkerVersionId></Deleted>"
        "<Error><Key>b</Key><Code>AccessDenied</Code><Message>no</Message></Error>"
        "<Deleted><Key>c</Key></Deleted></DeleteResult>");
    ASSERT_EQ(page.deleted.size(), 2u);
    EXPECT_EQ(page.deleted[0].delete_marker, true);
    EXPECT_EQ(page.deleted[0].delete_marker_version_id, "m");
    EXPECT_EQ(page.deleted[1].key, "c");
    ASSERT_EQ(page.errors.size(), 1u);
    EXPECT_EQ(page.errors[0].key, "b");
    EXPECT_EQ(page.errors[0].code, "AccessDenied");
}

TEST(Decode, ReadsTheResultOfACopy) {
    const auto copied = value_of<copy_object>(
        "<CopyObjectResult><ETag>\"e\"</ETag><LastModified>2024-01-01T00:00:00.000Z</LastModified>"
        "<ChecksumCRC64NVME>c</ChecksumCRC64NVME></CopyObjectResult>",
        {{"x-amz-version-id", "v"}});
    ASSERT_TRUE(copied.copy_object_result);
    EXPECT_EQ(copied.copy_object_result->etag, "\"e\"");
    EXPECT_EQ(copied.copy_object_result->last_modified, timestamp(1704067200s));
    EXPECT_EQ(copied.copy_object_result->checksum_crc64nvme, "c");
    EXPECT_EQ(copied.version_id, "v");
}

// S3 sends blanks while it copies, to keep the connection alive.
TEST(Decode, ReadsADocumentAfterKeepAliveBlanks) {
    EXPECT_TRUE(decoded<copy_object>("\n  \n<CopyObjectResult><ETag>e</ETag></CopyObjectResult>"));
    EXPECT_TRUE(decoded<copy_object>("<?xml version=\"1.0\"?>   \n <CopyObjectResult/>"));
}

TEST(Decode, ReadsALocation) {
    EXPECT_EQ(value_of<get_bucket_location>(
                  "<LocationConstraint xmlns=\"x\">eu-west-1</LocationConstraint>")
                  .location_constraint,
              "eu-west-1");
    EXPECT_EQ(value_of<get_bucket_location>("<LocationConstraint/>").location_constraint, "");
}

TEST(Decode, ReadsHeaders) {
    const auto object =
        value_of<head_object>("", {{"Content-Length", "12"},
                                   {"ETAG", "\"e\""},
                                   {"Last-Modified", "Sun, 06 Nov 1994 08:49:37 GMT"},
                                   {"x-amz-object-lock-retain-until-date", "1994-11-06T08:49:37Z"},
                                   {"x-amz-server-side-encryption-bucket-key-enabled", "True"},
                                   {"x-amz-mp-parts-count", "3"},
                                   {"X-Amz-Meta-Author", "me"},
                                   {"x-amz-meta-", "no name"},
                                   {"x-amz-meta-b", ""},
                                   {"Server", "AmazonS3"}});
    EXPECT_EQ(object.content_length, 12);
    EXPECT_EQ(object.etag, "\"e\"");
    EXPECT_EQ(object.last_modified, timestamp(784111777s));
    EXPECT_EQ(object.object_lock_retain_until_date, timestamp(784111777s));
    EXPECT_EQ(object.bucket_key_enabled, true);
    EXPECT_EQ(object.parts_count, 3);
    EXPECT_FALSE(object.version_id);
    EXPECT_THAT(object.metadata, ElementsAre(Pair("author", "me"), Pair("b", "")));
}

TEST(Decode, ToleratesAnExpiryThatTheOwnerMadeUp) {
    EXPECT_FALSE(value_of<head_object>("", {{"Expires", "-1"}}).expires);
    EXPECT_TRUE(value_of<head_object>("", {{"Expires", "Sun, 06 Nov 1994 08:49:37 GMT"}}).expires);
}

TEST(Decode, RefusesValuesThatAreNone) {
    EXPECT_THAT(error_of<head_object>("", {{"Content-Length", "-"}}).detail(),
                HasSubstr("Content-Length"));
    EXPECT_THAT(error_of<head_object>("", {{"Last-Modified", "now"}}).detail(), HasSubstr("'now'"));
    const auto e = error_of<list_objects_v2>(
        "<ListBucketResult><Contents><Key>a</Key><Size>big</Size></Contents></ListBucketResult>");
    EXPECT_EQ(e.code(), errc::malformed_reply);
    EXPECT_EQ(e.detail(), "<Size> is 'big'");
    EXPECT_EQ(
        error_of<list_objects_v2>("<ListBucketResult><KeyCount>99999999999999999999</KeyCount>"
                                  "</ListBucketResult>")
            .code(),
        errc::malformed_reply);
}

TEST(Decode, RefusesAnObjectWithoutAKey) {
    EXPECT_EQ(error_of<list_objects_v2>(
                  "<ListBucketResult><Contents><Size>1</Size></Contents></ListBucketResult>")
                  .detail(),
              "<Contents> has no <Key>");
}

TEST(Decode, TellsWhatAnswersInPlaceOfS3) {
    const auto page = error_of<list_objects_v2>(
        "<!DOCTYPE HTML>\n<html><head><TITLE>\n Hotel  Wi-Fi </TITLE></head></html>");
    EXPECT_EQ(page.code(), errc::not_s3);
    EXPECT_EQ(page.detail(), "the reply is a web page: 'Hotel Wi-Fi'");
    EXPECT_EQ(error_of<list_objects_v2>("<p>Log in</p>", {{"Content-Type", "text/html"}}).code(),
              errc::not_s3);
    EXPECT_EQ(error_of<list_objects_v2>("{\"error\": 1}").detail(),
              "the reply is not XML: '{\"error\": 1}'");
}

TEST(Decode, RefusesBrokenDocuments) {
    for (const std::string_view document :
         {"", "  ", "<ListBucketResult>", "<ListBucketResult><Contents></ListBucketResult>",
          "<!DOCTYPE x [<!ENTITY y \"z\">]><ListBucketResult/>", "<Another/>",
          "<Error><Code>x</Code></Error>"})
        EXPECT_EQ(error_of<list_objects_v2>(document).code(), errc::malformed_reply) << document;
    EXPECT_EQ(error_of<list_objects_v2>("<Another/>").detail(),
              "the reply is a <Another>, not a <ListBucketResult>");
}

TEST(Decode, FindsTheErrorInsideASuccess) {
    const auto e = error_of<copy_object>(
        "<?xml version=\"1.0\"?>\n<Error><Code>SlowDown</Code><Message>slow</Message>"
        "<RequestId>R</RequestId></Error>");
    EXPECT_EQ(e.code(), errc::throttled);
    EXPECT_EQ(e.s3_code(), "SlowDown");
    EXPECT_EQ(e.http_status(), 200u);
    EXPECT_EQ(e.effect(), effect::not_applied);
    EXPECT_EQ(error_of<delete_objects>("<Error><Code>InternalError</Code></Error>").code(),
              errc::service_failed);
}

TEST(Decode, TellsTheEffectOfASuccessThatCanNotBeRead) {
    const auto put =
        error_of<put_object>("", {{"x-amz-object-size", "?"}, {"x-amz-request-id", "R"}});
    EXPECT_EQ(put.effect(), effect::applied);
    EXPECT_EQ(put.http_status(), 200u);
    EXPECT_EQ(put.request_id(), "R");
    EXPECT_EQ(error_of<copy_object>("").effect(), effect::unknown);
    EXPECT_EQ(error_of<copy_object>("<html>").effect(), effect::unknown);
    EXPECT_EQ(error_of<list_objects_v2>("").effect(), effect::none);
}

class bytes_stream final : public wire::body_stream {
  public:
    std::optional<std::uint64_t> remaining() const noexcept override { return 7; }
    awaitable<result<std::size_t>> read_some(asio::mutable_buffer) override {
        co_return std::size_t(0);
    }
};

TEST(Decode, HandsOverTheBodyOfAnObject) {
    EXPECT_TRUE(streams_reply(table_of<get_object>()));
    EXPECT_FALSE(streams_reply(table_of<head_object>()));
    EXPECT_FALSE(streams_reply(table_of<list_objects_v2>()));
    get_object_output output;
    set_body(table_of<get_object>(), &output, body::reader(std::make_unique<bytes_stream>()));
    EXPECT_EQ(output.body.remaining(), 7u);
}

TEST(Decode, ReadsUploadsAndTheirParts) {
    const auto begun = value_of<create_multipart_upload>(
        "<InitiateMultipartUploadResult><Bucket>b</Bucket><Key>k</Key><UploadId>u</UploadId>"
        "</InitiateMultipartUploadResult>",
        {{"x-amz-abort-date", "Sun, 06 Nov 1994 08:49:37 GMT"}});
    EXPECT_EQ(begun.upload_id, "u");
    EXPECT_EQ(begun.abort_date, timestamp(784111777s));
    EXPECT_EQ(error_of<create_multipart_upload>("<InitiateMultipartUploadResult/>").code(),
              errc::malformed_reply);

    const auto parts = value_of<list_parts>(
        "<ListPartsResult><NextPartNumberMarker>7</NextPartNumberMarker>"
        "<IsTruncated>true</IsTruncated><Initiator><ID>me</ID></Initiator>"
        "<Part><PartNumber>1</PartNumber><ETag>&quot;e&quot;</ETag><Size>5242880</Size></Part>"
        "<Part><PartNumber>7</PartNumber><ChecksumCRC32>AAAAAA==</ChecksumCRC32></Part>"
        "</ListPartsResult>");
    EXPECT_EQ(parts.is_truncated, true);
    EXPECT_EQ(parts.next_part_number_marker, 7);
    EXPECT_EQ(parts.initiator->id, "me");
    ASSERT_EQ(parts.parts.size(), 2u);
    EXPECT_EQ(parts.parts[0].etag, "\"e\"");
    EXPECT_EQ(parts.parts[0].size, 5242880);
    EXPECT_EQ(parts.parts[1].part_number, 7);
    EXPECT_EQ(parts.parts[1].checksum_crc32, "AAAAAA==");

    const auto uploads = value_of<list_multipart_uploads>(
        "<ListMultipartUploadsResult><EncodingType>url</EncodingType>"
        "<NextKeyMarker>a%0A</NextKeyMarker><NextUploadIdMarker>u%2</NextUploadIdMarker>"
        "<Upload><Key>a+b</Key><UploadId>u+1</UploadId>"
        "<Initiated>2024-02-29T12:00:00.123Z</Initiated></Upload>"
        "<CommonPrefixes><Prefix>c%2F</Prefix></CommonPrefixes></ListMultipartUploadsResult>");
    EXPECT_EQ(uploads.next_key_marker, "a\n");
    EXPECT_EQ(uploads.next_upload_id_marker, "u%2") << "an id is never encoded";
    ASSERT_EQ(uploads.uploads.size(), 1u);
    EXPECT_EQ(uploads.uploads[0].key, "a b");
    EXPECT_EQ(uploads.uploads[0].upload_id, "u+1");
    ASSERT_EQ(uploads.common_prefixes.size(), 1u);
    EXPECT_EQ(uploads.common_prefixes[0].prefix, "c/");
}

TEST(Decode, FindsTheErrorOfACompletion) {
    const auto e = error_of<complete_multipart_upload>(
        "\n\n<Error><Code>InternalError</Code><Message>Try again.</Message></Error>");
    EXPECT_EQ(e.code(), errc::service_failed);
    EXPECT_EQ(e.effect(), effect::unknown);
    EXPECT_EQ(error_of<upload_part_copy>("<Error><Code>SlowDown</Code></Error>").code(),
              errc::throttled);
}

TEST(Decode, ReadsTags) {
    const auto tagged = value_of<get_object_tagging>(
        "<Tagging><TagSet><Tag><Key>a</Key><Value>1 &amp; 2</Value></Tag>"
        "<Tag><Key>b</Key><Value/></Tag></TagSet></Tagging>",
        {{"x-amz-version-id", "v"}});
    ASSERT_EQ(tagged.tag_set.size(), 2u);
    EXPECT_EQ(tagged.tag_set[0].value, "1 & 2");
    EXPECT_EQ(tagged.tag_set[1].key, "b");
    EXPECT_EQ(tagged.version_id, "v");
    EXPECT_TRUE(value_of<get_object_tagging>("<Tagging><TagSet/></Tagging>").tag_set.empty());
}

}  // namespace
}  // namespace cairn::s3
