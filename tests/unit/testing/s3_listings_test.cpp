#include "unit/testing/s3_core_fixture.hpp"

namespace cairn::testing::simulated {
namespace {

using ::testing::ElementsAre;

class s3_listings : public core_test {
  protected:
    void put_all(const std::vector<std::string>& keys) {
        for (const auto& key : keys) put(wire::percent_encode(key, true), key);
    }
    /// What a listing of version 2 with these parameters gives, page after page.
    struct seen {
        std::vector<std::string> keys;
        std::vector<std::string> prefixes;
        int pages = 0;
    };
    seen list(const std::string& parameters) {
        seen s;
        std::string token;
        do {
            const auto r = good("GET", "/bucket?list-type=2&" + parameters + token);
            append(s.keys, all(r, "Contents/Key"));
            append(s.prefixes, all(r, "CommonPrefixes/Prefix"));
            token = text(r, "NextContinuationToken");
            EXPECT_EQ(text(r, "IsTruncated"), token.empty() ? "false" : "true");
            if (!token.empty()) token = "&continuation-token=" + token;
            ++s.pages;
        } while (!token.empty());
        return s;
    }
    static void append(std::vector<std::string>& to, const std::vector<std::string>& more) {
        to.insert(to.end(), more.begin(), more.end());
    }
};

TEST_F(s3_listings, are_in_the_order_of_bytes) {
    put_all({"b", "a", "B", "\xef\xbd\x9e", "\xf0\x9f\x98\x80", "a/b", "a-b"});
    EXPECT_THAT(list("").keys,
                ElementsAre("B", "a", "a-b", "a/b", "b", "\xef\xbd\x9e", "\xf0\x9f\x98\x80"));
}

TEST_F(s3_listings, are_of_a_prefix) {
    put_all({"a/1", "a/2", "ab", "b"});
    EXPECT_THAT(list("prefix=a%2F").keys, ElementsAre("a/1", "a/2"));
    EXPECT_THAT(list("prefix=none").keys, ElementsAre());
}

TEST_F(s3_listings, roll_keys_into_prefixes) {
    put_all({"a/1", "a/2", "b", "c/1", "c/2/3"});
    const auto top = list("delimiter=%2F");
    EXPECT_THAT(top.keys, ElementsAre("b"));
    EXPECT_THAT(top.prefixes, ElementsAre("a/", "c/"));
    const auto below = list("delimiter=%2F&prefix=c%2F");
    EXPECT_THAT(below.keys, ElementsAre("c/1"));
    EXPECT_THAT(below.prefixes, ElementsAre("c/2/"));
}

TEST_F(s3_listings, go_on_where_a_page_ended) {
    put_all({"a/1", "a/2", "b", "c/1", "c/2", "d"});
    for (const int size : {1, 2, 3}) {
        const auto parameters = "max-keys=" + std::to_string(size);
        EXPECT_THAT(list(parameters).keys, ElementsAre("a/1", "a/2", "b", "c/1", "c/2", "d"));
        const auto rolled = list(parameters + "&delimiter=%2F");
        EXPECT_THAT(rolled.keys, ElementsAre("b", "d"));
        EXPECT_THAT(rolled.prefixes, ElementsAre("a/", "c/"));
        EXPECT_EQ(rolled.pages, (4 + size - 1) / size);
    }
}

// A page is of the moment at which it is asked for.
TEST_F(s3_listings, see_what_is_written_between_pages) {
    put_all({"a", "c"});
    const auto first = good("GET", "/bucket?list-type=2&max-keys=1");
    put("b", "v");
    send("DELETE", "/bucket/c");
    const auto second = good(
        "GET", "/bucket?list-type=2&continuation-token=" + text(first, "NextContinuationToken"));
    EXPECT_THAT(all(second, "Contents/Key"), ElementsAre("b"));
}

TEST_F(s3_listings, start_after_a_key) {
    put_all({"a", "b", "c"});
    EXPECT_THAT(list("start-after=b").keys, ElementsAre("c"));
    EXPECT_THAT(list("start-after=aa").keys, ElementsAre("b", "c"));
}

TEST_F(s3_listings, have_a_thousand_keys_at_most) {
    for (int i = 0; i < 1001; ++i) put(std::to_string(10000 + i), "");
    EXPECT_EQ(list("max-keys=5000").pages, 2);
    EXPECT_EQ(text(good("GET", "/bucket?list-type=2&max-keys=5000"), "MaxKeys"), "1000");
    const auto none = good("GET", "/bucket?list-type=2&max-keys=0");
    EXPECT_EQ(text(none, "IsTruncated"), "false");
    EXPECT_EQ(text(none, "KeyCount"), "0");
}

TEST_F(s3_listings, encode_keys_on_request) {
    put_all({"a b+c/d%"});
    EXPECT_THAT(list("encoding-type=url").keys, ElementsAre("a+b%2Bc/d%25"));
    EXPECT_THAT(list("").keys, ElementsAre("a b+c/d%"));
}

TEST_F(s3_listings, have_owners_on_request) {
    put("k", "v");
    EXPECT_EQ(text(good("GET", "/bucket?list-type=2"), "Contents/Owner/ID"), "");
    EXPECT_NE(text(good("GET", "/bucket?list-type=2&fetch-owner=true"), "Contents/Owner/ID"), "");
}

TEST_F(s3_listings, refuse_what_they_can_not_read) {
    for (const std::string wrong :
         {"list-type=3", "list-type=2&max-keys=-1", "list-type=2&max-keys=x",
          "list-type=2&encoding-type=other", "list-type=2&continuation-token=nonsense",
          "list-type=2&continuation-token=1", "versions&version-id-marker=null"})
        expect_refused(send("GET", "/bucket?" + wrong), 400, "InvalidArgument");
}

TEST_F(s3_listings, of_the_first_version_go_on_behind_a_marker) {
    put_all({"a/1", "a/2", "b", "c"});
    auto r = good("GET", "/bucket?max-keys=2&delimiter=%2F");
    EXPECT_THAT(all(r, "Contents/Key"), ElementsAre("b"));
    EXPECT_EQ(text(r, "NextMarker"), "b");
    r = good("GET", "/bucket?marker=b");
    EXPECT_THAT(all(r, "Contents/Key"), ElementsAre("c"));
    r = good("GET", "/bucket?delimiter=%2F&marker=a%2F");
    EXPECT_THAT(all(r, "CommonPrefixes/Prefix"), ElementsAre());
    EXPECT_THAT(all(r, "Contents/Key"), ElementsAre("b", "c"));
}

// --- Versions
// -------------------------------------------------------------------------------------

class s3_versions : public core_test {
  protected:
    s3_versions() { keep("Enabled"); }
    void keep(const std::string& status) {
        good("PUT", "/bucket?versioning", {},
             "<VersioningConfiguration><Status>" + status + "</Status></VersioningConfiguration>");
    }
    std::string id_of(const reply& r) { return std::string(r.headers["x-amz-version-id"]); }
    std::string write(const std::string& body) { return id_of(good("PUT", "/bucket/k", {}, body)); }
    reply read(const std::string& id) { return send("GET", "/bucket/k?versionId=" + id); }
};

TEST_F(s3_versions, are_told_of_a_bucket) {
    EXPECT_EQ(text(good("GET", "/bucket?versioning"), "Status"), "Enabled");
    good("PUT", "/plain");
    EXPECT_EQ(text(good("GET", "/plain?versioning"), "Status"), "");
}

TEST_F(s3_versions, are_kept) {
    const auto first = write("first");
    const auto second = write("second");
    EXPECT_NE(first, second);
    EXPECT_EQ(get("k"), "second");
    EXPECT_EQ(read(first).body, "first");
    EXPECT_EQ(read(second).headers["x-amz-version-id"], second);
    expect_refused(read(std::string(32, 'X')), 404, "NoSuchVersion");
    expect_refused(read("nonsense"), 400, "InvalidArgument");
}

TEST_F(s3_versions, end_in_delete_markers) {
    const auto first = write("first");
    const auto deleted = good("DELETE", "/bucket/k");
    EXPECT_EQ(deleted.headers["x-amz-delete-marker"], "true");
    const auto marker = id_of(deleted);

    const auto gone = send("GET", "/bucket/k");
    expect_refused(gone, 404, "NoSuchKey");
    EXPECT_EQ(gone.headers["x-amz-delete-marker"], "true");
    EXPECT_EQ(id_of(gone), marker);
    const auto r = read(marker);
    expect_refused(r, 405, "MethodNotAllowed");
    EXPECT_EQ(r.headers["Allow"], "DELETE");
    EXPECT_EQ(read(first).body, "first");
    EXPECT_TRUE(all(good("GET", "/bucket?list-type=2"), "Contents/Key").empty());
    expect_refused(send("DELETE", "/bucket"), 409, "BucketNotEmpty");

    const auto undeleted = good("DELETE", "/bucket/k?versionId=" + marker);
    EXPECT_EQ(undeleted.headers["x-amz-delete-marker"], "true");
    EXPECT_EQ(get("k"), "first");
    good("DELETE", "/bucket/k?versionId=" + first);
    EXPECT_EQ(send("DELETE", "/bucket").status, 204u);
}

TEST_F(s3_versions, free_a_key_by_deletion) {
    write("first");
    expect_refused(send("PUT", "/bucket/k", {{"If-None-Match", "*"}}, "second"), 412,
                   "PreconditionFailed");
    good("DELETE", "/bucket/k");
    expect_ok(send("PUT", "/bucket/k", {{"If-None-Match", "*"}}, "second"));
}

TEST_F(s3_versions, are_no_more_when_suspended) {
    const auto kept = write("kept");
    keep("Suspended");
    EXPECT_EQ(write("null one"), "null");
    EXPECT_EQ(write("null two"), "null");
    EXPECT_EQ(read("null").body, "null two");
    EXPECT_EQ(id_of(good("DELETE", "/bucket/k")), "null");
    expect_refused(read("null"), 405, "MethodNotAllowed");
    EXPECT_EQ(read(kept).body, "kept");
}

TEST_F(s3_versions, include_what_was_there_before) {
    good("PUT", "/plain");
    good("PUT", "/plain/k", {}, "before");
    good("PUT", "/plain?versioning", {},
         "<VersioningConfiguration><Status>Enabled</Status></VersioningConfiguration>");
    good("PUT", "/plain/k", {}, "after");
    EXPECT_EQ(good("GET", "/plain/k?versionId=null").body, "before");
    EXPECT_EQ(good("GET", "/plain/k").body, "after");
}

TEST_F(s3_versions, are_copied_from) {
    const auto first = write("first");
    write("second");
    const auto r =
        good("PUT", "/bucket/copy", {{"x-amz-copy-source", "bucket/k?versionId=" + first}});
    EXPECT_EQ(r.headers["x-amz-copy-source-version-id"], first);
    EXPECT_EQ(get("copy"), "first");
}

TEST_F(s3_versions, are_deleted_in_batches) {
    const auto first = write("first");
    const auto body = "<Delete><Object><Key>k</Key><VersionId>" + first +
                      "</VersionId></Object><Object><Key>k</Key></Object></Delete>";
    const auto r =
        good("POST", "/bucket?delete", {{"Content-MD5", to_base64(as_bytes(md5(body)))}}, body);
    EXPECT_THAT(all(r, "Deleted/VersionId"), ElementsAre(first));
    EXPECT_THAT(all(r, "Deleted/DeleteMarker"), ElementsAre("true"));
    expect_refused(read(first), 404, "NoSuchVersion");
}

TEST_F(s3_versions, are_listed_newest_first_page_by_page) {
    const auto first = write("first");
    const auto marker = id_of(good("DELETE", "/bucket/k"));
    const auto last = write("last");
    put("a", "v");
    const auto whole = good("GET", "/bucket?versions");
    EXPECT_THAT(all(whole, "Version/Key"), ElementsAre("a", "k", "k"));
    EXPECT_THAT(all(whole, "DeleteMarker/VersionId"), ElementsAre(marker));
    EXPECT_THAT(all(whole, "Version/IsLatest"), ElementsAre("true", "true", "false"));

    std::vector<std::string> ids;
    std::string next;
    do {
        const auto page = good("GET", "/bucket?versions&max-keys=1" + next);
        for (const std::string kind : {"Version", "DeleteMarker"})
            for (const auto& id : all(page, kind + "/VersionId")) ids.push_back(id);
        next = text(page, "IsTruncated") == "false"
                   ? ""
                   : "&key-marker=" + text(page, "NextKeyMarker") +
                         "&version-id-marker=" + text(page, "NextVersionIdMarker");
    } while (!next.empty());
    ASSERT_EQ(ids.size(), 4u);
    ids.erase(ids.begin());
    EXPECT_THAT(ids, ElementsAre(last, marker, first));
}

TEST_F(s3_versions, are_listed_once_whatever_is_written_between_pages) {
    const auto first = write("first");
    const auto marker = id_of(good("DELETE", "/bucket/k"));
    const auto last = write("last");
    put("z", "v");
    const auto page = good("GET", "/bucket?versions&max-keys=2");
    EXPECT_THAT(all(page, "Version/VersionId"), ElementsAre(last));
    EXPECT_THAT(all(page, "DeleteMarker/VersionId"), ElementsAre(marker));
    put("a", "before the page's end");
    write("newer than what was listed");
    good("DELETE", "/bucket/z");
    const auto rest = good("GET", "/bucket?versions&key-marker=" + text(page, "NextKeyMarker") +
                                      "&version-id-marker=" + text(page, "NextVersionIdMarker"));
    EXPECT_THAT(all(rest, "Version/Key"), ElementsAre("k", "z"));
    EXPECT_THAT(all(rest, "Version/VersionId").front(), first);
    EXPECT_THAT(all(rest, "DeleteMarker/Key"), ElementsAre("z"));
}

}  // namespace
}  // namespace cairn::testing::simulated
