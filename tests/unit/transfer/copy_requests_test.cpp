#include "unit/transfer/scripted_s3.hpp"

#include <algorithm>

// What the requests of a copy say, where the simulated S3 has no such thing.
namespace cairn::transfer {
namespace {

using ::testing::AllOf;
using ::testing::Each;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

constexpr std::uint64_t small_bytes = 10;
constexpr std::uint64_t large_bytes = (5ULL << 30U) + 1;
// Base64 of 32 bytes, and the MD5 of those.
constexpr const char* source_key = "c291cmNlIGtleSBzb3VyY2Uga2V5IHNvdXJjZSBrZXk=";
constexpr const char* copy_key = "Y29weSBrZXkgIGNvcHkga2V5ICBjb3B5IGtleSAgLi4=";

class copy_requests : public scripted_s3 {
  protected:
    /// All requests of a copy that was made of an object of this size and these fields.
    std::vector<std::string> made(copy request, std::uint64_t size, const std::string& more = {}) {
        prepare(size, more);
        const auto ended = send(std::move(request));
        EXPECT_TRUE(ended) << ended.error();
        return requests;
    }
    std::vector<std::string> moved(copy request, std::uint64_t size, const std::string& more = {}) {
        prepare(size, more);
        const auto ended = send(move(std::move(request)));
        EXPECT_TRUE(ended) << ended.error();
        return requests;
    }
    static copy across() { return {"here", "source", "there", "copy"}; }
    static void encrypt(copy& request) {
        request.object.copy_source_sse_customer_algorithm = "AES256";
        request.object.copy_source_sse_customer_key = secret(source_key);
        request.object.copy_source_sse_customer_key_md5 = "source-md5";
        request.object.sse_customer_algorithm = "AES256";
        request.object.sse_customer_key = secret(copy_key);
        request.object.sse_customer_key_md5 = "copy-md5";
    }
    /// The request that says how the copy is kept: CopyObject, or the creation of its upload.
    std::string making(std::uint64_t size) const {
        return size > small_bytes ? only("?uploads") : only("PUT /there/copy");
    }
    std::vector<std::string> fields(const std::vector<std::string>& of, std::string_view name) {
        std::vector<std::string> values;
        for (const auto& each : of) values.push_back(field(each, name));
        return values;
    }

  private:
    void prepare(std::uint64_t size, const std::string& more) {
        has_bytes(size);
        object += more;
        requests.clear();
    }
};

TEST_F(copy_requests, go_from_bucket_to_bucket_and_hold_to_one_state_of_the_source) {
    made(across(), small_bytes);
    EXPECT_EQ(line(requests.at(0)), "HEAD /here/source");
    EXPECT_EQ(field(requests.at(1), "x-amz-copy-source"), "here/source");
    EXPECT_EQ(field(requests.at(1), "x-amz-copy-source-if-match"), "\"a\"");
    made(across(), large_bytes);
    EXPECT_EQ(line(requests.at(1)), "POST /there/copy?uploads");
    const auto parts = asked("partNumber=");
    EXPECT_THAT(parts, SizeIs(41));
    EXPECT_THAT(parts, Each(HasSubstr("PUT /there/copy?")));
    EXPECT_THAT(fields(parts, "x-amz-copy-source"), Each("here/source"));
    EXPECT_THAT(fields(parts, "x-amz-copy-source-if-match"), Each("\"a\""));
}

TEST_F(copy_requests, keep_a_KMS_key_unless_told_otherwise) {
    const std::string by_kms =
        "x-amz-server-side-encryption: aws:kms\r\n"
        "x-amz-server-side-encryption-aws-kms-key-id: arn:key\r\n"
        "x-amz-server-side-encryption-bucket-key-enabled: true\r\n";
    for (const auto size : {small_bytes, large_bytes}) {
        made(across(), size, by_kms);
        const auto kept = making(size);
        EXPECT_EQ(field(kept, "x-amz-server-side-encryption"), "aws:kms");
        EXPECT_EQ(field(kept, "x-amz-server-side-encryption-aws-kms-key-id"), "arn:key");
        EXPECT_EQ(field(kept, "x-amz-server-side-encryption-bucket-key-enabled"), "true");
        auto other = across();
        other.object.sse_kms_key_id = "arn:other";
        other.object.server_side_encryption = "aws:kms";
        made(std::move(other), size, by_kms);
        EXPECT_EQ(field(making(size), "x-amz-server-side-encryption-aws-kms-key-id"), "arn:other");
        auto none = across();
        none.object.server_side_encryption = "AES256";
        made(std::move(none), size, by_kms);
        EXPECT_EQ(field(making(size), "x-amz-server-side-encryption"), "AES256");
        EXPECT_EQ(field(making(size), "x-amz-server-side-encryption-aws-kms-key-id"), "");
        made(across(), size, "x-amz-server-side-encryption: AES256\r\n");
        EXPECT_EQ(field(making(size), "x-amz-server-side-encryption"), "");
    }
}

// A key that is missing from one of them would make S3 refuse it, after all parts were copied.
TEST_F(copy_requests, give_the_customers_keys_to_whom_each_belongs) {
    for (const auto size : {small_bytes, large_bytes}) {
        auto request = across();
        encrypt(request);
        moved(std::move(request), size);
        const auto looks = asked("HEAD");
        ASSERT_THAT(looks, SizeIs(3));  // at the source, at the copy, at the source again
        constexpr auto key = "x-amz-server-side-encryption-customer-key";
        EXPECT_EQ(field(looks[0], key), source_key);
        EXPECT_EQ(field(looks[1], key), copy_key);
        EXPECT_EQ(field(looks[2], key), source_key);
        EXPECT_EQ(field(making(size), key), copy_key);
        constexpr auto from = "x-amz-copy-source-server-side-encryption-customer-key";
        const auto copies = asked(size > small_bytes ? "partNumber=" : "PUT");
        EXPECT_THAT(fields(copies, from), Each(source_key)) << size;
        EXPECT_THAT(fields(copies, key), Each(copy_key)) << size;
        if (size > small_bytes) {
            EXPECT_EQ(field(only("POST /there/copy?uploadId=u"), key), copy_key);
        }
    }
}

TEST_F(copy_requests, are_of_the_version_that_was_looked_at) {
    made(across(), large_bytes, "x-amz-version-id: v1\r\nx-amz-tagging-count: 1\r\n");
    EXPECT_THAT(fields(asked("partNumber="), "x-amz-copy-source"),
                Each("here/source?versionId=v1"));
    EXPECT_TRUE(has(only("?tagging"), "versionId=v1"));
    auto named = across();
    named.object.copy_source.version_id = "v0";
    for (const auto size : {small_bytes, large_bytes}) {
        auto request = named;
        made(std::move(request), size);
        EXPECT_EQ(line(requests.at(0)), "HEAD /here/source?versionId=v0");
        EXPECT_THAT(fields(asked("PUT"), "x-amz-copy-source"), Each("here/source?versionId=v0"));
    }
}

// An unnamed one gets a delete marker, and only while it is what was copied.
TEST_F(copy_requests, delete_a_version_of_a_move_only_if_it_was_named) {
    for (const auto size : {small_bytes, large_bytes}) {
        moved(across(), size, "x-amz-version-id: v1\r\n");
        EXPECT_EQ(line(only("DELETE")), "DELETE /here/source") << size;
        EXPECT_EQ(field(only("DELETE"), "If-Match"), "\"a\"");
        auto named = across();
        named.object.copy_source.version_id = "v0";
        moved(std::move(named), size, "x-amz-version-id: v0\r\n");
        EXPECT_EQ(line(only("DELETE")), "DELETE /here/source?versionId=v0") << size;
        EXPECT_EQ(requests.back(), only("DELETE"));
    }
}

TEST_F(copy_requests, keep_tags_and_metadata_beyond_one_request_unless_told_otherwise) {
    tags = "<Tag><Key>a b</Key><Value>c&amp;d</Value></Tag>";
    const std::string described =
        "x-amz-tagging-count: 1\r\nx-amz-meta-from: source\r\nCache-Control: no-store\r\n"
        "Content-Type: text/x-source\r\n";
    made(across(), large_bytes, described);
    const auto kept = only("?uploads");
    EXPECT_EQ(field(kept, "x-amz-tagging"), "a%20b=c%26d");
    EXPECT_EQ(field(kept, "x-amz-meta-from"), "source");
    EXPECT_EQ(field(kept, "Cache-Control"), "no-store");
    EXPECT_EQ(field(kept, "Content-Type"), "text/x-source");
    auto other = across();
    other.object.metadata_directive = s3::metadata_directive::replace;
    other.object.metadata["to"] = "copy";
    other.object.tagging_directive = s3::tagging_directive::replace;
    other.object.tagging = "z=26";
    made(std::move(other), large_bytes, described);
    const auto replaced = only("?uploads");
    EXPECT_EQ(field(replaced, "x-amz-tagging"), "z=26");
    EXPECT_EQ(field(replaced, "x-amz-meta-from"), "");
    EXPECT_EQ(field(replaced, "x-amz-meta-to"), "copy");
    EXPECT_EQ(field(replaced, "Cache-Control"), "");
    EXPECT_THAT(asked("?tagging"), IsEmpty());
}

TEST_F(copy_requests, refuse_to_lose_metadata_that_no_request_can_carry) {
    has_bytes(large_bytes);
    object += "x-amz-missing-meta: 1\r\n";
    const auto e = send(across()).error();
    EXPECT_EQ(e.code(), errc::invalid_argument);
    EXPECT_EQ(e.effect(), effect::not_applied);
    EXPECT_THAT(e.hint(), HasSubstr("metadata_directive"));
    EXPECT_THAT(requests, SizeIs(1));
}

TEST_F(copy_requests, tell_whose_the_buckets_are_expected_to_be_and_who_pays) {
    for (const auto size : {small_bytes, large_bytes}) {
        auto request = across();
        request.object.expected_bucket_owner = "111111111111";
        request.object.expected_source_bucket_owner = "222222222222";
        request.object.request_payer = s3::request_payer::requester;
        const auto all = moved(std::move(request), size, "x-amz-tagging-count: 1\r\n");
        EXPECT_THAT(fields(all, "x-amz-request-payer"), Each("requester")) << size;
        for (const auto& each : all)
            EXPECT_EQ(field(each, "x-amz-expected-bucket-owner"),
                      has(each, " /here/") ? "222222222222" : "111111111111")
                << line(each);
    }
}

}  // namespace
}  // namespace cairn::transfer
