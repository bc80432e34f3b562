#pragma once

#include <string>
#include <string_view>

namespace cairn::transfer {

/// An ETag without its quotes. Some servers quote it in one reply, and not in another.
inline std::string_view unquoted(std::string_view etag) {
    if (etag.size() >= 2 && etag.front() == '"' && etag.back() == '"')
        etag = etag.substr(1, etag.size() - 2);
    return etag;
}

/// In its quotes, as conditions have it; empty where there is none.
inline std::string in_quotes(std::string_view etag) {
    return etag.empty() ? std::string() : '"' + std::string(unquoted(etag)) + '"';
}

}  // namespace cairn::transfer
