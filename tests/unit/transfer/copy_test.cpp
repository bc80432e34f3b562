#include "transfer/checksum_member.hpp"
#include "unit/transfer/fixture.hpp"

#include <cairn/core/bytes.hpp>

namespace cairn::transfer {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Pair;
using testing::s3_call;
using testing::s3_fault;
using ::testing::UnorderedElementsAre;

/// Copies and moves in a simulated S3 in which more than 2,000 bytes go in parts of 1,000.
class copy_test : public transfer_test {
  protected:
    copy_test() {
        auto small_copies = small();
        small_copies.copy_threshold_bytes = threshold_bytes;
        transfers = manager(client, small_copies);
        s3.create_bucket("other");
    }
    void put_source(const std::string& data) {
        s3::put_object request("bucket", "source");
        request.body = data;
        request.content_type = "text/x-source";
        request.cache_control = "no-store";
        request.metadata["from"] = "source";
        request.tagging = "a=1&b%20c=d%2Be";
        good(client.send(std::move(request)));
    }
    static copy to(const std::string& key) {
        copy request("bucket", "source", "other", key);
        request.part_size_bytes = part_bytes;
        return request;
    }
    static move away(const std::string& key) { return move(to(key)); }
    std::string stored(const std::string& key) { return s3.object("other", key).value_or(""); }
    std::vector<std::pair<std::string, std::string>> tags_of(const std::string& key) {
        std::vector<std::pair<std::string, std::string>> all;
        for (const auto& each : good(client.send(s3::get_object_tagging("other", key))).tag_set)
            all.emplace_back(each.key, each.value);
        return all;
    }
    /// What goes wrong with the n-th request of an operation.
    void fail(const std::string& operation, const s3_fault& fault, std::size_t n = 0) {
        s3.follow([=](const s3_call& call) {
            return call.operation == operation && call.nth == n ? fault : s3_fault();
        });
    }
    /// Has another store "newer" while the first request of an operation is answered late.
    void meanwhile(const std::string& operation, const std::string& asked_of,
                   const std::string& bucket, const std::string& key) {
        s3.follow([=, this, done = false](const s3_call& call) mutable {
            if (done || call.operation != operation || call.bucket != asked_of) return s3_fault();
            done = true;
            world.spawn(store(client, bucket, key));
            return s3_fault::slow_reply(std::chrono::seconds(1));
        });
    }
    static awaitable<void> store(s3::client client, std::string bucket, std::string key) {
        co_await client.put_object(bucket, key, "newer");
    }
    void expect_no_upload(int n) const { EXPECT_EQ(s3.uploads("other"), 0U) << n; }
};

TEST_F(copy_test, copies_by_one_request_up_to_the_threshold) {
    for (const std::size_t size : {std::size_t(0), std::size_t(1), std::size_t(threshold_bytes)}) {
        put_source(content(size));
        const auto made = good(transfers.send(to("k")));
        EXPECT_EQ(made.parts, 0u);
        EXPECT_EQ(made.size_bytes, size);
        EXPECT_EQ(made.etag, good(client.head_object("other", "k")).etag);
        EXPECT_TRUE(stored("k") == content(size));
    }
    EXPECT_EQ(asked("CreateMultipartUpload"), 0u);
}

TEST_F(copy_test, copies_in_parts_beyond_the_threshold) {
    for (const std::size_t size : {2001, 2999, 3000, 3001}) {
        put_source(content(size));
        auto request = to("k");
        std::vector<std::uint64_t> heard;
        request.on_progress = [&](const progress& p) {
            heard.push_back(p.bytes);
            EXPECT_EQ(p.total_bytes, size);
        };
        const auto made = good(transfers.send(std::move(request)));
        EXPECT_EQ(made.parts, (size + part_bytes - 1) / part_bytes);
        EXPECT_EQ(made.size_bytes, size);
        EXPECT_EQ(made.etag, good(client.head_object("other", "k")).etag);
        EXPECT_TRUE(stored("k") == content(size));
        EXPECT_EQ(heard.size(), made.parts);
        EXPECT_EQ(heard.back(), size);
    }
    EXPECT_EQ(s3.uploads("other"), 0u);
}

// However large it is.
TEST_F(copy_test, keeps_what_s3_keeps_with_the_source) {
    for (const std::size_t size : {10, 3000}) {
        put_source(content(size));
        auto request = to("k");
        request.object.content_type = "ignored, for nothing is to be replaced";
        good(transfers.send(std::move(request)));
        const auto head = good(client.head_object("other", "k"));
        EXPECT_EQ(head.content_type, "text/x-source") << size;
        EXPECT_EQ(head.cache_control, "no-store") << size;
        EXPECT_THAT(head.metadata, ElementsAre(Pair("from", "source"))) << size;
        EXPECT_THAT(tags_of("k"), UnorderedElementsAre(Pair("a", "1"), Pair("b c", "d+e"))) << size;
    }
}

TEST_F(copy_test, replaces_what_it_is_told_to) {
    for (const std::size_t size : {10, 3000}) {
        put_source(content(size));
        auto request = to("k");
        request.object.metadata_directive = s3::metadata_directive::replace;
        request.object.tagging_directive = s3::tagging_directive::replace;
        request.object.content_type = "text/x-copy";
        request.object.metadata["to"] = "copy";
        request.object.tagging = "z=26";
        good(transfers.send(std::move(request)));
        const auto head = good(client.head_object("other", "k"));
        EXPECT_EQ(head.content_type, "text/x-copy") << size;
        EXPECT_FALSE(head.cache_control) << size;
        EXPECT_THAT(head.metadata, ElementsAre(Pair("to", "copy"))) << size;
        EXPECT_THAT(tags_of("k"), ElementsAre(Pair("z", "26"))) << size;
    }
}

// As by one request: the checksum is of the whole object wherever that can be.
TEST_F(copy_test, has_the_checksum_that_was_asked_for) {
    using enum codec::checksum_algorithm;
    for (const auto algorithm : {crc32, crc32c, crc64nvme, sha1, sha256})
        for (const std::size_t size : {10, 3000}) {
            put_source(content(size));
            auto request = to("k");
            request.object.checksum_algorithm = std::string(codec::name_of(algorithm));
            good(transfers.send(std::move(request)));
            s3::head_object look("other", "k");
            look.checksum_mode = s3::checksum_mode::enabled;
            const auto head = good(client.send(std::move(look)));
            const bool whole = size == 10 || (algorithm != sha1 && algorithm != sha256);
            EXPECT_EQ(head.checksum_type,
                      whole ? s3::checksum_type::full_object : s3::checksum_type::composite)
                << codec::name_of(algorithm) << " of " << size;
            const auto data = content(size);
            const auto expected = codec::checksum_of(algorithm, as_bytes(data)).base64();
            const auto found = checksum_member(head, algorithm);
            EXPECT_TRUE(!whole || found == expected) << codec::name_of(algorithm);
        }
}

TEST_F(copy_test, of_no_tags_asks_for_none) {
    good(client.put_object("bucket", "source", content(3000)));
    good(transfers.send(to("k")));
    EXPECT_EQ(asked("GetObjectTagging"), 0u);
}

TEST_F(copy_test, of_nothing_fails) {
    const auto e = bad(transfers.send(to("k")));
    EXPECT_EQ(e.code(), errc::not_found);
    EXPECT_EQ(e.effect(), effect::not_applied);
    EXPECT_THAT(e.what(), HasSubstr("s3://bucket/source"));
}

TEST_F(copy_test, holds_to_its_conditions) {
    for (const std::size_t size : {10, 3000}) {
        put_source(content(size));
        good(client.put_object("other", "k", "there first"));
        auto create = to("k");
        create.object.if_none_match = "*";
        EXPECT_EQ(bad(transfers.send(std::move(create))).code(), errc::precondition_failed);
        auto of_another = to("k");
        of_another.object.copy_source_if_match = "\"another\"";
        EXPECT_EQ(bad(transfers.send(std::move(of_another))).code(), errc::precondition_failed);
        auto of_no_such = to("k");
        of_no_such.object.copy_source_if_none_match =
            good(client.head_object("bucket", "source")).etag;
        const auto e = bad(transfers.send(std::move(of_no_such)));
        EXPECT_EQ(e.code(), errc::precondition_failed);
        EXPECT_EQ(e.effect(), effect::not_applied);
        EXPECT_EQ(stored("k"), "there first") << size;
    }
    EXPECT_EQ(s3.uploads("other"), 0u);
}

TEST_F(copy_test, is_of_one_state_of_its_source) {
    put_source(content(5000));
    meanwhile("UploadPartCopy", "other", "bucket", "source");
    const auto e = bad(transfers.send(to("k")));
    EXPECT_EQ(e.code(), errc::precondition_failed);
    EXPECT_THAT(e.hint(), HasSubstr("replaced while"));
    EXPECT_FALSE(s3.object("other", "k"));
    EXPECT_EQ(s3.uploads("other"), 0u);
}

TEST_F(copy_test, tries_again_what_a_bad_network_broke) {
    put_source(content(5000));
    s3.follow(
        [](const s3_call& call) { return call.nth == 0 ? s3_fault::lost_reply() : s3_fault(); });
    EXPECT_EQ(good(transfers.send(to("k"))).parts, 5u);
    EXPECT_TRUE(stored("k") == content(5000));
}

TEST_F(copy_test, is_aborted_when_any_request_fails) {
    put_source(content(5000));
    const auto denied = s3_fault::refusal(403, "AccessDenied");
    for (const std::size_t n : {0, 1, 2, 3, 4}) {
        fail("UploadPartCopy", denied, asked("UploadPartCopy") + n);
        const auto e = bad(transfers.send(to("k")));
        EXPECT_EQ(e.code(), errc::access_denied) << n;
        EXPECT_THAT(e.operation(), HasSubstr("UploadPartCopy s3://other/k")) << n;
        EXPECT_EQ(s3.uploads("other"), 0u) << n;
    }
    for (const std::string operation :
         {"HeadObject", "GetObjectTagging", "CreateMultipartUpload", "CompleteMultipartUpload"}) {
        refuse_always(operation, 403, "AccessDenied");
        EXPECT_EQ(bad(transfers.send(to("k"))).code(), errc::access_denied) << operation;
        EXPECT_EQ(s3.uploads("other"), 0u) << operation;
    }
    EXPECT_FALSE(s3.object("other", "k"));
}

TEST_F(copy_test, names_the_upload_that_it_could_not_abort) {
    put_source(content(5000));
    s3.follow([](const s3_call& call) {
        const bool fails =
            call.operation == "UploadPartCopy" || call.operation == "AbortMultipartUpload";
        return fails ? s3_fault::refusal(403, "AccessDenied") : s3_fault();
    });
    const auto e = bad(transfers.send(to("k")));
    EXPECT_THAT(e.hint(), HasSubstr("could not be aborted"));
    EXPECT_EQ(s3.uploads("other"), 1u);
}

TEST_F(copy_test, cancelled_anywhere_leaves_no_upload) {
    put_source(content(3500));
    std::optional<result<copy_output>> ended;
    const auto copy_it = [&]() -> awaitable<void> {
        ended.reset();
        good(client.delete_object("other", "k"));
        return [](const manager& m, auto& end) -> awaitable<void> {
            auto request = to("k");
            end.emplace(co_await m.send(std::move(request)));
        }(transfers, ended);
    };
    int stood = 0;
    cancel_everywhere(copy_it, [&](int n) {
        const auto found = s3.object("other", "k");
        expect_honest(ended, found.has_value(), n);
        expect_no_upload(n);
        if (found) {
            EXPECT_TRUE(*found == content(3500)) << n;
        }
        if (ended && *ended) ++stood;
    });
    EXPECT_GT(stood, 0);
}

TEST_F(copy_test, deletes_nothing_of_which_nothing_is_known) {
    put_source("data");
    const auto e = bad(delete_unchanged(client, s3::head_object("bucket", "source")));
    EXPECT_EQ(e.code(), errc::invalid_argument);
    EXPECT_THAT(e.hint(), HasSubstr("if_match"));
    EXPECT_EQ(s3.object("bucket", "source"), "data");
}

TEST_F(copy_test, moves_what_it_has_copied) {
    for (const std::size_t size : {10, 3000}) {
        put_source(content(size));
        const auto made = good(transfers.send(away("k")));
        EXPECT_EQ(made.size_bytes, size);
        EXPECT_TRUE(stored("k") == content(size));
        EXPECT_FALSE(s3.object("bucket", "source"));
    }
}

// Each bucket is asked at its own region's host, and S3 itself brings the bytes from one to
// another.
TEST_F(copy_test, goes_from_region_to_region) {
    auto on_aws = config(net, time);
    on_aws.endpoint.clear();
    auto small_copies = small();
    small_copies.copy_threshold_bytes = threshold_bytes;
    client = s3::client::create(std::move(on_aws)).value();
    transfers = manager(client, small_copies);
    s3::create_bucket abroad("far-away");
    abroad.create_bucket_configuration.emplace().location_constraint = "eu-west-1";
    good(client.send(std::move(abroad)));
    for (const std::size_t size : {10, 3000}) {
        put_source(content(size));
        auto there = copy("bucket", "source", "far-away", "k");
        there.part_size_bytes = part_bytes;
        EXPECT_EQ(good(transfers.send(std::move(there))).parts, size == 10 ? 0u : 3u);
        EXPECT_TRUE(s3.object("far-away", "k") == content(size));
        EXPECT_EQ(good(client.head_object("far-away", "k")).tag_count, 2) << size;
        auto back = copy("far-away", "k", "other", "k");
        back.part_size_bytes = part_bytes;
        good(transfers.send(move(std::move(back))));
        EXPECT_TRUE(stored("k") == content(size));
        EXPECT_THAT(tags_of("k"), UnorderedElementsAre(Pair("a", "1"), Pair("b c", "d+e"))) << size;
        EXPECT_FALSE(s3.object("far-away", "k")) << size;
    }
}

TEST_F(copy_test, never_moves_onto_itself) {
    put_source("v");
    const auto e = bad(transfers.send(move("bucket", "source", "bucket", "source")));
    EXPECT_EQ(e.code(), errc::invalid_argument);
    EXPECT_EQ(e.effect(), effect::not_applied);
    EXPECT_TRUE(s3.object("bucket", "source"));
}

TEST_F(copy_test, keeps_the_source_of_a_move_that_fails) {
    put_source(content(3000));
    for (const std::string operation :
         {"UploadPartCopy", "CreateMultipartUpload", "CompleteMultipartUpload", "DeleteObject"}) {
        refuse_always(operation, 403, "AccessDenied");
        EXPECT_EQ(bad(transfers.send(away("k"))).code(), errc::access_denied) << operation;
        EXPECT_TRUE(s3.object("bucket", "source")) << operation;
    }
    // The first look is at the source, the second at the copy, the third at the source again.
    for (const std::size_t n : {0, 1, 2}) {
        fail("HeadObject", s3_fault::refusal(403, ""), asked("HeadObject") + n);
        const auto e = bad(transfers.send(away("k")));
        EXPECT_EQ(e.code(), errc::access_denied) << n;
        EXPECT_TRUE(s3.object("bucket", "source")) << n;
    }
}

TEST_F(copy_test, keeps_the_source_when_the_copy_is_another_object) {
    put_source(content(3000));
    meanwhile("CompleteMultipartUpload", "other", "other", "k");
    const auto e = bad(transfers.send(away("k")));
    EXPECT_EQ(e.code(), errc::precondition_failed);
    EXPECT_THAT(e.what(), HasSubstr("is not the copy"));
    EXPECT_THAT(e.hint(), HasSubstr("may be there"));
    EXPECT_TRUE(s3.object("bucket", "source"));
    EXPECT_EQ(asked("DeleteObject"), 0u);
}

TEST_F(copy_test, keeps_a_source_that_was_replaced_after_it_was_copied) {
    put_source("copied");
    meanwhile("HeadObject", "other", "bucket", "source");
    EXPECT_EQ(bad(transfers.send(away("k"))).code(), errc::precondition_failed);
    EXPECT_EQ(s3.object("bucket", "source"), "newer");
    EXPECT_EQ(stored("k"), "copied");
}

TEST_F(copy_test, deletes_unconditionally_where_conditions_are_unknown) {
    put_source("v");
    fail("DeleteObject", s3_fault::refusal(501, "NotImplemented"));
    good(transfers.send(away("k")));
    EXPECT_EQ(asked("DeleteObject"), 2u);
    EXPECT_FALSE(s3.object("bucket", "source"));
}

TEST_F(copy_test, finds_out_whether_a_lost_deletion_was_done) {
    put_source("v");
    fail("DeleteObject", s3_fault::lost_reply());
    good(transfers.send(away("k")));
    EXPECT_FALSE(s3.object("bucket", "source"));
    put_source("v");
    fail("DeleteObject", s3_fault::lost_request(), 1);
    EXPECT_EQ(bad(transfers.send(away("k"))).code(), errc::connection_lost);
    EXPECT_TRUE(s3.object("bucket", "source"));
}

TEST_F(copy_test, cancelled_anywhere_a_move_keeps_one_of_both_whole) {
    std::optional<result<copy_output>> ended;
    int moved = 0;
    std::size_t size = 0;
    const auto move_it = [&]() -> awaitable<void> {
        ended.reset();
        good(client.delete_object("other", "k"));
        put_source(content(size));
        return [](const manager& m, auto& end) -> awaitable<void> {
            auto request = away("k");
            end.emplace(co_await m.send(std::move(request)));
        }(transfers, ended);
    };
    const auto check = [&](int n) {
        expect_no_upload(n);
        const bool left = s3.object("bucket", "source").has_value();
        ASSERT_TRUE(left || stored("k") == content(size)) << n;
        expect_honest(ended, s3.object("other", "k").has_value(), n);
        moved += !left;
        if (ended && *ended) {
            EXPECT_FALSE(left) << n;
        }
    };
    for (const std::size_t each : {10, 2500}) {
        size = each;
        cancel_everywhere(move_it, check);
    }
    EXPECT_GT(moved, 1);
}

class prefix_test : public copy_test {
  protected:
    prefix_test() {
        for (const std::string key : {"a", "in/1", "in/2", "in/sub/3", "out"})
            good(client.put_object("bucket", key, "of " + key));
    }
    static std::vector<std::string> keys_of(const std::vector<copy_outcome>& outcomes) {
        std::vector<std::string> keys;
        for (const auto& each : outcomes) keys.push_back(each.key);
        return keys;
    }
};

TEST_F(prefix_test, is_copied_key_by_key) {
    copy each("bucket", "in/", "other", "to/");
    each.object.metadata_directive = s3::metadata_directive::replace;
    each.object.content_type = "text/x-copy";
    const auto outcomes = good(transfers.copy_prefix(std::move(each)));
    EXPECT_THAT(keys_of(outcomes), ElementsAre("in/1", "in/2", "in/sub/3"));
    for (const auto& one : outcomes) EXPECT_TRUE(one.outcome) << one.outcome.error();
    EXPECT_THAT(s3.keys("other"), ElementsAre("to/1", "to/2", "to/sub/3"));
    EXPECT_EQ(stored("to/sub/3"), "of in/sub/3");
    EXPECT_EQ(good(client.head_object("other", "to/1")).content_type, "text/x-copy");
    EXPECT_EQ(s3.keys("bucket").size(), 5u);
}

TEST_F(prefix_test, has_an_outcome_for_each_key) {
    s3.follow([](const s3_call& call) {
        const bool fails = call.operation == "CopyObject" && call.key == "to/2";
        return fails ? s3_fault::refusal(403, "AccessDenied") : s3_fault();
    });
    const auto outcomes = good(transfers.move_prefix(move("bucket", "in/", "other", "to/")));
    ASSERT_EQ(outcomes.size(), 3u);
    EXPECT_TRUE(outcomes[0].outcome);
    EXPECT_EQ(outcomes[1].outcome.error().code(), errc::access_denied);
    EXPECT_TRUE(outcomes[2].outcome);
    EXPECT_THAT(s3.keys("bucket"), ElementsAre("a", "in/2", "out"));
    EXPECT_THAT(s3.keys("other"), ElementsAre("to/1", "to/sub/3"));
}

TEST_F(prefix_test, may_be_moved_beneath_itself) {
    const auto outcomes = good(transfers.move_prefix(move("bucket", "in/", "bucket", "in/sub/")));
    for (const auto& one : outcomes) EXPECT_TRUE(one.outcome) << one.outcome.error();
    EXPECT_THAT(s3.keys("bucket"), ElementsAre("a", "in/sub/1", "in/sub/2", "in/sub/sub/3", "out"));
}

TEST_F(prefix_test, is_not_moved_over_what_is_to_be_moved) {
    for (const std::string key : {"a/x", "a/a/x", "a/a/a/x"})
        good(client.put_object("bucket", key, key));
    const auto e = bad(transfers.move_prefix(move("bucket", "a/", "bucket", "")));
    EXPECT_EQ(e.code(), errc::invalid_argument);
    EXPECT_THAT(e.detail(), HasSubstr("would replace"));
    EXPECT_EQ(s3.object("bucket", "a/a/x"), "a/a/x");
}

TEST_F(prefix_test, is_deleted) {
    const auto outcomes = good(transfers.delete_prefix("bucket", "in/"));
    EXPECT_EQ(outcomes.size(), 3u);
    EXPECT_THAT(s3.keys("bucket"), ElementsAre("a", "out"));
    EXPECT_EQ(good(transfers.delete_prefix("bucket", "")).size(), 2u);
    EXPECT_TRUE(s3.keys("bucket").empty());
    EXPECT_TRUE(good(transfers.delete_prefix("bucket", "none")).empty());
}

TEST_F(prefix_test, that_can_not_be_listed_fails_with_nothing_done) {
    refuse_always("ListObjectsV2", 403, "AccessDenied");
    const auto e = bad(transfers.move_prefix(move("bucket", "in/", "other", "to/")));
    EXPECT_EQ(e.code(), errc::access_denied);
    EXPECT_EQ(e.effect(), effect::not_applied);
    auto of_a_version = copy("bucket", "in/", "other", "to/");
    of_a_version.object.copy_source.version_id = "v";
    EXPECT_EQ(bad(transfers.copy_prefix(std::move(of_a_version))).code(), errc::invalid_argument);
}

TEST_F(prefix_test, cancelled_anywhere_loses_no_object) {
    const std::vector<std::string> names{"1", "2", "sub/3"};
    std::optional<result<std::vector<copy_outcome>>> ended;
    const auto move_it = [&]() -> awaitable<void> {
        ended.reset();
        good(client.delete_objects("other", {"to/1", "to/2", "to/sub/3"}));
        for (const auto& name : names)
            good(client.put_object("bucket", "in/" + name, "of in/" + name));
        return [](const manager& m, auto& end) -> awaitable<void> {
            move request("bucket", "in/", "other", "to/");
            end.emplace(co_await m.move_prefix(std::move(request)));
        }(transfers, ended);
    };
    int told = 0;
    cancel_everywhere(move_it, [&](int n) {
        for (std::size_t i = 0; i < names.size(); ++i) {
            const bool left = s3.object("bucket", "in/" + names[i]).has_value();
            const auto copied = s3.object("other", "to/" + names[i]);
            ASSERT_TRUE(left || copied == "of in/" + names[i]) << n;
            if (!ended || !*ended) continue;
            ASSERT_EQ((*ended)->size(), names.size()) << n;
            const auto& each = (**ended)[i];
            EXPECT_EQ(each.key, "in/" + names[i]) << n;
            expect_honest(std::optional(each.outcome), copied.has_value(), n);
            told += !each.outcome;
        }
        if (ended && !*ended) {
            EXPECT_EQ(ended->error().code(), errc::canceled) << n;
            EXPECT_EQ(ended->error().effect(), effect::not_applied) << n;
        }
    });
    EXPECT_GT(told, 20);
    EXPECT_EQ(s3.keys("other").size(), 3u);
}

}  // namespace
}  // namespace cairn::transfer
