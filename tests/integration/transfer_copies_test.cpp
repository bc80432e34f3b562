#include "integration/server.hpp"
#include "integration/through_faults.hpp"

#include <cairn/transfer.hpp>

// Copies, moves and batches.
namespace cairn::test {
namespace {

using ::testing::ElementsAre;
using ::testing::Pair;

constexpr std::size_t part_bytes = 5UL << 20U;

class transfer_copies : public server_test {
  protected:
    static transfer::options small() {
        transfer::options o;
        o.copy_threshold_bytes = part_bytes;
        o.max_parts_at_once = 4;
        return o;
    }
    void SetUp() override {
        server_test::SetUp();
        other = create_bucket();
        manager.emplace(s3, small());
    }
    void TearDown() override {
        manager.reset();
        server_test::TearDown();
    }
    void put_source(const std::string& data) {
        s3::put_object request(bucket, "source");
        request.body = body::view(data);
        request.content_type = "text/x-source";
        request.metadata["from"] = "source";
        good(s3.send(std::move(request)));
    }
    transfer::copy to(const std::string& key) const {
        transfer::copy request(bucket, "source", other, key);
        request.part_size_bytes = part_bytes;
        return request;
    }
    std::string stored(const std::string& key) {
        auto got = good(s3.get_object(other, key));
        return good(got.body.read_all(100'000'000));
    }
    // A creation whose reply was lost has left another, without parts.
    void expect_no_uploads() {
        if (is_through_faults()) return;
        EXPECT_TRUE(good(s3.send(s3::list_multipart_uploads(other))).uploads.empty());
    }

    std::string other;
    std::optional<transfer::manager> manager;
};

TEST_F(transfer_copies, are_whole_whatever_their_size) {
    for (const std::size_t size :
         {std::size_t{0}, std::size_t{1}, part_bytes, part_bytes + 1, 2 * part_bytes + 12345}) {
        const auto data = pattern(size);
        put_source(data);
        const auto made = good(manager->send(to("copy")));
        EXPECT_EQ(made.size_bytes, size);
        EXPECT_EQ(made.parts, size <= part_bytes ? 0U : (size + part_bytes - 1) / part_bytes);
        EXPECT_TRUE(stored("copy") == data) << size;
    }
    expect_no_uploads();
}

TEST_F(transfer_copies, keep_what_describes_their_source) {
    for (const std::size_t size : {std::size_t{10}, part_bytes + 1}) {
        put_source(pattern(size));
        good(manager->send(to("copy")));
        const auto head = good(s3.head_object(other, "copy"));
        EXPECT_EQ(head.content_type, "text/x-source") << size;
        EXPECT_THAT(head.metadata, ElementsAre(Pair("from", "source"))) << size;
    }
}

TEST_F(transfer_copies, keep_tags_in_parts_too) {
    for (const std::size_t size : {std::size_t{10}, part_bytes + 1}) {
        put_source(pattern(size));
        const std::vector<s3::tag> tags{s3::tag("a", "1 + 2")};
        good(s3.send(s3::put_object_tagging(bucket, "source", tags)));
        good(manager->send(to("copy")));
        const auto kept = good(s3.send(s3::get_object_tagging(other, "copy"))).tag_set;
        ASSERT_EQ(kept.size(), 1u) << size;
        EXPECT_EQ(kept[0].value, "1 + 2") << size;
    }
}

TEST_F(transfer_copies, replace_what_they_are_told_to) {
    for (const std::size_t size : {std::size_t{10}, part_bytes + 1}) {
        put_source(pattern(size));
        auto request = to("copy");
        request.object.metadata_directive = s3::metadata_directive::replace;
        request.object.content_type = "text/x-copy";
        good(manager->send(std::move(request)));
        const auto head = good(s3.head_object(other, "copy"));
        EXPECT_EQ(head.content_type, "text/x-copy") << size;
        EXPECT_TRUE(head.metadata.empty()) << size;
    }
}

TEST_F(transfer_copies, of_nothing_fail) {
    const auto e = bad(manager->send(to("copy")));
    EXPECT_TRUE(is_error(e, errc::not_found, effect::not_applied, {path_of(bucket, "source")}));
}

TEST_F(transfer_copies, move_objects) {
    for (const std::size_t size : {std::size_t{10}, part_bytes + 1}) {
        const auto data = pattern(size);
        put_source(data);
        good(manager->send(transfer::move(to("moved"))));
        EXPECT_TRUE(stored("moved") == data) << size;
        EXPECT_EQ(bad(s3.head_object(bucket, "source")).code(), errc::not_found) << size;
    }
}

TEST_F(transfer_copies, go_beneath_a_prefix) {
    const std::vector<std::string> names{"1", "a b+c", "sub/\xc3\xa4"};
    for (const auto& name : names) put("in/" + name, "of " + name);
    put("out", "v");
    const auto moved = good(manager->move_prefix(transfer::move(bucket, "in/", other, "to/")));
    EXPECT_EQ(moved.size(), 3u);
    for (const auto& one : moved) EXPECT_TRUE(one.outcome) << one.outcome.error();
    EXPECT_THAT(keys_of(bucket), ElementsAre("out"));
    for (const auto& name : names) EXPECT_EQ(stored("to/" + name), "of " + name);
    EXPECT_EQ(good(manager->delete_prefix(other, "to/")).size(), 3u);
    EXPECT_TRUE(keys_of(other).empty());
}

TEST_F(transfer_copies, go_by_the_batch) {
    std::vector<s3::put_object> puts;
    std::vector<s3::get_object> gets;
    std::vector<s3::head_object> heads;
    for (int i = 0; i < 40; ++i) {
        const auto key = "k" + std::to_string(i);
        puts.emplace_back(bucket, key);
        puts.back().body = "of " + key;
        heads.emplace_back(bucket, i == 7 ? "missing" : key);
        gets.emplace_back(bucket, key);
    }
    for (const auto& one : run(transfer::send_all(s3, std::move(puts), 8)))
        EXPECT_TRUE(one) << one.error();
    const auto found = run(transfer::send_all(s3, std::move(heads), 8));
    for (std::size_t i = 0; i < found.size(); ++i) EXPECT_EQ(found[i].has_value(), i != 7) << i;
    EXPECT_EQ(found[7].error().code(), errc::not_found);
    const auto read = run(transfer::read_all(s3, std::move(gets), 100, 8));
    for (std::size_t i = 0; i < read.size(); ++i)
        EXPECT_EQ(read[i].value(), "of k" + std::to_string(i));
}

}  // namespace
}  // namespace cairn::test
