#include "s3/encode.hpp"

#include "s3/validate.hpp"
#include "wire/digest.hpp"
#include "wire/xml.hpp"

#include <cairn/core/ascii.hpp>
#include <cairn/core/bytes.hpp>
#include <cairn/s3/body.hpp>

#include <algorithm>
#include <map>
#include <optional>

namespace cairn::s3 {
namespace {

constexpr std::string_view xml_namespace = "http://s3.amazonaws.com/doc/2006-03-01/";

error invalid(std::string detail) {
    return error(errc::invalid_argument, std::move(detail));
}

bool is_set(const row& r, const void* value) {
    return r.type->size == nullptr || r.type->size(value) != 0;
}

/// Encodes one operation, row by row.
class encoder {
  public:
    encoder(const operation_table& table, const void* input, const site& where)
        : table_(table), input_(input), site_(where) {}

    result<encoded_request> run() {
        for (const auto& r : table_.input) {
            const auto done = add(r, r.read(input_));
            if (!done) return done.error();
        }
        const auto done = add_digest();
        if (!done) return done.error();
        address();
        return std::move(out_);
    }

  private:
    result<void> add(const row& r, const void* value) {
        auto valid = validate(r, value);
        if (!valid) return valid;
        if (r.condition && is_set(r, value)) out_.conditional = true;
        switch (r.where) {
            case place::uri:
                return add_label(r, value);
            case place::query:
                return add_query(r, value);
            case place::header:
                return add_header(r, value);
            case place::prefix_headers:
                return add_prefix_headers(r, value);
            case place::payload:
                return add_payload(r, value);
            case place::stream:
                return add_stream(value);
            case place::element:    // S3's requests have elements in a payload only,
            case place::root_text:  // and no text without one.
                break;
        }
        return invalid(std::string(r.name) + " has no place in a request");
    }

    result<void> validate(const row& r, const void* value) const {
        if (r.check) {
            auto problem = r.check(value);
            if (!problem.empty()) return invalid(std::move(problem));
        }
        if (r.required && !is_set(r, value)) return invalid(std::string(r.name) + " is empty");
        if (r.type->kind == kind::secret && is_set(r, value) && !site_.tls())
            return invalid(std::string(r.name) +
                           " would cross the network unencrypted: use an https endpoint");
        return {};
    }

    result<std::string> text_of(const row& r, const value_type& type, const void* value) const {
        auto text = type.to_text(value, r.format);
        if (type.kind == kind::time && text.empty())
            return invalid(std::string(r.name) + " is in a year that hasn't four digits");
        return text;
    }

    result<void> add_label(const row& r, const void* value) {
        auto text = text_of(r, *r.type, value);
        if (!text) return text.error();
        (r.wire == "Bucket" ? bucket_ : key_) = std::move(*text);
        return {};
    }

    result<void> add_query(const row& r, const void* value) {
        std::string text(r.fallback);
        if (is_set(r, value)) {
            auto given = text_of(r, *r.type, value);
            if (!given) return given.error();
            text = std::move(*given);
        } else if (r.fallback.empty()) {
            return {};
        }
        query_.append("&").append(r.wire).append("=").append(wire::percent_encode(text));
        return {};
    }

    result<void> add_header(const row& r, const void* value) {
        if (!is_set(r, value)) return {};
        auto text = r.type->kind == kind::list ? joined(r, value) : text_of(r, *r.type, value);
        if (!text) return text.error();
        if (auto problem = header_problem(*text); !problem.empty())
            return invalid(std::string(r.name) + " " + problem);
        if (r.framed)
            declared_length_ = std::move(*text);
        else
            out_.head.headers.add(r.wire, *text);
        return {};
    }

    result<std::string> joined(const row& r, const void* value) const {
        std::string all;
        for (std::size_t i = 0; i < r.type->size(value); ++i) {
            const auto text = text_of(r, *r.type->item, r.type->at(value, i));
            if (!text) return text.error();
            if (i != 0) all += ", ";
            all += *text;
        }
        return all;
    }

    result<void> add_prefix_headers(const row& r, const void* value) {
        for (const auto& [name, text] :
             *static_cast<const std::map<std::string, std::string>*>(value)) {
            if (auto problem = metadata_problem(name, text); !problem.empty())
                return invalid(std::move(problem));
            const auto field = std::string(r.wire) + ascii::lower(name);
            if (out_.head.headers.contains(field))
                return invalid("the metadata names have '" + ascii::lower(name) +
                               "' twice, in different case");
            out_.head.headers.add(field, text);
        }
        return {};
    }

    result<void> add_stream(const void* value) {
        out_.stream = static_cast<const body::source*>(value)->get();
        return {};
    }

    result<void> add_payload(const row& r, const void* value) {
        if (!is_set(r, value)) return {};
        wire::xml::writer xml;
        auto done = write_structure(xml, r.wire, xml_namespace, *r.nested, r.type->at(value, 0));
        if (!done) return done;
        out_.document = std::move(xml).take();
        out_.head.headers.add("Content-Type", "application/xml");
        return {};
    }

    result<void> write_structure(wire::xml::writer& xml, std::string_view tag,
                                 std::string_view xmlns, const shape& structure,
                                 const void* object) const {
        xml.open(tag, xmlns);
        for (const auto& r : structure.rows) {
            const auto* const value = r.read(object);
            auto done = validate(r, value);
            if (done && is_set(r, value)) done = write_element(xml, r, value);
            if (!done) return done;
        }
        xml.close();
        return {};
    }

    result<void> write_element(wire::xml::writer& xml, const row& r, const void* value) const {
        if (r.type->kind == kind::list) return write_list(xml, r, value);
        if (r.type->kind == kind::structure)
            return write_structure(xml, r.wire, {}, *r.nested, r.type->at(value, 0));
        return write_text(xml, r, r.wire, *r.type, value);
    }

    result<void> write_list(wire::xml::writer& xml, const row& r, const void* value) const {
        if (!r.flat) xml.open(r.wire);
        const auto tag = r.flat ? r.wire : r.item;
        for (std::size_t i = 0; i < r.type->size(value); ++i) {
            const auto* const item = r.type->at(value, i);
            const auto done = r.nested ? write_structure(xml, tag, {}, *r.nested, item)
                                       : write_text(xml, r, tag, *r.type->item, item);
            if (!done) return done;
        }
        if (!r.flat) xml.close();
        return {};
    }

    result<void> write_text(wire::xml::writer& xml, const row& r, std::string_view tag,
                            const value_type& type, const void* value) const {
        const auto text = text_of(r, type, value);
        if (!text) return text.error();
        if (!is_utf8(*text)) return invalid(std::string(r.name) + " isn't UTF-8");
        xml.open(tag);
        xml.text(*text);
        xml.close();
        return {};
    }

    // The algorithm that the caller named, or Content-MD5, which every server understands.
    result<void> add_digest() {
        auto length = check_length();
        if (!length || !table_.needs_body_digest) return length;
        const std::string named(out_.head.headers["x-amz-sdk-checksum-algorithm"]);
        if (named.empty() && out_.head.headers.contains("Content-MD5")) return {};
        const auto algorithm = named.empty() ? std::string("MD5") : named;
        const auto value = wire::digest(algorithm, out_.document);
        if (!value)
            return invalid(std::string(table_.name) +
                           " needs a digest of its document, and cairn has no " + algorithm +
                           " here; set ChecksumAlgorithm to SHA256");
        const auto field = named.empty() ? "Content-MD5" : "x-amz-checksum-" + ascii::lower(named);
        out_.head.headers.add(field, to_base64(as_bytes(*value)));
        return {};
    }

    result<void> check_length() const {
        if (!declared_length_) return {};
        const auto actual = std::to_string(out_.stream ? out_.stream->size() : 0);
        if (actual == *declared_length_) return {};
        return invalid("ContentLength is " + *declared_length_ + " and the body has " + actual +
                       " bytes");
    }

    void address() {
        const auto question = table_.path.find('?');
        const auto at = site_.of(bucket_);
        std::string query = question == std::string_view::npos
                                ? std::string()
                                : std::string(table_.path.substr(question + 1));
        query += query_;
        if (query.starts_with('&')) query.erase(0, 1);

        out_.host = at.host;
        out_.head.method = table_.method;
        out_.head.target = at.path;
        if (!key_.empty() || at.path.empty())
            out_.head.target += '/' + wire::percent_encode(key_, true);
        if (!query.empty()) out_.head.target += '?' + query;
        out_.head.headers.add("Host", at.authority);
    }

    const operation_table& table_;
    const void* input_;
    const site& site_;
    encoded_request out_;
    std::string bucket_;
    std::string key_;
    std::string query_;
    std::optional<std::string> declared_length_;
};

}  // namespace

encoded_request::encoded_request() = default;

result<encoded_request> encode(const operation_table& table, const void* input, const site& where) {
    return encoder(table, input, where).run();
}

std::string bucket_of(const operation_table& table, const void* input) {
    for (const auto& r : table.input)
        if (r.where == place::uri && r.wire == "Bucket")
            return r.type->to_text(r.read(input), r.format);
    return {};
}

std::string subject_of(const operation_table& table, const void* input) {
    std::string bucket;
    std::string key;
    std::string source;
    for (const auto& r : table.input) {
        const auto text = [&] { return r.type->to_text(r.read(input), r.format); };
        if (r.where == place::uri) (r.wire == "Bucket" ? bucket : key) = text();
        if (r.name == "CopySource") source = text();
    }
    if (bucket.empty()) return {};
    return "s3://" + bucket + (key.empty() ? "" : "/" + key) +
           (source.empty() ? "" : " from s3://" + source);
}

std::string name_of(const operation_table& table, const void* input) {
    const auto subject = subject_of(table, input);
    return std::string(table.name) + (subject.empty() ? "" : " " + subject);
}

}  // namespace cairn::s3
