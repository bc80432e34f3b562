#include "checkpoint/keys.hpp"

#include "checkpoint/digest.hpp"

#include <cairn/core/ascii.hpp>
#include <cairn/core/bytes.hpp>

namespace cairn::checkpoint {
namespace {

constexpr std::size_t max_segment_bytes = 200;
constexpr std::string_view hash_mark = "~~";  // no escape looks like it
constexpr std::size_t slot_digits = 20;

constexpr bool is_plain(char c) {
    return ascii::is_alpha(c) || ascii::is_digit(c) || c == '-' || c == '_' || c == '.';
}

// Escapes are '~' and two digits rather than '%' and two: servers that mistake a key for its
// URL-encoded form can do no harm to keys that have none. A leading '.' is special to servers that
// keep objects as files.
std::string escaped(std::string_view text) {
    static constexpr char digits[] = "0123456789ABCDEF";
    std::string out;
    for (const char c : text) {
        if (is_plain(c) && (c != '.' || !out.empty())) {
            out += c;
            continue;
        }
        const auto byte = static_cast<unsigned char>(c);
        out += '~';
        out += digits[byte >> 4];
        out += digits[byte & 15];
    }
    return out;
}

void drop_cut_escape(std::string& text) {
    const auto tilde = text.rfind('~');
    if (tilde != std::string::npos && tilde + 3 > text.size()) text.resize(tilde);
}

}  // namespace

std::string key_segment(std::string_view text) {
    if (text.empty()) return "~";
    auto segment = escaped(text);
    if (segment.size() <= max_segment_bytes) return segment;
    segment.resize(max_segment_bytes - hash_mark.size() - digest_hex_digits);
    drop_cut_escape(segment);
    return segment.append(hash_mark).append(sha256(text));
}

result<std::string> key_prefix(std::string_view prefix) {
    std::string out;
    for (std::size_t begin = 0; begin < prefix.size();) {
        const auto end = std::min(prefix.find('/', begin), prefix.size());
        const auto segment = prefix.substr(begin, end - begin);
        if (segment.empty())
            return error(errc::invalid_argument,
                         "the prefix has an empty segment: " + std::string(prefix));
        out += key_segment(segment) + '/';
        begin = end + 1;
    }
    if (out.size() > max_prefix_bytes)
        return error(errc::invalid_argument,
                     "the prefix is longer than " + std::to_string(max_prefix_bytes) + " bytes");
    return out;
}

std::string probe_key(std::string_view prefix, std::string_view name) {
    return std::string(prefix) + "v1/~probe/" + std::string(name);
}

thread_keys::thread_keys(std::string_view prefix, std::string_view thread) : root_(prefix) {
    root_ += "v1/" + sha256(thread).substr(0, 2) + '/' + key_segment(thread) + '/';
}

std::optional<std::string> thread_keys::namespace_root_of(std::string_view key) const {
    if (!key.starts_with(root_)) return std::nullopt;
    const auto slash = key.find('/', root_.size());
    if (slash == std::string_view::npos) return std::nullopt;
    return std::string(key.substr(0, slash + 1));
}

log_keys::log_keys(const thread_keys& thread, std::string_view space)
    : root_(thread.root() + key_segment(space) + '/') {}

std::string log_keys::slot(std::uint64_t sequence) const {
    const auto digits = std::to_string(max_sequence - sequence);
    return slots() + std::string(slot_digits - digits.size(), '0') + digits;
}

std::optional<std::uint64_t> log_keys::sequence_of(std::string_view key) const {
    if (!key.starts_with(slots())) return std::nullopt;
    key.remove_prefix(slots().size());
    const auto from_end = parse_u64(key);
    if (key.size() != slot_digits || !from_end || *from_end >= max_sequence) return std::nullopt;
    return max_sequence - *from_end;
}

std::string log_keys::blob(std::string_view channel, std::string_view digest) const {
    return blobs() + key_segment(channel) + '/' + std::string(digest);
}

}  // namespace cairn::checkpoint
