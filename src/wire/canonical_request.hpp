#pragma once

#include <cairn/wire/signing.hpp>

#include <string>
#include <string_view>

namespace cairn::wire {

/// The text of a request that its signature covers.
/// Source: AWS, "Create a signed AWS API request", step 1.
struct canonical_form {
    std::string text;
    std::size_t names_offset = 0;
    std::size_t names_size = 0;

    /// "host;range;x-amz-date": the names of the covered headers.
    std::string_view signed_headers() const noexcept {
        return std::string_view(text).substr(names_offset, names_size);
    }
};

/// Covers every header of `request` but `signer::is_unsigned` ones.
canonical_form canonicalize(const request_head& request, std::string_view payload_hash,
                            canonical_path rule);

}  // namespace cairn::wire
