#include "unit/s3/recorded_server.hpp"

#include <cairn/transfer.hpp>

#include <gmock/gmock.h>

// Uploads that are aborted while a part is on its way, which may be stored after the abort.
namespace cairn::transfer {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

constexpr std::string_view created =
    "<InitiateMultipartUploadResult><UploadId>u</UploadId></InitiateMultipartUploadResult>";
constexpr std::string_view listed =
    "<ListPartsResult><Part><PartNumber>1</PartNumber></Part></ListPartsResult>";
constexpr std::string_view no_upload = "<Error><Code>NoSuchUpload</Code></Error>";

std::string reply(std::string_view status, std::string_view document) {
    return "HTTP/1.1 " + std::string(status) +
           "\r\nContent-Length: " + std::to_string(document.size()) + "\r\n\r\n" +
           std::string(document);
}

class aborted_uploads : public s3::recorded_server {
  protected:
    /// How an upload ends that is refused a part; the server lists its parts so often after it was
    /// aborted.
    error end_of_upload(int listings, std::string_view answer_then = "404 Not Found") {
        const auto answer = [this, listings, answer_then](const std::string& request) mutable {
            if (request.starts_with("POST")) return reply("200 OK", created);
            if (request.starts_with("PUT")) return reply("403 Forbidden", "");
            if (request.starts_with("DELETE")) ++aborts;
            if (request.starts_with("DELETE")) return reply("204 No Content", "");
            return listings-- > 0 ? reply("200 OK", listed) : reply(answer_then, no_upload);
        };
        auto client =
            s3::client::create(config_for(answering(answer), test::constant_random::side::least));
        options o;
        o.multipart_threshold_bytes = 0;
        o.file_threads = 0;
        error failed;
        {
            const manager transfers(std::move(*client), o);
            const auto ended = run(transfers.send(upload(source::bytes("data"), "bucket", "key")));
            EXPECT_FALSE(ended.has_value());
            if (!ended) failed = ended.error();
        }
        settle();
        EXPECT_EQ(failed.code(), errc::access_denied);
        return failed;
    }

    int aborts = 0;
};

TEST_F(aborted_uploads, are_aborted_again_while_parts_are_listed) {
    EXPECT_THAT(end_of_upload(2).hint(), Not(HasSubstr("aborted")));
    EXPECT_EQ(aborts, 3);
}

TEST_F(aborted_uploads, whose_parts_keep_coming_are_named) {
    EXPECT_THAT(end_of_upload(3).hint(), HasSubstr("the upload \"u\" could not be aborted"));
    EXPECT_EQ(aborts, 3);
}

TEST_F(aborted_uploads, count_as_gone_for_those_who_may_not_list_parts) {
    EXPECT_THAT(end_of_upload(0, "403 Forbidden").hint(), Not(HasSubstr("aborted")));
    EXPECT_EQ(aborts, 1);
}

}  // namespace
}  // namespace cairn::transfer
