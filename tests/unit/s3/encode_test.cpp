#include "requests.hpp"
#include "wire/xml.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace cairn::s3 {
namespace {

using namespace test;
using namespace std::chrono_literals;
using ::testing::EndsWith;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

std::string_view header(const encoded_request& request, std::string_view name) {
    return request.head.headers[name];
}

complete_multipart_upload completion(const std::vector<std::int64_t>& numbers) {
    complete_multipart_upload request("photos", "a", "u");
    for (const auto n : numbers)
        request.multipart_upload.parts.emplace_back(n, "\"e" + std::to_string(n) + "\"");
    return request;
}

TEST(Encode, MakesAPlainRequest) {
    const auto request = encoded(get_object("photos", "cat.jpg"), aws("eu-west-1"));
    EXPECT_EQ(request.head.method, "GET");
    EXPECT_EQ(request.head.target, "/cat.jpg");
    EXPECT_EQ(request.host, "photos.s3.eu-west-1.amazonaws.com");
    EXPECT_EQ(header(request, "Host"), "photos.s3.eu-west-1.amazonaws.com");
    EXPECT_EQ(request.head.headers.size(), 1u);
    EXPECT_THAT(request.document, IsEmpty());
    EXPECT_FALSE(request.stream);
    EXPECT_FALSE(request.conditional);
}

TEST(Encode, GivesEveryOperationItsMethodAndTarget) {
    const auto line = [](const encoded_request& r) { return r.head.method + " " + r.head.target; };
    const auto where = local();
    EXPECT_EQ(line(encoded(create_bucket("photos"), where)), "PUT /photos");
    EXPECT_EQ(line(encoded(head_bucket("photos"), where)), "HEAD /photos");
    EXPECT_EQ(line(encoded(delete_bucket("photos"), where)), "DELETE /photos");
    EXPECT_EQ(line(encoded(list_buckets(), where)), "GET /");
    EXPECT_EQ(line(encoded(get_bucket_location("photos"), where)), "GET /photos?location");
    EXPECT_EQ(line(encoded(put_object("photos", "a"), where)), "PUT /photos/a");
    EXPECT_EQ(line(encoded(get_object("photos", "a"), where)), "GET /photos/a");
    EXPECT_EQ(line(encoded(head_object("photos", "a"), where)), "HEAD /photos/a");
    EXPECT_EQ(line(encoded(delete_object("photos", "a"), where)), "DELETE /photos/a");
    EXPECT_EQ(line(encoded(copy_object("photos", "a", copy_source("b", "c")), where)),
              "PUT /photos/a");
    EXPECT_EQ(line(encoded(delete_objects("photos", {"a"}), where)), "POST /photos?delete");
    EXPECT_EQ(line(encoded(create_multipart_upload("photos", "a"), where)),
              "POST /photos/a?uploads");
    EXPECT_EQ(line(encoded(upload_part("photos", "a", "u/1", 7), where)),
              "PUT /photos/a?uploadId=u%2F1&partNumber=7");
    EXPECT_EQ(line(encoded(upload_part_copy("photos", "a", "u", 7, copy_source("b", "c")), where)),
              "PUT /photos/a?uploadId=u&partNumber=7");
    EXPECT_EQ(line(encoded(completion({1}), where)), "POST /photos/a?uploadId=u");
    EXPECT_EQ(line(encoded(abort_multipart_upload("photos", "a", "u"), where)),
              "DELETE /photos/a?uploadId=u");
    EXPECT_EQ(line(encoded(list_parts("photos", "a", "u"), where)), "GET /photos/a?uploadId=u");
    EXPECT_EQ(line(encoded(list_multipart_uploads("photos"), where)),
              "GET /photos?uploads&encoding-type=url");
    EXPECT_EQ(line(encoded(get_object_tagging("photos", "a"), where)), "GET /photos/a?tagging");
    EXPECT_EQ(line(encoded(put_object_tagging("photos", "a", {tag("k", "v")}), where)),
              "PUT /photos/a?tagging");
    EXPECT_EQ(line(encoded(delete_object_tagging("photos", "a"), where)),
              "DELETE /photos/a?tagging");
    EXPECT_EQ(line(encoded(list_objects_v2("photos"), where)),
              "GET /photos?list-type=2&encoding-type=url");
}

TEST(Encode, GivesTheBucketsOwnHostAPath) {
    EXPECT_EQ(encoded(head_bucket("photos")).head.target, "/");
    EXPECT_EQ(encoded(get_bucket_location("photos")).head.target, "/?location");
    const auto based = site_of(config_with("https://example.com/s3", addressing::virtual_host));
    EXPECT_EQ(encoded(head_bucket("photos"), based).head.target, "/s3");
    EXPECT_EQ(encoded(get_object("photos", "a"), based).head.target, "/s3/a");
    EXPECT_EQ(encoded(list_buckets(), based).head.target, "/s3");
}

TEST(Encode, WritesAnyKeyExactly) {
    const std::pair<std::string_view, std::string_view> cases[] = {
        {".", "/."},           {"..", "/.."},           {"../x", "/../x"},       {"a//b", "/a//b"},
        {"/a", "//a"},         {"a/", "/a/"},           {"a b", "/a%20b"},       {"a+b", "/a%2Bb"},
        {"a%2Fb", "/a%252Fb"}, {"\xc3\xa4", "/%C3%A4"}, {"a?b#c", "/a%3Fb%23c"}, {"~-._", "/~-._"},
        {"a\r\n", "/a%0D%0A"}, {"a=b&c", "/a%3Db%26c"},
    };
    for (const auto& [key, target] : cases) {
        EXPECT_EQ(encoded(get_object("photos", std::string(key))).head.target, target);
        EXPECT_EQ(encoded(get_object("photos", std::string(key)), local()).head.target,
                  "/photos" + std::string(target));
    }
}

template <class Operation>
std::string subject(const Operation& operation) {
    return subject_of(table_of<Operation>(), &operation);
}

TEST(Encode, NamesWhatARequestIsAbout) {
    EXPECT_EQ(subject(list_buckets()), "");
    EXPECT_EQ(subject(head_bucket("photos")), "s3://photos");
    EXPECT_EQ(subject(get_object("photos", "cat.jpg")), "s3://photos/cat.jpg");
    EXPECT_EQ(subject(copy_object("photos", "cat.jpg", copy_source("old", "a/b"))),
              "s3://photos/cat.jpg from s3://old/a/b");
}

TEST(Encode, NamesWhatCanNotBeSent) {
    EXPECT_EQ(subject(create_bucket("a..b")), "s3://a..b");
    EXPECT_EQ(subject(get_object("photos", "")), "s3://photos");
    EXPECT_EQ(subject(delete_objects("photos", {})), "s3://photos");
}

TEST(Encode, PutsMembersInTheQuery) {
    get_object request("photos", "a");
    request.version_id = "v/1";
    request.part_number = 3;
    request.response_content_type = "text/plain; charset=utf-8";
    request.response_expires = timestamp(784111777s);
    EXPECT_EQ(encoded(request).head.target,
              "/a?response-content-type=text%2Fplain%3B%20charset%3Dutf-8"
              "&response-expires=Sun%2C%2006%20Nov%201994%2008%3A49%3A37%20GMT"
              "&versionId=v%2F1&partNumber=3");
}

TEST(Encode, SendsWhatIsSetEvenWhenItIsEmpty) {
    list_objects_v2 request("photos");
    request.prefix = "";
    EXPECT_THAT(encoded(request).head.target, EndsWith("&prefix="));
}

TEST(Encode, AsksForEncodedKeysUnlessTold) {
    list_objects_v2 request("photos");
    request.encoding_type = "other";
    EXPECT_EQ(encoded(request).head.target, "/?list-type=2&encoding-type=other");
}

TEST(Encode, PutsMembersInHeaders) {
    put_object request("photos", "a");
    request.acl = object_canned_acl::bucket_owner_read;
    request.content_type = "image/jpeg";
    request.bucket_key_enabled = true;
    request.expires = timestamp(784111777s);
    request.object_lock_retain_until_date = timestamp(784111777s);
    request.storage_class = "A_CLASS_OF_TOMORROW";
    const auto sent = encoded(request);
    EXPECT_EQ(header(sent, "x-amz-acl"), "bucket-owner-read");
    EXPECT_EQ(header(sent, "Content-Type"), "image/jpeg");
    EXPECT_EQ(header(sent, "x-amz-server-side-encryption-bucket-key-enabled"), "true");
    EXPECT_EQ(header(sent, "Expires"), "Sun, 06 Nov 1994 08:49:37 GMT");
    EXPECT_EQ(header(sent, "x-amz-object-lock-retain-until-date"), "1994-11-06T08:49:37Z");
    EXPECT_EQ(header(sent, "x-amz-storage-class"), "A_CLASS_OF_TOMORROW");
    EXPECT_EQ(sent.head.headers.size(), 7u) << "and Host, and nothing else";
}

TEST(Encode, JoinsListsInHeaders) {
    list_objects_v2 request("photos");
    request.optional_object_attributes = {"RestoreStatus", "Another"};
    EXPECT_EQ(header(encoded(request), "x-amz-optional-object-attributes"),
              "RestoreStatus, Another");
}

TEST(Encode, SendsMetadataInLowerCase) {
    put_object request("photos", "a");
    request.metadata = {{"Author", "me"}, {"empty", ""}};
    const auto sent = encoded(request);
    EXPECT_EQ(sent.head.headers.at(0).name, "x-amz-meta-author");
    EXPECT_EQ(sent.head.headers.at(0).value, "me");
    EXPECT_EQ(sent.head.headers.find("x-amz-meta-empty"), "");
}

TEST(Encode, RefusesMetadataThatHttpWouldMerge) {
    put_object request("photos", "a");
    request.metadata = {{"Author", "me"}, {"author", "you"}};
    EXPECT_THAT(refused(request).detail(), HasSubstr("'author' twice"));
    request.metadata = {{"a b", "x"}};
    EXPECT_THAT(refused(request).detail(), HasSubstr("'a b'"));
}

TEST(Encode, GivesTheBodyOfAPut) {
    put_object request("photos", "a");
    EXPECT_FALSE(encoded(request).stream);
    request.body = "hello";
    const auto sent = encoded(request);
    EXPECT_EQ(sent.stream, request.body.get());
    EXPECT_FALSE(sent.head.headers.contains("Content-Length")) << "framing is the sender's";
}

TEST(Encode, ChecksADeclaredLength) {
    put_object request("photos", "a");
    request.body = "hello";
    request.content_length = 5;
    EXPECT_FALSE(encoded(request).head.headers.contains("Content-Length"));
    request.content_length = 6;
    EXPECT_EQ(refused(request).detail(), "ContentLength is 6 and the body has 5 bytes");
}

TEST(Encode, NamesTheSourceOfACopyExactly) {
    copy_object request("photos", "b", copy_source("my-bucket", "a b/\xc3\xa4+%?"));
    EXPECT_EQ(header(encoded(request), "x-amz-copy-source"), "my-bucket/a%20b/%C3%A4%2B%25%3F");
    request.copy_source.version_id = "v&1";
    EXPECT_EQ(header(encoded(request), "x-amz-copy-source"),
              "my-bucket/a%20b/%C3%A4%2B%25%3F?versionId=v%261");
}

TEST(Encode, SendsABucketsConfigurationOnlyIfThereIsOne) {
    create_bucket request("photos");
    const auto plain = encoded(request);
    EXPECT_THAT(plain.document, IsEmpty());
    EXPECT_FALSE(plain.head.headers.contains("Content-Type"));

    auto& configuration = request.create_bucket_configuration.emplace();
    configuration.location_constraint = bucket_location_constraint::eu_west_1;
    configuration.bucket.emplace().type = bucket_type::directory;
    configuration.tags = {tag("a", "1&2"), tag("b", "")};
    const auto sent = encoded(request);
    EXPECT_EQ(sent.document,
              "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
              "<CreateBucketConfiguration xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\">"
              "<LocationConstraint>eu-west-1</LocationConstraint>"
              "<Bucket><Type>Directory</Type></Bucket>"
              "<Tags><Tag><Key>a</Key><Value>1&amp;2</Value></Tag>"
              "<Tag><Key>b</Key><Value></Value></Tag></Tags>"
              "</CreateBucketConfiguration>");
    EXPECT_EQ(header(sent, "Content-Type"), "application/xml");
    EXPECT_FALSE(sent.head.headers.contains("Content-MD5"));
}

TEST(Encode, DeletesManyObjectsWithADigest) {
    delete_objects request("photos", {"a", "b<\r\n>"});
    request.delete_.quiet = true;
    request.delete_.objects[0].version_id = "v1";
    request.delete_.objects[0].last_modified_time = timestamp(784111777s);
    request.delete_.objects[0].size = 7;
    const auto sent = encoded(request);
    EXPECT_EQ(
        sent.document,
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
        "<Delete xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\">"
        "<Object><Key>a</Key><VersionId>v1</VersionId>"
        "<LastModifiedTime>Sun, 06 Nov 1994 08:49:37 GMT</LastModifiedTime><Size>7</Size></Object>"
        "<Object><Key>b&lt;&#xD;&#xA;&gt;</Key></Object>"
        "<Quiet>true</Quiet></Delete>");
    // openssl md5 -binary | base64, of that document.
    EXPECT_EQ(header(sent, "Content-MD5"), "e+Ubo2FJIdDaBSZxa05Gdg==");
}

TEST(Encode, DigestsByTheAlgorithmThatIsNamed) {
    delete_objects request("photos", {"a"});
    request.checksum_algorithm = checksum_algorithm::sha256;
    const auto sent = encoded(request);
    EXPECT_FALSE(sent.head.headers.contains("Content-MD5"));
    EXPECT_EQ(header(sent, "x-amz-sdk-checksum-algorithm"), "SHA256");
    EXPECT_EQ(header(sent, "x-amz-checksum-sha256"),
              "3bwtiqekL0sIhxoFrJmlaewXJYfGJFfL16GOZnX4VIg=");
    request.checksum_algorithm = checksum_algorithm::crc64nvme;
    EXPECT_THAT(refused(request).detail(), HasSubstr("no CRC64NVME"));
}

TEST(Encode, NamesThePartsOfAnObject) {
    auto request = completion({1, 10'000});
    request.multipart_upload.parts[0].checksum_crc32 = "AAAAAA==";
    request.mpu_object_size = 7;
    const auto sent = encoded(request);
    EXPECT_EQ(sent.document,
              "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
              "<CompleteMultipartUpload xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\">"
              "<Part><PartNumber>1</PartNumber><ETag>&quot;e1&quot;</ETag>"
              "<ChecksumCRC32>AAAAAA==</ChecksumCRC32></Part>"
              "<Part><PartNumber>10000</PartNumber><ETag>&quot;e10000&quot;</ETag></Part>"
              "</CompleteMultipartUpload>");
    EXPECT_EQ(header(sent, "x-amz-mp-object-size"), "7");
}

TEST(Encode, RefusesPartsThatWouldMakeAnotherObject) {
    EXPECT_THAT(refused(completion({})).detail(), HasSubstr("no parts"));
    EXPECT_THAT(refused(completion({2, 1})).detail(), HasSubstr("part 1 is named after part 2"));
    EXPECT_THAT(refused(completion({1, 1})).detail(), HasSubstr("ascending order"));
    EXPECT_THAT(refused(completion({0})).detail(), HasSubstr("part number 0"));
    EXPECT_THAT(refused(upload_part("photos", "a", "u", 10'001)).detail(),
                HasSubstr("part number 10001"));
    // It would be a PutObject, a DeleteObject or a GetObject to some servers.
    EXPECT_THAT(refused(upload_part("photos", "a", "", 1)).detail(),
                HasSubstr("upload id is empty"));
    EXPECT_THAT(refused(abort_multipart_upload("photos", "a", "")).detail(),
                HasSubstr("upload id is empty"));
    EXPECT_THAT(refused(list_parts("photos", "a", "")).detail(), HasSubstr("upload id is empty"));
}

TEST(Encode, TagsWithADigest) {
    put_object_tagging request("photos", "a", {tag("k", "v")});
    const auto sent = encoded(request);
    EXPECT_EQ(sent.document,
              "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
              "<Tagging xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\">"
              "<TagSet><Tag><Key>k</Key><Value>v</Value></Tag></TagSet></Tagging>");
    // openssl md5 -binary | base64, of that document.
    EXPECT_EQ(header(sent, "Content-MD5"), "JgFdqnp3OolEfXBfbCfbRA==");
    request.content_md5 = "given";
    EXPECT_EQ(encoded(request).head.headers.size(), sent.head.headers.size());
    EXPECT_EQ(header(encoded(request), "Content-MD5"), "given");
    request.tagging.tag_set.clear();
    EXPECT_THAT(refused(request).detail(), HasSubstr("use DeleteObjectTagging"));
}

TEST(Encode, BoundsADeletion) {
    EXPECT_THAT(refused(delete_objects("photos", {})).detail(), HasSubstr("no objects"));
    const std::vector<std::string> thousand(1000, "k");
    EXPECT_FALSE(encoded(delete_objects("photos", thousand)).document.empty());
    const std::vector<std::string> more(1001, "k");
    EXPECT_THAT(refused(delete_objects("photos", more)).detail(), HasSubstr("1001 objects"));
    EXPECT_THAT(refused(delete_objects("photos", {"a", ""})).detail(), HasSubstr("key is empty"));
}

TEST(Encode, TellsWhetherARequestIsConditional) {
    put_object put("photos", "a");
    EXPECT_FALSE(encoded(put).conditional);
    put.if_none_match = "*";
    EXPECT_TRUE(encoded(put).conditional);
    put_object append("photos", "a");
    append.write_offset_bytes = 0;
    EXPECT_TRUE(encoded(append).conditional);
    delete_object remove("photos", "a");
    remove.if_match = "\"e\"";
    EXPECT_TRUE(encoded(remove).conditional);
    copy_object copy("photos", "a", copy_source("b", "c"));
    copy.copy_source_if_match = "\"e\"";
    EXPECT_FALSE(encoded(copy).conditional) << "it is on what is read";
    copy.if_match = "\"e\"";
    EXPECT_TRUE(encoded(copy).conditional);
    auto complete = completion({1});
    EXPECT_FALSE(encoded(complete).conditional);
    complete.if_none_match = "*";
    EXPECT_TRUE(encoded(complete).conditional);
    get_object get("photos", "a");
    get.if_none_match = "\"e\"";
    EXPECT_FALSE(encoded(get).conditional);
}

TEST(Encode, RefusesWhatS3OrHttpForbid) {
    EXPECT_THAT(refused(get_object("", "a")).detail(), HasSubstr("bucket name is empty"));
    EXPECT_THAT(refused(get_object("photos", "")).detail(), HasSubstr("key is empty"));
    EXPECT_THAT(refused(create_bucket("Photos")).detail(), HasSubstr("'Photos'"));
    EXPECT_EQ(encoded(head_bucket("Photos")).head.target, "/Photos") << "an old bucket";
    EXPECT_THAT(refused(copy_object("photos", "a", copy_source("b", ""))).detail(),
                HasSubstr("source to copy, the key is empty"));
    put_object split("photos", "a");
    split.content_type = "text/plain\r\nx-amz-acl: public-read";
    EXPECT_EQ(refused(split).detail(), "ContentType has a line break or another control character");
    put_object late("photos", "a");
    late.expires = timestamp(std::chrono::sys_days(std::chrono::year(10000) / 1 / 1));
    EXPECT_THAT(refused(late).detail(), HasSubstr("Expires is in a year"));
}

TEST(Encode, NeverSendsACustomersKeyInTheClear) {
    get_object request("photos", "a");
    request.sse_customer_key = secret("hunter2");
    EXPECT_EQ(header(encoded(request), "x-amz-server-side-encryption-customer-key"), "hunter2");
    const auto e = refused(request, local());
    EXPECT_THAT(e.detail(), HasSubstr("SSECustomerKey would cross the network unencrypted"));
    EXPECT_THAT(e.detail(), Not(HasSubstr("hunter2")));
}

}  // namespace
}  // namespace cairn::s3
