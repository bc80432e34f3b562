#pragma once

#include "testing/s3_reply.hpp"
#include "wire/xml.hpp"

#include <cairn/core/clock.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace cairn::testing::simulated {

/// Writes a document of S3's, element by element.
class document_writer {
  public:
    /// @param in_namespace whether the root is in S3's namespace, as all but errors are.
    explicit document_writer(std::string_view root, bool in_namespace = true);

    void open(std::string_view name) { xml_.open(name); }
    void close() { xml_.close(); }
    void text(std::string_view name, std::string_view value);
    /// Text of the innermost open element.
    void content(std::string_view value) { xml_.text(value); }
    void number(std::string_view name, std::uint64_t value);
    void boolean(std::string_view name, bool value);
    void time(std::string_view name, clock::utc_time value);
    /// The account that has everything.
    void owner(std::string_view name);

    std::string take() &&;
    /// A reply of 200 with this document.
    reply as_reply() &&;

  private:
    wire::xml::writer xml_;
};

/// A moment as S3's documents have it: "2026-01-01T00:00:00.000Z".
std::string document_time(clock::utc_time when);
/// A moment as HTTP has it.
std::string http_time(clock::utc_time when);

/// The document in `body`, whose root is `root`; throws MalformedXML.
wire::xml::document read_document(std::string_view body, std::string_view root);
/// The text of an element that has to be there; throws MalformedXML.
std::string required_text(wire::xml::element parent, std::string_view name);

/// The account's number and its canonical id.
inline constexpr std::string_view account = "123456789012";
inline constexpr std::string_view canonical_user =
    "5a1f1b6c7e0d4c2b8f3e9d7a6b5c4d3e2f1a0b9c8d7e6f5a4b3c2d1e0f9a8b7c";

}  // namespace cairn::testing::simulated
