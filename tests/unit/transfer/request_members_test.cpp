#include "s3/operation_table.hpp"
#include "support/scratch.hpp"
#include "unit/transfer/scripted_s3.hpp"

#include <cairn/s3/operations.hpp>
#include <cairn/wire/http.hpp>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <functional>
#include <map>

// Whatever is said of a transfer is said by each of its requests that has a member for it. The
// operations' tables have the last word, so that no member is forgotten that S3 has tomorrow.
namespace cairn::transfer {
namespace {

using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::SizeIs;

/// The texts of members, by S3's names of them.
using members = std::map<std::string, std::string, std::less<>>;

// A transfer has its own bytes, and checksums of them.
bool is_of_bytes(const s3::row& r) {
    return r.type->kind == s3::kind::number || r.name.starts_with("Checksum") ||
           r.name == "ContentMD5" || r.name == "Range";
}

std::string text_for(const s3::row& r) {
    const bool replaces = r.name == "MetadataDirective" || r.name == "TaggingDirective";
    if (!r.values.empty()) return std::string(replaces ? r.values.back() : r.values.front());
    if (r.type->kind == s3::kind::flag) return "true";
    if (r.type->kind != s3::kind::time) return std::string(r.name);
    return r.format == s3::time_format::iso8601 ? "2026-05-04T03:02:01Z"
                                                : "Mon, 04 May 2026 03:02:01 GMT";
}

/// Sets all members of a request that may be set of a transfer.
template <class Request>
members set_all(Request& request) {
    members said;
    for (const auto& r : s3::table_of<Request>().input) {
        const bool travels = r.where == s3::place::header || r.where == s3::place::query;
        if (!travels || r.required || is_of_bytes(r)) continue;
        const auto text = text_for(r);
        EXPECT_TRUE(r.type->from_text(r.write(&request), text, r.format)) << r.name;
        said.emplace(r.name, text);
    }
    if constexpr (requires { request.metadata; }) {
        request.metadata["name"] = "Metadata";
        said.emplace("Metadata", "Metadata");
    }
    return said;
}

members without(members said, std::string_view start) {
    std::erase_if(said, [&](const auto& each) { return each.first.starts_with(start); });
    return said;
}

/// What a copy says of its source, by the names that it has in requests about an object.
members of_source(const members& copy) {
    constexpr std::string_view start = "CopySource";
    members said;
    for (const auto& [name, text] : copy)
        if (name.starts_with(start)) said.emplace(name.substr(start.size()), text);
    said.emplace("ExpectedBucketOwner", copy.at("ExpectedSourceBucketOwner"));
    said.emplace("RequestPayer", copy.at("RequestPayer"));
    return said;
}

template <class Operation>
bool takes(std::string_view name) {
    return std::ranges::any_of(s3::table_of<Operation>().input,
                               [&](const s3::row& r) { return r.name == name; });
}

class request_members : public scripted_s3 {
  protected:
    static options small() {
        auto o = without_threads();
        o.part_size_bytes = o.multipart_threshold_bytes = o.copy_threshold_bytes = 4;
        return o;
    }
    static std::string upload_begun() {
        return test::reply(200,
                           "<InitiateMultipartUploadResult><UploadId>u</UploadId>"
                           "</InitiateMultipartUploadResult>");
    }
    /// Expects that there are such requests, and that each says all that it can say.
    template <class Operation>
    static void expect_said(const std::vector<std::string>& by, const members& said) {
        const auto& table = s3::table_of<Operation>();
        EXPECT_THAT(by, Not(IsEmpty())) << table.name;
        for (const auto& request : by)
            for (const auto& r : table.input) {
                const auto found = said.find(r.name);
                if (found == said.end()) continue;
                EXPECT_EQ(text_in(request, r), found->second) << table.name << ": " << r.name;
            }
    }

  private:
    static std::string text_in(const std::string& request, const s3::row& r) {
        if (r.where == s3::place::prefix_headers)
            return field(request, std::string(r.wire) + "name");
        if (r.where != s3::place::query) return field(request, r.wire);
        const auto parameter = std::string(r.wire) + "=" + wire::percent_encode(text_for(r));
        return has(request, parameter) ? text_for(r) : line(request);
    }
};

// --- Uploads ---

class upload_members : public request_members {
  protected:
    upload_members() {
        std::ofstream(file) << "ten bytes.";
        connect(answering([this](const std::string& request) { return answer_to(request); }),
                small());
    }
    /// What was said of an upload that ended so.
    members sent(bool well, bool resumes = false) {
        upload request(source::file(file), "bucket", "key");
        if (resumes) request.resume_file = directory.path() / "token";
        auto said = set_all(request.object);
        EXPECT_EQ(send(std::move(request)).has_value(), well);
        return said;
    }

    int part_status = 200;
    int completion_status = 200;

  private:
    std::string answer_to(const std::string& request) const {
        if (has(request, "?uploads")) return upload_begun();
        if (has(request, "partNumber=")) return test::reply(part_status, {}, "ETag: \"a\"\r\n");
        if (request.starts_with("DELETE")) return test::reply(204);
        if (request.starts_with("POST"))
            return test::reply(completion_status,
                               "<CompleteMultipartUploadResult><ETag>\"a\"</ETag>"
                               "</CompleteMultipartUploadResult>");
        if (request.starts_with("GET") && completion_status == 200)
            return test::reply(200, "<ListPartsResult></ListPartsResult>");
        return test::reply(404);
    }

    test::scratch_directory directory;
    std::filesystem::path file = directory.path() / "file";
};

TEST_F(upload_members, are_said_by_all_its_requests) {
    part_status = 403;
    sent(false, true);
    part_status = 200;
    const auto said = sent(true, true);
    for (const auto& [name, text] : said)
        EXPECT_TRUE(takes<s3::create_multipart_upload>(name) ||
                    takes<s3::complete_multipart_upload>(name))
            << name << " is lost";
    expect_said<s3::create_multipart_upload>(asked("?uploads"), said);
    expect_said<s3::upload_part>(asked("partNumber="), said);
    expect_said<s3::list_parts>(asked("GET"), said);
    expect_said<s3::complete_multipart_upload>(asked("POST /bucket/key?uploadId"), said);
}

TEST_F(upload_members, are_said_by_its_abort) {
    part_status = 403;
    const auto said = sent(false);
    expect_said<s3::abort_multipart_upload>(asked("DELETE"), said);
    expect_said<s3::list_parts>(asked("GET"), said);
}

TEST_F(upload_members, are_said_by_the_search_for_an_object_that_may_be_stored) {
    completion_status = 500;
    const auto said = sent(false);
    expect_said<s3::list_parts>({asked("GET").at(0)}, said);
    expect_said<s3::head_object>(asked("HEAD"), without(said, "If"));
}

// --- Downloads ---

class download_members : public request_members {
  protected:
    download_members() {
        connect(answering([this](const std::string& request) {
                    return request.starts_with("HEAD") ? "HTTP/1.1 200 OK\r\n" + object + "\r\n"
                                                       : test::reply(403);
                }),
                small());
    }
    /// A look brings no body to describe otherwise.
    void expect_said_by_all(const members& said) const {
        expect_said<s3::head_object>(asked("HEAD"), without(said, "Response"));
        auto of_parts = said;
        of_parts["IfMatch"] = "\"a\"";
        expect_said<s3::get_object>(asked("GET"), of_parts);
    }
    test::scratch_directory directory;
};

TEST_F(download_members, are_said_by_all_its_requests) {
    download request("bucket", "key", directory.path() / "out");
    const auto said = set_all(request.object);
    EXPECT_FALSE(send(std::move(request)));
    expect_said_by_all(said);
}

TEST_F(download_members, are_said_by_all_requests_of_an_opened_object) {
    s3::get_object request("bucket", "key");
    const auto said = set_all(request);
    auto opened = run(transfers->open(std::move(request)));
    std::string piece(1, '\0');
    EXPECT_FALSE(run(opened.value().body.read_some(asio::buffer(piece))));
    expect_said_by_all(said);
}

// --- Copies ---

constexpr std::uint64_t small_bytes = 10;
constexpr std::uint64_t large_bytes = (5ULL << 30U) + 1;

class copy_members : public request_members {
  protected:
    /// What was said of an object of this size that was moved.
    members moved(std::uint64_t size) {
        has_bytes(size);
        requests.clear();
        copy request("here", "source", "there", "copy");
        auto said = set_all(request.object);
        EXPECT_TRUE(send(move(std::move(request))));
        return said;
    }
};

// The looks are at the source, at the copy, and at the source again.
TEST_F(copy_members, are_said_by_all_requests_about_the_source_and_the_copy) {
    for (const auto size : {small_bytes, large_bytes}) {
        const auto said = moved(size);
        auto source = of_source(said);
        const auto looks = asked("HEAD");
        ASSERT_THAT(looks, SizeIs(3));
        expect_said<s3::head_object>({looks[0]}, source);
        expect_said<s3::head_object>({looks[1]}, without(said, "If"));
        source["IfMatch"] = "\"a\"";
        expect_said<s3::head_object>({looks[2]}, source);
        expect_said<s3::delete_object>(asked("DELETE"), source);
    }
}

TEST_F(copy_members, are_said_by_all_that_make_the_copy) {
    auto said = moved(small_bytes);
    said["CopySourceIfMatch"] = "\"a\"";
    expect_said<s3::copy_object>(asked("PUT"), said);
    said = moved(large_bytes);
    expect_said<s3::create_multipart_upload>(asked("?uploads"), said);
    expect_said<s3::upload_part_copy>(asked("partNumber="), without(said, "CopySourceIf"));
    expect_said<s3::complete_multipart_upload>(asked("POST /there/copy?uploadId"), said);
}

TEST_F(copy_members, are_said_where_tags_are_kept) {
    has_bytes(large_bytes);
    object += "x-amz-tagging-count: 1\r\n";
    copy request("here", "source", "there", "copy");
    const auto said = set_all(request.object);
    request.object.tagging_directive = s3::tagging_directive::copy;
    EXPECT_TRUE(send(std::move(request)));
    expect_said<s3::get_object_tagging>(asked("?tagging"), of_source(said));
}

TEST_F(copy_members, are_said_by_its_abort) {
    connect(answering([this](const std::string& request) {
        if (request.starts_with("HEAD")) return "HTTP/1.1 200 OK\r\n" + object + "\r\n";
        return has(request, "?uploads") ? upload_begun() : test::reply(403);
    }));
    has_bytes(large_bytes);
    copy request("here", "source", "there", "copy");
    const auto said = set_all(request.object);
    EXPECT_FALSE(send(std::move(request)));
    expect_said<s3::abort_multipart_upload>(asked("DELETE"), said);
}

}  // namespace
}  // namespace cairn::transfer
