#pragma once

#include <optional>
#include <string>

namespace cairn::s3 {

/// Who owns something.
struct owner {
    owner() = default;
    std::optional<std::string> display_name;  ///< Given by few servers.
    std::optional<std::string> id;
};

}  // namespace cairn::s3
