#include "codec/crc.hpp"

#include <cairn/codec/checksum.hpp>
#include <cairn/core/bytes.hpp>
#include <cairn/testing/seeded_random.hpp>

#include <gtest/gtest.h>

#include <stdexcept>
#include <string>
#include <vector>

namespace cairn::codec {
namespace {

constexpr std::array crcs{checksum_algorithm::crc32, checksum_algorithm::crc32c,
                          checksum_algorithm::crc64nvme};
constexpr std::array all{checksum_algorithm::crc32,     checksum_algorithm::crc32c,
                         checksum_algorithm::crc64nvme, checksum_algorithm::sha1,
                         checksum_algorithm::sha256,    checksum_algorithm::sha512,
                         checksum_algorithm::md5};

std::string noise(std::size_t size) {
    std::string made(size, '\0');
    testing::seeded_random random(1);
    random.fill(std::as_writable_bytes(std::span(made)));
    return made;
}

// Bit by bit, as the definition has it.
std::uint64_t by_definition(unsigned bits, std::uint64_t polynomial, std::string_view data) {
    const auto ones = ~std::uint64_t{0} >> (64 - bits);
    auto value = ones;
    for (const char c : data) {
        value ^= static_cast<unsigned char>(c);
        for (int i = 0; i < 8; ++i) value = (value >> 1U) ^ ((value & 1U) ? polynomial : 0);
    }
    return value ^ ones;
}

struct kind {
    const char* name;
    const crc& sum;
    std::uint64_t polynomial;
};
const std::array kinds{kind{"CRC32", crc32_sum, 0xEDB88320}, kind{"CRC32C", crc32c_sum, 0x82F63B78},
                       kind{"CRC64NVME", crc64nvme_sum, 0x9A6C9329AC4BC9B5}};

struct engine {
    const char* name;
    crc_engine how;
};
class crc_engines : public ::testing::TestWithParam<engine> {
  protected:
    void SetUp() override {
        if (!has(GetParam().how)) GTEST_SKIP() << "this processor has no " << GetParam().name;
    }
};
INSTANTIATE_TEST_SUITE_P(all, crc_engines,
                         ::testing::Values(engine{"tables", crc_engine::tables},
                                           engine{"clmul", crc_engine::clmul},
                                           engine{"clmul4", crc_engine::clmul4}),
                         [](const auto& each) { return std::string(each.param.name); });

TEST_P(crc_engines, agree_with_the_definition_at_every_length) {
    const auto data = noise(1100);
    for (const auto& k : kinds)
        for (std::size_t size = 0; size <= data.size(); ++size) {
            const auto some = std::string_view(data).substr(0, size);
            ASSERT_EQ(k.sum.update(0, as_bytes(some), GetParam().how),
                      by_definition(k.sum.bits(), k.polynomial, some))
                << k.name << " of " << size;
        }
}

TEST_P(crc_engines, agree_at_every_alignment_and_in_every_two_pieces) {
    const auto data = noise(700);
    for (const auto& k : kinds)
        for (std::size_t skip = 0; skip < 64; ++skip) {
            const auto some = as_bytes(data).subspan(skip);
            const auto whole = k.sum.update(0, some, crc_engine::tables);
            for (std::size_t split = skip; split <= some.size(); split += 61) {
                const auto first = k.sum.update(0, some.first(split), GetParam().how);
                ASSERT_EQ(k.sum.update(first, some.subspan(split), GetParam().how), whole)
                    << k.name << " from " << skip << ", " << split << " first";
            }
        }
}

TEST_P(crc_engines, agree_on_long_messages) {
    const auto data = noise(300'001);
    for (const auto& k : kinds)
        EXPECT_EQ(k.sum.update(0, as_bytes(data), GetParam().how),
                  k.sum.update(0, as_bytes(data), crc_engine::tables))
            << k.name;
}

TEST(crc_engine, is_the_fastest_there_is) {
    EXPECT_TRUE(has(best_crc_engine()));
    EXPECT_TRUE(has(crc_engine::tables));
    if (has(crc_engine::clmul)) {
        EXPECT_NE(best_crc_engine(), crc_engine::tables);
    }
}

TEST(checksum, of_pieces_is_that_of_the_whole) {
    const auto data = noise(1000);
    for (const auto algorithm : all) {
        checksum running(algorithm);
        for (std::size_t at = 0; at < data.size(); at += 17)
            running.update(as_bytes(std::string_view(data).substr(at, 17)));
        EXPECT_EQ(running.finish(), checksum_of(algorithm, as_bytes(data))) << name_of(algorithm);
        // And begins anew.
        EXPECT_EQ(running.finish(), checksum_of(algorithm, {})) << name_of(algorithm);
    }
}

TEST(checksum, is_written_as_s3_has_it) {
    EXPECT_EQ(checksum_of(checksum_algorithm::crc32, as_bytes("123456789")).base64(), "y/Q5Jg==");
    EXPECT_EQ(checksum_of(checksum_algorithm::crc64nvme, as_bytes("123456789")).base64(),
              "rosUhgp5mIg=");
    EXPECT_EQ(checksum_of(checksum_algorithm::md5, as_bytes("hello")).base64(),
              "XUFAKrxLKna5cZ2REBfFkg==");
    for (const auto algorithm : all) {
        EXPECT_EQ(checksum_named(name_of(algorithm)), algorithm);
        EXPECT_EQ(checksum_of(algorithm, {}).data().size(), bytes_of(algorithm));
    }
    EXPECT_FALSE(checksum_named("XXHASH64"));
    EXPECT_FALSE(checksum_named("crc32"));
}

TEST(combine, gives_the_crc_of_both) {
    const auto data = noise(5000);
    for (const auto algorithm : crcs)
        for (const std::size_t split : {0, 1, 7, 64, 1000, 4999, 5000}) {
            const auto first = as_bytes(data).first(split);
            const auto second = as_bytes(data).subspan(split);
            EXPECT_EQ(combine(algorithm, checksum_of(algorithm, first),
                              checksum_of(algorithm, second), second.size()),
                      checksum_of(algorithm, as_bytes(data)))
                << name_of(algorithm) << " at " << split;
        }
}

// 2^63 bytes are combined as if one half of them followed the other, again and again.
TEST(combine, knows_lengths_that_nobody_could_read) {
    for (const auto algorithm : crcs) {
        const std::string kilobyte(1024, '\0');
        auto doubled = checksum_of(algorithm, as_bytes(kilobyte));
        for (std::uint64_t bytes = 1024; bytes < std::uint64_t{1} << 62U; bytes *= 2)
            doubled = combine(algorithm, doubled, doubled, bytes);
        const auto more = combine(algorithm, doubled, doubled, std::uint64_t{1} << 62U);
        const auto quarter =
            combine(algorithm, checksum_of(algorithm, {}), doubled, std::uint64_t{1} << 62U);
        EXPECT_EQ(quarter, doubled);
        EXPECT_NE(more, doubled);
        EXPECT_EQ(combine(algorithm, doubled, more, std::uint64_t{1} << 63U),
                  combine(algorithm, more, doubled, std::uint64_t{1} << 62U));
    }
}

TEST(combine, is_for_crcs) {
    const auto digest = checksum_of(checksum_algorithm::sha256, {});
    EXPECT_THROW(combine(checksum_algorithm::sha256, digest, digest, 0), std::invalid_argument);
}

}  // namespace
}  // namespace cairn::codec
