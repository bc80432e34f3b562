#include "s3/decode.hpp"

#include "s3/reply_document.hpp"
#include "s3/service_error.hpp"

#include <cairn/core/ascii.hpp>

#include <algorithm>
#include <map>
#include <string>

namespace cairn::s3 {
namespace {

using wire::xml::element;

error malformed(std::string detail) {
    return error(errc::malformed_reply, std::move(detail));
}

const row* stream_row(const operation_table& table) noexcept {
    const auto found = std::find_if(table.output.begin(), table.output.end(),
                                    [](const row& r) { return r.where == place::stream; });
    return found == table.output.end() ? nullptr : &*found;
}

std::string first_of(std::string_view preferred, std::string_view otherwise) {
    return std::string(preferred.empty() ? otherwise : preferred);
}

// Form encoding, where a blank may be a plus.
std::string url_decoded(std::string text) {
    std::replace(text.begin(), text.end(), '+', ' ');
    return wire::percent_decode(text);
}

/// Fills an output from header fields.
class head_reader {
  public:
    head_reader(const wire::response_head& head, void* output) : head_(head), output_(output) {}

    result<void> read(const row& r) const {
        if (r.where == place::prefix_headers) return read_prefixed(r);
        if (r.where != place::header) return {};
        const auto text = head_.headers.find(r.wire);
        if (!text) return {};
        const bool read = r.type->from_text(r.write(output_), *text, r.format);
        if (read || r.lenient) return {};
        return malformed("the header " + std::string(r.wire) + " is '" + std::string(*text) + "'");
    }

  private:
    result<void> read_prefixed(const row& r) const {
        auto& map = *static_cast<std::map<std::string, std::string>*>(r.write(output_));
        for (const auto [name, value] : head_.headers) {
            if (name.size() <= r.wire.size() ||
                !ascii::iequals(name.substr(0, r.wire.size()), r.wire))
                continue;
            map.emplace(ascii::lower(name.substr(r.wire.size())), value);
        }
        return {};
    }

    const wire::response_head& head_;
    void* output_;
};

/// Fills an output from a document.
class document_reader {
  public:
    explicit document_reader(const element& root)
        : url_encoded_(ascii::iequals(root.child("EncodingType").text(), "url")) {}

    result<void> read(const operation_table& table, const element& root, void* output) const {
        for (const auto& r : table.output) {
            auto done = result<void>();
            if (r.where == place::root_text) done = read_text(r, *r.type, root, r.write(output));
            if (r.where == place::payload)
                done = read_structure(*r.nested, root, r.type->grow(r.write(output)));
            if (!done) return done;
        }
        return read_children(table.output, root, output);
    }

  private:
    result<void> read_structure(const shape& structure, const element& from, void* object) const {
        return read_children(structure.rows, from, object);
    }

    // The document leads, so that a long listing is walked once.
    result<void> read_children(std::span<const row> rows, const element& parent,
                               void* object) const {
        for (const auto& child : parent) {
            const auto* const r = row_named(rows, child.name());
            if (!r) continue;
            auto done = read_element(*r, child, r->write(object));
            if (!done) return done;
        }
        return check_complete(rows, parent);
    }

    static const row* row_named(std::span<const row> rows, std::string_view name) noexcept {
        const auto found = std::find_if(rows.begin(), rows.end(), [&](const row& r) {
            return r.where == place::element && r.wire == name;
        });
        return found == rows.end() ? nullptr : &*found;
    }

    static result<void> check_complete(std::span<const row> rows, const element& parent) {
        for (const auto& r : rows)
            if (r.where == place::element && r.required && !parent.child(r.wire))
                return malformed("<" + std::string(parent.name()) + "> has no <" +
                                 std::string(r.wire) + ">");
        return {};
    }

    result<void> read_element(const row& r, const element& from, void* value) const {
        if (r.type->kind == kind::list)
            return r.flat ? read_item(r, from, value) : read_items(r, from, value);
        if (r.type->kind == kind::structure)
            return read_structure(*r.nested, from, r.type->grow(value));
        return read_text(r, *r.type, from, value);
    }

    result<void> read_items(const row& r, const element& from, void* value) const {
        for (const auto& child : from) {
            if (child.name() != r.item) continue;
            auto done = read_item(r, child, value);
            if (!done) return done;
        }
        return {};
    }

    result<void> read_item(const row& r, const element& from, void* value) const {
        void* const item = r.type->grow(value);
        return r.nested ? read_structure(*r.nested, from, item)
                        : read_text(r, *r.type->item, from, item);
    }

    result<void> read_text(const row& r, const value_type& type, const element& from,
                           void* value) const {
        auto text = from.text();
        if (url_encoded_ && r.url_encoded) text = url_decoded(std::move(text));
        // An absent value, as some servers write it.
        if (text.empty() && type.kind != kind::text) return {};
        if (type.from_text(value, text, r.format) || r.lenient) return {};
        return malformed("<" + std::string(from.name()) + "> is '" + text + "'");
    }

    bool url_encoded_;
};

result<void> read_document(const operation_table& table, const wire::response_head& head,
                           std::string_view text, void* output) {
    const auto parsed = parse_reply(head, text);
    if (!parsed) return parsed.error();
    const auto root = parsed->root();
    if (root.name() == "Error" && table.error_in_200) return service_error(table, head, text);
    if (root.name() != table.reply_root)
        return malformed("the reply is a <" + std::string(root.name()) + ">, not a <" +
                         std::string(table.reply_root) + ">");
    return document_reader(root).read(table, root, output);
}

// Where S3 says nothing, a page is somebody else's: a proxy's, or a captive portal's.
result<void> check_answerer(const operation_table& table, const wire::response_head& head,
                            std::string_view document) {
    if (!table.modifies || document.empty()) return {};
    const auto parsed = parse_reply(head, document);
    if (!parsed && parsed.error().code() == errc::not_s3) return parsed.error();
    return {};
}

// A success that can't be read is a success; but a reply that isn't S3's tells nothing, nor does
// one that might have held an error.
effect effect_of_success(const operation_table& table, const error& failed) {
    return failed.code() == errc::not_s3 || table.error_in_200 ? effect::unknown : effect::applied;
}

result<void> read_reply(const operation_table& table, const wire::response_head& head,
                        std::string_view document, void* output) {
    const head_reader headers(head, output);
    for (const auto& r : table.output) {
        auto done = headers.read(r);
        if (!done) return done;
    }
    if (table.reply_root.empty()) return check_answerer(table, head, document);
    return read_document(table, head, document, output);
}

}  // namespace

result<void> decode(const operation_table& table, const wire::response_head& head,
                    std::string_view document, void* output) {
    auto done = read_reply(table, head, document, output);
    if (done) return done;
    auto failed = done.error();
    failed.http_status(head.status);
    failed.request_id(first_of(failed.request_id(), head.headers["x-amz-request-id"]));
    failed.host_id(first_of(failed.host_id(), head.headers["x-amz-id-2"]));
    if (table.modifies && failed.effect() == effect::none)
        failed.effect(effect_of_success(table, failed));
    return failed;
}

bool streams_reply(const operation_table& table) noexcept {
    return stream_row(table) != nullptr;
}

void set_body(const operation_table& table, void* output, body::reader body) {
    const auto* const r = stream_row(table);
    *static_cast<body::reader*>(r->write(output)) = std::move(body);
}

}  // namespace cairn::s3
