#pragma once

#include "wire/xml.hpp"

#include <cairn/core/result.hpp>
#include <cairn/wire/http.hpp>

#include <string>
#include <string_view>

namespace cairn::s3 {

/// The document of a reply that should have one. Fails with `not_s3`, quoting it, when the reply is
/// something else than XML, and with `malformed_reply` when it is empty or broken XML.
result<wire::xml::document> parse_reply(const wire::response_head& head, std::string_view body);

/// What a person recognizes a page by: its title, or its first 80 characters.
std::string excerpt(std::string_view body);

}  // namespace cairn::s3
