#pragma once

#include <optional>
#include <string>

namespace cairn::s3 {

/// The object that a copy is made of. Names are plain text: encoding them is cairn's.
struct copy_source {
    copy_source(std::string bucket, std::string key);
    std::string bucket;
    std::string key;
    std::optional<std::string> version_id;  ///< Unset, the current version.
};

}  // namespace cairn::s3
