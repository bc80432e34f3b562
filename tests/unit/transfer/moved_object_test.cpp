#include "unit/transfer/scripted_s3.hpp"

// Moves whose copy is another object, by the checksum that S3 keeps of it.
namespace cairn::transfer {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

class moved_objects : public scripted_s3 {
  protected:
    /// How a move ends of a source and a copy that S3 tells these fields of.
    result<copy_output> moved(const std::string& of_source, const std::string& of_copy) {
        requests.clear();
        connect(answering([=, this](const std::string& request) {
            if (request.starts_with("HEAD")) return head_of(request, of_source, of_copy);
            if (request.starts_with("DELETE"))
                return std::string("HTTP/1.1 204 No Content\r\n\r\n");
            return test::reply(200, "<CopyObjectResult><ETag>\"a\"</ETag></CopyObjectResult>",
                               "x-amz-version-id: v2\r\n");
        }));
        return send(move("here", "source", "there", "copy"));
    }
    static std::string crc32(const std::string& value) {
        return "x-amz-checksum-crc32: " + value + "\r\n";
    }

  private:
    // S3 tells a checksum only to whom asks for it.
    std::string head_of(const std::string& request, const std::string& of_source,
                        const std::string& of_copy) const {
        const bool tells = field(request, "x-amz-checksum-mode") == "ENABLED";
        const auto& sum = has(request, "/source") ? of_source : of_copy;
        return "HTTP/1.1 200 OK\r\n" + object + (tells ? sum : "") + "\r\n";
    }
};

TEST_F(moved_objects, keep_their_source_when_the_copy_has_another_checksum) {
    const auto e = moved(crc32("AAAAAA=="), crc32("AAAAAQ==")).error();
    EXPECT_EQ(e.code(), errc::precondition_failed);
    EXPECT_THAT(e.what(), HasSubstr("is not the copy"));
    EXPECT_THAT(asked("DELETE"), IsEmpty());
}

TEST_F(moved_objects, are_compared_with_the_version_that_was_made) {
    EXPECT_TRUE(moved("", ""));
    EXPECT_EQ(line(asked("HEAD").at(1)), "HEAD /there/copy?versionId=v2");
}

// One of parts depends on the parts, and not all objects have one.
TEST_F(moved_objects, go_where_no_checksum_can_be_compared) {
    const std::string whole = crc32("AAAAAA==");
    for (const auto& of_copy : {whole, crc32("AAAAAQ==-2"), std::string()}) {
        EXPECT_TRUE(moved(whole, of_copy)) << of_copy;
        EXPECT_THAT(asked("DELETE"), SizeIs(1)) << of_copy;
    }
    EXPECT_TRUE(moved(crc32("AAAAAA==-1"), crc32("AAAAAQ==-2")));
}

}  // namespace
}  // namespace cairn::transfer
