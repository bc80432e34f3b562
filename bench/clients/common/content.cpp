#include "content.hpp"

#include <bit>
#include <cstring>
#include <stdexcept>

namespace cairn::bench {
namespace {

constexpr std::size_t word_bytes = sizeof(std::uint64_t);
static_assert(std::endian::native == std::endian::little);

[[noreturn]] void fail(const char* what, std::uint64_t position) {
    throw std::runtime_error(std::string(what) + " at byte " + std::to_string(position));
}

}  // namespace

std::string make_content(std::uint64_t size) {
    std::string content(size, '\0');
    for (std::uint64_t word = 0; word < size / word_bytes; ++word) {
        std::memcpy(content.data() + word * word_bytes, &word, word_bytes);
    }
    return content;
}

void content_check::feed(std::span<const char> piece) {
    if (piece.size() > missing()) fail("the body is too long", end_);
    const std::uint64_t number = (position_ + word_bytes - 1) / word_bytes;
    const std::uint64_t offset = number * word_bytes - position_;
    if (offset + word_bytes <= piece.size()) {
        std::uint64_t word = 0;
        std::memcpy(&word, piece.data() + offset, word_bytes);
        if (word != number) fail("the body is wrong", position_ + offset);
    }
    position_ += piece.size();
}

void content_check::finish() const {
    if (missing() != 0) fail("the body ends early", position_);
}

}  // namespace cairn::bench
