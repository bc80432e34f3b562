#include "checkpoint/record.hpp"

#include "checkpoint/digest.hpp"

#include <algorithm>
#include <array>
#include <charconv>

namespace cairn::checkpoint {
namespace {

constexpr std::string_view magic{"cairnrec", 8};
constexpr bool is_sequence(std::uint64_t value) {
    return value >= 1 && value <= max_sequence;
}

constexpr std::size_t head_bytes = magic.size() + sizeof(std::uint16_t);

enum tag : std::uint16_t {
    tag_kind = 1,
    tag_sequence = 2,
    tag_put_id = 3,
    tag_thread = 4,
    tag_namespace = 5,
    tag_parent = 6,
    tag_epoch = 7,
    tag_created = 8,
    tag_metadata = 9,
    tag_inline_channel = 10,
    tag_blob_channel = 11,
    tag_compressed_channel = 12,
    // 13 (encryption) is reserved: a reader that doesn't know it must refuse it.
    first_optional_tag = 0x8000,
};

template <class Integer>
void append_integer(bytes& out, Integer value) {
    for (int shift = static_cast<int>(sizeof value) * 8 - 8; shift >= 0; shift -= 8)
        out += static_cast<char>(value >> shift & 0xff);
}

void append_field(bytes& out, tag t, std::string_view value) {
    append_integer(out, static_cast<std::uint16_t>(t));
    append_integer(out, static_cast<std::uint32_t>(value.size()));
    out += value;
}

// How a record names an encoding.
constexpr std::uint8_t number_of(codec::encoding e) {
    return e == codec::encoding::gzip ? 1 : 2;
}
constexpr std::uint8_t last_encoding = number_of(codec::encoding::zstd);

template <class Integer>
bytes integer(Integer value) {
    bytes out;
    append_integer(out, value);
    return out;
}

bytes named(std::string_view name, std::string_view value) {
    bytes out;
    append_integer(out, static_cast<std::uint32_t>(name.size()));
    out.append(name).append(value);
    return out;
}

void append_channels(bytes& out, const record& r) {
    for (const auto& [name, state] : r.channels)
        if (const auto* data = std::get_if<bytes>(&state))
            append_field(out, tag_inline_channel, named(name, *data));
    for (const auto& [name, state] : r.channels)
        if (const auto* ref = std::get_if<blob_ref>(&state))
            append_field(out, tag_blob_channel,
                         named(name, from_hex(ref->digest) + integer(ref->size)));
    for (const auto& [name, how] : r.compressed)
        append_field(out, tag_compressed_channel,
                     named(name, integer(number_of(how.by)) + integer(how.size)));
}

/// Reads from the front of bytes that nobody vouches for; an error sticks, and later reads give
/// nothing.
class reader {
  public:
    explicit reader(std::string_view data) : data_(data) {}

    bool ok() const noexcept { return ok_; }
    bool at_end() const noexcept { return data_.empty(); }
    bool whole() const noexcept { return ok_ && data_.empty(); }

    std::string_view take(std::size_t count) {
        if (count > data_.size()) ok_ = false;
        if (!ok_) return {};
        const auto taken = data_.substr(0, count);
        data_.remove_prefix(count);
        return taken;
    }
    std::string_view rest() { return take(data_.size()); }

    template <class Integer>
    Integer integer() {
        Integer value = 0;
        for (const char c : take(sizeof value))
            value = static_cast<Integer>(value << 8 | static_cast<unsigned char>(c));
        return value;
    }
    std::string_view sized() { return take(integer<std::uint32_t>()); }
    std::string hex(std::size_t count) { return to_hex(as_bytes(take(count))); }

  private:
    std::string_view data_;
    bool ok_ = true;
};

error corrupt(std::string detail) {
    return error(errc::checkpoint_corrupt, std::move(detail));
}

error newer(std::string detail) {
    error e(errc::record_version, std::move(detail));
    e.hint("read it with a newer cairn");
    return e;
}

locator read_locator(reader& in) {
    const auto sequence = in.integer<std::uint64_t>();
    return {sequence, in.hex(put_id_bytes)};
}

// Keys come in byte order, so that one record has one encoding.
template <class Map, class Value>
bool append_in_order(Map& map, std::string_view name, Value value) {
    if (!map.empty() && std::string_view(map.rbegin()->first) >= name) return false;
    map.emplace_hint(map.end(), name, std::move(value));
    return true;
}

class decoder {
  public:
    result<record> run(reader in) {
        while (in.ok() && !in.at_end()) {
            const auto t = in.integer<std::uint16_t>();
            const auto value = in.sized();
            if (!in.ok()) break;
            if (auto read = field(t, value); !read) return read.error();
        }
        if (!in.ok()) return corrupt("a field is cut short");
        return finish();
    }

  private:
    result<void> field(std::uint16_t t, std::string_view value) {
        const bool repeats = t == tag_metadata || t == tag_inline_channel ||
                             t == tag_blob_channel || t == tag_compressed_channel;
        if (t < last_ || (t == last_ && !repeats)) return corrupt("its fields are out of order");
        last_ = t;
        if (t >= first_optional_tag) return {};
        if (t == 0 || t > tag_compressed_channel)
            return newer("field " + std::to_string(t) +
                         " is not known to this version and can't be ignored");
        reader in(value);
        const bool valid = store(static_cast<tag>(t), in) && in.whole();
        if (!valid) return corrupt("field " + std::to_string(t) + " is malformed");
        seen_ |= 1U << t;
        return {};
    }

    bool store(tag t, reader& in) {
        switch (t) {
            case tag_kind:
                return kind(in.integer<std::uint8_t>());
            case tag_sequence:
                r_.self.sequence = in.integer<std::uint64_t>();
                return is_sequence(r_.self.sequence);
            case tag_put_id:
                r_.self.put_id = in.hex(put_id_bytes);
                return true;
            case tag_thread:
                r_.thread = in.rest();
                return true;
            case tag_namespace:
                r_.space = in.rest();
                return true;
            case tag_parent:
                r_.parent = read_locator(in);
                return parent_is_older();
            case tag_epoch:
                r_.epoch = in.integer<std::uint64_t>();
                return true;
            case tag_created:
                return created(in.integer<std::uint64_t>());
            case tag_metadata:
                return metadata(in);
            case tag_inline_channel:
                return inline_channel(in);
            case tag_blob_channel:
                return blob_channel(in);
            case tag_compressed_channel:
                return compressed_channel(in);
            case first_optional_tag:
                break;
        }
        return false;
    }

    bool parent_is_older() const {
        return is_sequence(r_.parent->sequence) && r_.parent->sequence < r_.self.sequence;
    }

    bool kind(std::uint8_t value) {
        r_.kind = static_cast<record_kind>(value);
        return value >= 1 && value <= static_cast<std::uint8_t>(record_kind::erased);
    }

    bool created(std::uint64_t nanoseconds) {
        r_.created = clock::utc_time(clock::duration(static_cast<std::int64_t>(nanoseconds)));
        return true;
    }

    bool metadata(reader& in) {
        const auto key = in.sized();
        return append_in_order(r_.metadata, key, std::string(in.rest()));
    }

    bool inline_channel(reader& in) {
        const auto name = in.sized();
        return append_in_order(r_.channels, name, channel_state(bytes(in.rest())));
    }

    bool blob_channel(reader& in) {
        const auto name = in.sized();
        auto digest = in.hex(digest_bytes);
        return append_in_order(blobs_, name,
                               blob_ref(std::move(digest), in.integer<std::uint64_t>()));
    }

    bool compressed_channel(reader& in) {
        const auto name = in.sized();
        const auto number = in.integer<std::uint8_t>();
        const auto size = in.integer<std::uint64_t>();
        if (number == 0 || size > max_compressed_state_bytes) return false;
        highest_encoding_ = std::max(highest_encoding_, number);
        const auto by = number == number_of(codec::encoding::gzip) ? codec::encoding::gzip
                                                                   : codec::encoding::zstd;
        return append_in_order(r_.compressed, name, compressed_state(by, size));
    }

    result<record> finish() {
        constexpr unsigned required = 1U << tag_kind | 1U << tag_sequence | 1U << tag_put_id |
                                      1U << tag_thread | 1U << tag_namespace | 1U << tag_epoch |
                                      1U << tag_created;
        if ((seen_ & required) != required) return corrupt("a required field is missing");
        for (auto& [name, ref] : blobs_)
            if (!r_.channels.emplace(name, std::move(ref)).second)
                return corrupt("a channel is there twice");
        if (highest_encoding_ > last_encoding)
            return newer("a state is compressed in a way that is not known to this version");
        for (const auto& [name, how] : r_.compressed)
            if (!r_.channels.contains(name))
                return corrupt("it tells how a channel is compressed that is not there");
        return std::move(r_);
    }

    record r_;
    std::map<std::string, blob_ref> blobs_;
    std::uint8_t highest_encoding_ = 0;
    std::uint16_t last_ = 0;
    unsigned seen_ = 0;
};

}  // namespace

std::string locator::str() const {
    return std::to_string(sequence) + '-' + put_id;
}

std::optional<locator> parse_id(std::string_view id) {
    const auto dash = id.find('-');
    if (dash == std::string_view::npos || id.starts_with('0')) return std::nullopt;
    const auto sequence = parse_u64(id.substr(0, dash));
    const auto put_id = id.substr(dash + 1);
    const auto is_hex = [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); };
    if (!sequence || !is_sequence(*sequence) || put_id.size() != put_id_bytes * 2 ||
        !std::ranges::all_of(put_id, is_hex))
        return std::nullopt;
    return locator(*sequence, std::string(put_id));
}

bytes encode(const record& r) {
    bytes out(magic);
    append_integer(out, record_format_version);
    append_field(out, tag_kind, integer(static_cast<std::uint8_t>(r.kind)));
    append_field(out, tag_sequence, integer(r.self.sequence));
    append_field(out, tag_put_id, from_hex(r.self.put_id));
    append_field(out, tag_thread, r.thread);
    append_field(out, tag_namespace, r.space);
    if (r.parent)
        append_field(out, tag_parent, integer(r.parent->sequence) + from_hex(r.parent->put_id));
    append_field(out, tag_epoch, integer(r.epoch));
    append_field(out, tag_created,
                 integer(static_cast<std::uint64_t>(r.created.time_since_epoch().count())));
    for (const auto& [key, value] : r.metadata) append_field(out, tag_metadata, named(key, value));
    append_channels(out, r);
    return seal(std::move(out));
}

bytes seal(bytes content) {
    return content + from_hex(sha256(content));
}

result<record> decode(std::string_view data) {
    if (!data.starts_with(magic) || data.size() < head_bytes + digest_bytes)
        return corrupt(std::to_string(data.size()) + " bytes that are not a checkpoint record");
    const auto content = data.substr(0, data.size() - digest_bytes);
    if (from_hex(sha256(content)) != data.substr(content.size()))
        return corrupt("its bytes don't match its SHA-256");
    reader in(content.substr(magic.size()));
    const auto version = in.integer<std::uint16_t>();
    if (version > record_format_version)
        return newer("format version " + std::to_string(version) + ", and this cairn reads up to " +
                     std::to_string(record_format_version));
    if (version == 0) return corrupt("format version 0");
    return decoder().run(in);
}

}  // namespace cairn::checkpoint
