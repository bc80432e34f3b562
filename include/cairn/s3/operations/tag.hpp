#pragma once

#include <string>

namespace cairn::s3 {

/// A name and a value that an owner gave something.
struct tag {
    tag() = default;
    tag(std::string key, std::string value);
    std::string key;
    std::string value;
};

}  // namespace cairn::s3
