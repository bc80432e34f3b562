#pragma once

#include <cairn/s3/types.hpp>

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

/// How an operation maps to HTTP, as data: one table an operation, one row a member. Encoding and
/// decoding read tables and know no operation by name.
namespace cairn::s3 {

/// Where a member travels.
enum class place : std::uint8_t {
    uri,             ///< A label of the path.
    query,           ///< A parameter of the query.
    header,          ///< A header field.
    prefix_headers,  ///< All header fields that start with the row's wire name.
    element,         ///< A child element of the document, or of the structure it is in.
    payload,         ///< The document itself.
    root_text,       ///< The text of a reply's root element.
    stream,          ///< The body.
};

enum class kind : std::uint8_t { text, secret, number, flag, time, list, map, structure, stream };

enum class time_format : std::uint8_t { http_date, iso8601 };

/// What encoding and decoding can do with one C++ type of member.
///
/// Scalars have a text; lists and structures have items (an optional structure has at most one).
struct value_type {
    s3::kind kind;
    bool optional;  ///< May be absent.
    std::size_t (*size)(const void* value);
    std::string (*to_text)(const void* value, time_format format);
    bool (*from_text)(void* value, std::string_view text, time_format format);
    const void* (*at)(const void* value, std::size_t index);
    void* (*grow)(void* value);  ///< Appends an item to fill; null when there can be no more.
    const value_type* item;      ///< Of a list of scalars.
};

struct shape;

/// One member of a structure. Rows are written with the functions of rows.hpp.
struct row {
    std::string_view name;    ///< S3's name of the member.
    std::string_view member;  ///< Its name in C++, which a test holds to S3's.
    place where;
    std::string_view wire;  ///< Its name there.
    const value_type* type;
    const void* (*read)(const void* object);  ///< The member of `object`.
    void* (*write)(void* object);

    bool required = false;  ///< S3 wants it set, or always sends it.
    bool condition =
        false;  ///< When it is set, the request sent twice may tell something else than once.
    bool lenient = false;      ///< A reply's value that can't be read counts as absent.
    bool url_encoded = false;  ///< A reply that says `EncodingType` url holds it percent-encoded.
    bool framed = false;       ///< Whoever frames the body sends it; here it is only checked.
    bool flat = false;         ///< A list without an element around its items.
    time_format format = time_format::iso8601;
    std::string_view item{};        ///< The element of each item of a list that isn't flat.
    std::string_view fallback{};    ///< Sent when the member isn't set.
    const shape* nested = nullptr;  ///< Of a structure, or of a list of them.
    std::span<const std::string_view> values{};  ///< An enumeration's known values.
    std::string (*check)(const void* value) =
        nullptr;  ///< What is wrong with a value; empty: nothing.

    // The words of a table: a copy of the row with one thing changed. This one comes first, or
    // clang can't evaluate those that use it.
    template <class T, class U>
    constexpr row with(T row::* which, U value) const {
        row changed = *this;
        changed.*which = value;
        return changed;
    }

    constexpr row require() const { return with(&row::required, true); }
    constexpr row makes_conditional() const { return with(&row::condition, true); }
    constexpr row tolerate() const { return with(&row::lenient, true); }
    constexpr row decode_url() const { return with(&row::url_encoded, true); }
    constexpr row leave_to_framing() const { return with(&row::framed, true); }
    constexpr row flatten() const { return with(&row::flat, true); }
    constexpr row as(time_format f) const { return with(&row::format, f); }
    constexpr row items(std::string_view tag) const { return with(&row::item, tag); }
    constexpr row or_send(std::string_view text) const { return with(&row::fallback, text); }
    constexpr row of(const shape& s) const { return with(&row::nested, &s); }
    constexpr row one_of(std::span<const std::string_view> all) const {
        return with(&row::values, all);
    }
    constexpr row verify(std::string (*f)(const void*)) const { return with(&row::check, f); }
};

/// A structure in a document.
struct shape {
    std::string_view name;
    std::span<const row> rows;
};

/// Whether a body travels by these rows whose checksum travels by them, too.
constexpr bool has_summed_body(std::span<const row> rows) noexcept {
    bool body = false;
    bool sum = false;
    for (const auto& r : rows) {
        body |= r.where == place::stream;
        sum |= r.where == place::header && r.wire == "x-amz-checksum-crc64nvme";
    }
    return body && sum;
}

/// One operation.
struct operation_table {
    std::string_view name;
    std::string_view method{};
    std::string_view path{};  ///< "/{Bucket}/{Key+}", and the query that every request has.
    std::span<const row> input{};
    std::span<const row> output{};
    unsigned status = 200;          ///< S3's status for success.
    std::string_view reply_root{};  ///< The root element of a reply's document; empty: it has none.
    bool modifies = false;          ///< It may change what is stored.
    bool replayable = true;         ///< Sending it twice has the effect, and the answer, of once.
    bool error_in_200 = false;      ///< A 200 may carry an error.
    bool needs_body_digest = false;  ///< S3 refuses it without a digest of the document.
    std::span<const std::string_view> errors{};  ///< The error codes that S3's model gives for it.
    bool uploads_summed = has_summed_body(input);     ///< Its body may have a checksum.
    bool downloads_summed = has_summed_body(output);  ///< Its reply's body may have one.
};

/// The table of an operation type; each operation's source file specializes it.
template <class Operation>
const operation_table& table_of();

}  // namespace cairn::s3
