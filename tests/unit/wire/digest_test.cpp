#include "wire/digest.hpp"

#include <cairn/core/bytes.hpp>

#include <gtest/gtest.h>

namespace cairn::wire {
namespace {

std::string hex(std::string_view algorithm, std::string_view data) {
    return to_hex(as_bytes(digest(algorithm, data).value_or("")));
}

// From RFC 1321 and FIPS 180-2.
TEST(Digest, IsWhatItsStandardSays) {
    EXPECT_EQ(hex("MD5", ""), "d41d8cd98f00b204e9800998ecf8427e");
    EXPECT_EQ(hex("MD5", "abc"), "900150983cd24fb0d6963f7d28e17f72");
    EXPECT_EQ(hex("SHA1", "abc"), "a9993e364706816aba3e25717850c26c9cd0d89d");
    EXPECT_EQ(hex("SHA256", "abc"),
              "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

TEST(Digest, IsNothingForAnAlgorithmThatOpenSslLacks) {
    EXPECT_FALSE(digest("CRC64NVME", "abc"));
}

}  // namespace
}  // namespace cairn::wire
