#include "testing/s3_document.hpp"

#include "s3/timestamp.hpp"
#include "testing/s3_refusal.hpp"

namespace cairn::testing::simulated {
namespace {

constexpr std::string_view s3_namespace = "http://s3.amazonaws.com/doc/2006-03-01/";

s3::timestamp whole_second(clock::utc_time when) {
    return std::chrono::floor<std::chrono::seconds>(when);
}

}  // namespace

document_writer::document_writer(std::string_view root, bool in_namespace) {
    xml_.open(root, in_namespace ? s3_namespace : std::string_view());
}

void document_writer::text(std::string_view name, std::string_view value) {
    xml_.open(name);
    xml_.text(value);
    xml_.close();
}

void document_writer::number(std::string_view name, std::uint64_t value) {
    text(name, std::to_string(value));
}

void document_writer::boolean(std::string_view name, bool value) {
    text(name, value ? "true" : "false");
}

void document_writer::time(std::string_view name, clock::utc_time value) {
    text(name, document_time(value));
}

void document_writer::owner(std::string_view name) {
    open(name);
    text("ID", canonical_user);
    text("DisplayName", "simulated");
    close();
}

std::string document_writer::take() && {
    xml_.close();
    return std::move(xml_).take();
}

reply document_writer::as_reply() && {
    reply r;
    r.headers.set("Content-Type", "application/xml");
    r.body = std::move(*this).take();
    return r;
}

std::string document_time(clock::utc_time when) {
    auto text = s3::format_iso8601(whole_second(when));
    return text.insert(text.size() - 1, ".000");
}

std::string http_time(clock::utc_time when) {
    return s3::format_http_date(whole_second(when));
}

wire::xml::document read_document(std::string_view body, std::string_view root) {
    auto read = wire::xml::document::parse(body);
    if (!read || read->root().name() != root) throw malformed_xml();
    return std::move(*read);
}

std::string required_text(wire::xml::element parent, std::string_view name) {
    const auto found = parent.child(name);
    if (!found) throw malformed_xml();
    return found.text();
}

}  // namespace cairn::testing::simulated
