// What others have computed: the cases of aws-c-s3, aws-checksums and crc64fast-nvme.
#include "support/vectors.hpp"

#include <cairn/codec/checksum.hpp>
#include <cairn/core/bytes.hpp>

#include <boost/json.hpp>

#include <algorithm>
#include <charconv>
#include <set>

namespace cairn::codec {
namespace {

// S3 keeps them, and leaves computing them to its clients; cairn sends those that it is given.
const std::set<std::string> not_computed{
    "xxhash64_test_piping",
    "xxhash3_64_test_piping",
    "xxhash3_128_test_piping",
};

std::string text_of(const boost::json::object& object, std::string_view key) {
    return std::string(object.at(key).as_string());
}

std::string from_hex(std::string_view hex) {
    std::string raw;
    for (; hex.size() >= 2; hex.remove_prefix(2)) {
        unsigned value = 0;
        std::from_chars(hex.data(), hex.data() + 2, value, 16);
        raw += static_cast<char>(value);
    }
    return raw;
}

// In pieces of about a megabyte, as a long body comes.
checksum_value sum_of(checksum_algorithm algorithm, std::string_view input, std::uint64_t repeat) {
    const auto at_once = std::clamp<std::uint64_t>((1U << 20U) / (input.size() + 1), 1, repeat);
    std::string piece;
    for (std::uint64_t i = 0; i < at_once; ++i) piece += input;
    checksum running(algorithm);
    for (; repeat >= at_once; repeat -= at_once) running.update(as_bytes(piece));
    for (; repeat > 0; --repeat) running.update(as_bytes(input));
    return running.finish();
}

void check_case(const boost::json::object& c, std::string_view input) {
    const auto algorithm = checksum_named(text_of(c, "algorithm"));
    ASSERT_TRUE(algorithm) << text_of(c, "algorithm");
    const auto sum = sum_of(*algorithm, input, c.at("repeat").to_number<std::uint64_t>());
    EXPECT_EQ(to_hex(sum.data()), text_of(c, "hex"));
    if (c.contains("base64")) {
        EXPECT_EQ(sum.base64(), text_of(c, "base64"));
    }
}

TEST(checksums, of_aws_c_s3) {
    CAIRN_REQUIRE_VECTORS(path, "checksums/aws-c-s3.json");
    const auto json = test::read_json(path);
    std::size_t checked = 0, left_out = 0;
    for (const auto& value : json.at("cases").as_array()) {
        const auto& c = value.as_object();
        const auto name = text_of(c, "name");
        if (not_computed.contains(name)) {
            ++left_out;
            continue;
        }
        SCOPED_TRACE(name);
        check_case(c, text_of(c, "input"));
        ++checked;
    }
    EXPECT_EQ(checked, 39U);
    EXPECT_EQ(left_out, not_computed.size());
}

TEST(checksums, of_crcs_that_are_known) {
    CAIRN_REQUIRE_VECTORS(path, "checksums/crc-known.json");
    const auto json = test::read_json(path);
    std::size_t checked = 0;
    for (const auto& value : json.at("cases").as_array()) {
        const auto& c = value.as_object();
        SCOPED_TRACE(text_of(c, "algorithm") + " of " + text_of(c, "input_hex"));
        check_case(c, from_hex(text_of(c, "input_hex")));
        ++checked;
    }
    EXPECT_EQ(checked, 17U);
}

}  // namespace
}  // namespace cairn::codec
