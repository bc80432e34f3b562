#include "integration/raw_requests.hpp"

#include <cairn/core/bytes.hpp>

namespace cairn::test {
namespace {

using ::testing::ElementsAre;

/// Buckets that keep versions.
class versions : public raw_requests {
  protected:
    void SetUp() override {
        raw_requests::SetUp();
        keep("Enabled");
    }
    void keep(const std::string& status) {
        done("PUT", "?versioning", {},
             "<VersioningConfiguration xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\"><Status>" +
                 status + "</Status></VersioningConfiguration>");
    }
    static std::string id_of(const answer& a) { return std::string(a.headers["x-amz-version-id"]); }
    std::string write(const std::string& body) { return id_of(done("PUT", "/k", {}, body)); }
    answer read(const std::string& id) { return ask("GET", "/k?versionId=" + id); }
};

TEST_F(versions, are_told_of_a_bucket) {
    EXPECT_EQ(done("GET", "?versioning").text("Status"), "Enabled");
    keep("Suspended");
    EXPECT_EQ(done("GET", "?versioning").text("Status"), "Suspended");
}

TEST_F(versions, are_kept) {
    const auto first = write("first");
    const auto second = write("second");
    EXPECT_NE(first, second);
    EXPECT_EQ(done("GET", "/k").body, "second");
    EXPECT_EQ(id_of(done("GET", "/k")), second);
    EXPECT_EQ(read(first).body, "first");
    EXPECT_EQ(id_of(read(first)), first);
}

TEST_F(versions, end_in_a_delete_marker) {
    const auto first = write("first");
    const auto deleted = ask("DELETE", "/k");
    EXPECT_EQ(deleted.status, 204u);
    EXPECT_EQ(deleted.headers["x-amz-delete-marker"], "true");
    const auto gone = ask("GET", "/k");
    EXPECT_TRUE(is_refusal(gone, 404, "NoSuchKey"));
    EXPECT_EQ(read(first).body, "first");
    EXPECT_TRUE(done("GET", "?list-type=2").all("Contents/Key").empty());
}

TEST_F(versions, tell_of_the_delete_marker_that_hides_them) {
    write("first");
    const auto marker = id_of(done("DELETE", "/k"));
    const auto gone = ask("GET", "/k");
    EXPECT_EQ(gone.headers["x-amz-delete-marker"], "true");
    EXPECT_EQ(id_of(gone), marker);
}

TEST_F(versions, that_are_delete_markers_can_not_be_read) {
    write("first");
    const auto marker = read(id_of(done("DELETE", "/k")));
    EXPECT_TRUE(is_refusal(marker, 405, "MethodNotAllowed"));
    EXPECT_EQ(marker.headers["x-amz-delete-marker"], "true");
}

TEST_F(versions, come_back_when_the_delete_marker_goes) {
    write("first");
    const auto marker = id_of(done("DELETE", "/k"));
    const auto undeleted = done("DELETE", "/k?versionId=" + marker);
    EXPECT_EQ(undeleted.headers["x-amz-delete-marker"], "true");
    EXPECT_EQ(done("GET", "/k").body, "first");
}

TEST_F(versions, are_deleted_for_good) {
    const auto first = write("first");
    const auto second = write("second");
    EXPECT_EQ(id_of(done("DELETE", "/k?versionId=" + second)), second);
    EXPECT_EQ(done("GET", "/k").body, "first");
    done("DELETE", "/k?versionId=" + first);
    EXPECT_TRUE(is_refusal(read(first), 404, "NoSuchVersion"));
    EXPECT_TRUE(is_refusal(ask("GET", "/k"), 404, "NoSuchKey"));
}

TEST_F(versions, leave_a_free_key_behind_their_delete_marker) {
    write("first");
    const fields creation{{"If-None-Match", "*"}};
    EXPECT_TRUE(is_refusal(ask("PUT", "/k", creation, "second"), 412, "PreconditionFailed"));
    done("DELETE", "/k");
    EXPECT_EQ(ask("PUT", "/k", creation, "second").status, 200u);
    EXPECT_EQ(done("GET", "/k").body, "second");
}

TEST_F(versions, are_replaced_when_suspended) {
    const auto kept = write("kept");
    keep("Suspended");
    write("null one");
    write("null two");
    EXPECT_EQ(read("null").body, "null two");
    EXPECT_EQ(read(kept).body, "kept");
    EXPECT_EQ(done("GET", "?versions").all("Version/VersionId").size(), 2u);
}

TEST_F(versions, are_hidden_by_a_null_marker_when_suspended) {
    const auto kept = write("kept");
    keep("Suspended");
    write("null one");
    EXPECT_EQ(id_of(done("DELETE", "/k")), "null");
    EXPECT_TRUE(is_refusal(read("null"), 405, "MethodNotAllowed"));
    EXPECT_EQ(read(kept).body, "kept");
}

TEST_F(versions, are_listed_newest_first) {
    const auto first = write("first");
    const auto second = write("second");
    const auto marker = id_of(done("DELETE", "/k"));
    done("PUT", "/a", {}, "another");
    const auto listed = done("GET", "?versions");
    EXPECT_THAT(listed.all("Version/Key"), ElementsAre("a", "k", "k"));
    EXPECT_THAT(listed.all("DeleteMarker/VersionId"), ElementsAre(marker));
    EXPECT_THAT(listed.all("Version/IsLatest"), ElementsAre("true", "false", "false"));
    const auto ids = listed.all("Version/VersionId");
    ASSERT_EQ(ids.size(), 3u);
    EXPECT_EQ(ids[1], second);
    EXPECT_EQ(ids[2], first);
}

TEST_F(versions, are_listed_page_by_page) {
    const auto first = write("first");
    const auto marker = id_of(done("DELETE", "/k"));
    const auto last = write("last");
    std::vector<std::string> ids;
    std::string next;
    do {
        const auto page = done("GET", "?versions&max-keys=1" + next);
        for (const std::string kind : {"Version", "DeleteMarker"})
            for (const auto& id : page.all(kind + "/VersionId")) ids.push_back(id);
        next = page.text("IsTruncated") != "true"
                   ? ""
                   : "&key-marker=" + page.text("NextKeyMarker") + "&version-id-marker=" +
                         wire::percent_encode(page.text("NextVersionIdMarker"));
    } while (!next.empty() && ids.size() < 10);
    EXPECT_THAT(ids, ElementsAre(last, marker, first));
}

TEST_F(versions, are_copied_from) {
    const auto first = write("first");
    write("second");
    const auto copied =
        done("PUT", "/copy", {{"x-amz-copy-source", bucket + "/k?versionId=" + first}});
    EXPECT_EQ(copied.headers["x-amz-copy-source-version-id"], first);
    EXPECT_EQ(done("GET", "/copy").body, "first");
}

TEST_F(versions, that_do_not_exist_are_refused) {
    write("first");
    EXPECT_TRUE(is_refusal(read("nonsense"), 400, "InvalidArgument"));
}

TEST_F(versions, keep_a_bucket_from_being_deleted) {
    write("first");
    done("DELETE", "/k");
    EXPECT_TRUE(is_refusal(ask("DELETE", ""), 409, "BucketNotEmpty"));
}

}  // namespace
}  // namespace cairn::test
