#pragma once

#include "s3/operation_table.hpp"

#include <cairn/core/error.hpp>
#include <cairn/wire/http.hpp>

#include <string>
#include <string_view>

namespace cairn::s3 {

/// What an error reply says.
struct refusal {
    cairn::error error;
    std::string region;  ///< That the reply names, whatever for; not checked.
};

/// What an error reply means: any status but 2xx, or a 200 whose document is an `<Error>`.
///
/// Sets everything but `operation`, `attempts` and `elapsed`.
/// @param document the body as far as it was read; empty for HEAD.
refusal read_refusal(const operation_table& table, const wire::response_head& head,
                     std::string_view document);
/// The error of it.
error service_error(const operation_table& table, const wire::response_head& head,
                    std::string_view document);

/// What one of S3's error codes means; the status decides when the code is unknown or empty.
errc meaning_of(std::string_view s3_code, unsigned status) noexcept;

}  // namespace cairn::s3
