#include "checkpoint/record.hpp"

#include "checkpoint/digest.hpp"

#include <gtest/gtest.h>

namespace cairn::checkpoint {
namespace {

using namespace std::string_literals;

const std::string put_id = "00112233445566778899aabbccddeeff";

record full_record() {
    record r;
    r.self = locator(7, put_id);
    r.thread = "job-42";
    r.space = "a/b";
    r.parent = locator(5, std::string(32, 'a'));
    r.created = clock::utc_time(std::chrono::seconds(1'767'225'600));
    r.metadata = {{"", "no key"}, {"nul\0\r\n"s, "\xff\0"s}, {"step", "7"}};
    r.channels.emplace("small", bytes("inline \0 state"s));
    r.channels.emplace("", bytes());
    r.channels.emplace("large", blob_ref(std::string(64, 'c'), 1ULL << 40));
    r.compressed.emplace("large", compressed_state(codec::encoding::zstd, 5ULL << 30U));
    r.compressed.emplace("small", compressed_state(codec::encoding::gzip, 0));
    return r;
}

// The content of a record, without its digest.
bytes content_of(const record& r) {
    const auto data = encode(r);
    return data.substr(0, data.size() - digest_bytes);
}

bytes field(std::uint16_t tag, std::string_view value) {
    bytes out;
    out += static_cast<char>(tag >> 8);
    out += static_cast<char>(tag & 0xff);
    out += bytes(3, '\0');
    out += static_cast<char>(value.size());
    return out.append(value);
}

void expect_refused(const bytes& data, errc code, std::string_view words) {
    const auto read = decode(data);
    ASSERT_FALSE(read);
    EXPECT_EQ(read.error().code(), code) << read.error();
    EXPECT_NE(read.error().detail().find(words), std::string::npos) << read.error();
}

TEST(record, comes_back_as_it_was) {
    const auto r = full_record();
    const auto read = decode(encode(r));
    ASSERT_TRUE(read) << read.error();
    EXPECT_EQ(*read, r);
}

TEST(record, is_laid_out_as_documented) {
    record r;
    r.kind = record_kind::tombstone;
    r.self = locator(0x0102, put_id);
    r.thread = "t";
    r.created = clock::utc_time(clock::duration(3));
    const auto head = "cairnrec\x00\x01"s;
    const auto fields =
        "\x00\x01\x00\x00\x00\x01\x02"s                              // kind
        "\x00\x02\x00\x00\x00\x08\x00\x00\x00\x00\x00\x00\x01\x02"s  // sequence
        "\x00\x03\x00\x00\x00\x10"s +
        from_hex(put_id) +                                            // put id
        "\x00\x04\x00\x00\x00\x01t"s                                  // thread
        "\x00\x05\x00\x00\x00\x00"s                                   // namespace
        "\x00\x07\x00\x00\x00\x08\x00\x00\x00\x00\x00\x00\x00\x00"s   // epoch
        "\x00\x08\x00\x00\x00\x08\x00\x00\x00\x00\x00\x00\x00\x03"s;  // created
    EXPECT_EQ(encode(r), head + fields + from_hex(sha256(head + fields)));
}

TEST(record, notices_every_changed_byte) {
    const auto good = encode(full_record());
    for (std::size_t i = 0; i < good.size(); ++i) {
        auto bad = good;
        bad[i] = static_cast<char>(bad[i] ^ 1);
        const auto read = decode(bad);
        ASSERT_FALSE(read) << "byte " << i;
        EXPECT_EQ(read.error().code(), errc::checkpoint_corrupt) << "byte " << i;
    }
}

TEST(record, notices_every_cut) {
    const auto good = encode(full_record());
    for (std::size_t size = 0; size < good.size(); ++size)
        EXPECT_FALSE(decode(good.substr(0, size))) << size;
}

TEST(record, cut_with_a_right_digest_has_whole_fields_or_none) {
    const auto content = content_of(full_record());
    for (std::size_t size = 0; size < content.size(); ++size) {
        const auto read = decode(seal(content.substr(0, size)));
        if (!read) continue;
        EXPECT_LT(read->channels.size() + read->metadata.size() + read->compressed.size(), 8U)
            << size;
    }
}

TEST(record, names_the_version_it_cannot_read) {
    auto content = content_of(full_record());
    content[9] = 2;
    expect_refused(seal(content), errc::record_version,
                   "format version 2, and this cairn reads up to 1");
    content[9] = 0;
    expect_refused(seal(content), errc::checkpoint_corrupt, "version 0");
}

TEST(record, skips_fields_that_may_be_ignored) {
    const auto r = full_record();
    const auto read = decode(seal(content_of(r) + field(0x8000, "news") + field(0x9001, "")));
    ASSERT_TRUE(read) << read.error();
    EXPECT_EQ(*read, r);
}

TEST(record, refuses_fields_that_must_be_understood) {
    expect_refused(seal(content_of(full_record()) + field(13, "aes")), errc::record_version,
                   "field 13");
    const auto in_some_way = [](char way) {
        return field(12, "\0\0\0\5small"s + way + bytes(8, '\0'));
    };
    auto plain = full_record();
    plain.compressed.clear();
    EXPECT_TRUE(decode(seal(content_of(plain) + in_some_way(2))));
    for (const char way : {'\3', '\xff'})
        expect_refused(seal(content_of(plain) + in_some_way(way)), errc::record_version,
                       "compressed in a way");
    expect_refused(seal(content_of(plain) + in_some_way(0)), errc::checkpoint_corrupt, "field 12");
    expect_refused(seal(content_of(full_record()) + field(0x7fff, "")), errc::record_version,
                   "field 32767");
}

TEST(record, refuses_what_is_not_in_canonical_form) {
    const auto content = content_of(full_record());
    expect_refused(seal(content + field(9, "\0\0\0\0x"s)), errc::checkpoint_corrupt,
                   "out of order");
    auto plain = full_record();
    plain.compressed.clear();
    const auto behind = [&](std::uint16_t tag, const bytes& value) {
        return seal(content_of(plain) + field(tag, value));
    };
    expect_refused(behind(11, "\0\0\0\1a"s + bytes(40, 'x')), errc::checkpoint_corrupt, "field 11");
    expect_refused(behind(11, "\0\0\0\5small"s + bytes(40, 'x')), errc::checkpoint_corrupt,
                   "twice");
    expect_refused(behind(11, "\0\0\0\5zzzzz"s + bytes(41, 'x')), errc::checkpoint_corrupt,
                   "field 11");
    expect_refused(behind(12, "\0\0\0\5small\1"s + bytes(9, '\0')), errc::checkpoint_corrupt,
                   "field 12");
    expect_refused(behind(12, "\0\0\0\5other\1"s + bytes(8, '\0')), errc::checkpoint_corrupt,
                   "not there");
    expect_refused(seal(content + field(12, "\0\0\0\5large\1"s + bytes(8, '\0'))),
                   errc::checkpoint_corrupt, "field 12");
    expect_refused(seal("cairnrec\x00\x01"s), errc::checkpoint_corrupt, "missing");
    expect_refused("<Error><Code>NoSuchKey</Code></Error>", errc::checkpoint_corrupt,
                   "not a checkpoint record");
}

TEST(record, refuses_impossible_values) {
    auto r = full_record();
    r.self.sequence = 0;
    expect_refused(encode(r), errc::checkpoint_corrupt, "field 2");
    r.self.sequence = max_sequence + 1;
    expect_refused(encode(r), errc::checkpoint_corrupt, "field 2");
    r.self.sequence = 5;
    expect_refused(encode(r), errc::checkpoint_corrupt, "field 6");
    r = full_record();
    r.kind = static_cast<record_kind>(4);
    expect_refused(encode(r), errc::checkpoint_corrupt, "field 1");
    r = full_record();
    ++r.compressed.at("large").size;
    expect_refused(encode(r), errc::checkpoint_corrupt, "field 12");
}

TEST(id, is_the_slot_and_the_put_id) {
    EXPECT_EQ(locator(7, put_id).str(), "7-" + put_id);
    EXPECT_EQ(parse_id("7-" + put_id), locator(7, put_id));
    EXPECT_EQ(parse_id(locator(max_sequence, put_id).str()), locator(max_sequence, put_id));
}

TEST(id, of_another_form_is_none) {
    for (const auto& id :
         {""s, "7"s, "-"s, "7-"s, "0-" + put_id, "07-" + put_id, "-7-" + put_id,
          "7-" + put_id + "0", "7-" + std::string(32, 'A'), "7-" + std::string(32, 'g'),
          "10000000000000000000-" + put_id, "99999999999999999999-" + put_id})
        EXPECT_FALSE(parse_id(id)) << id;
}

}  // namespace
}  // namespace cairn::checkpoint
