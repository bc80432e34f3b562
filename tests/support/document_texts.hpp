#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace cairn::test {

/// The texts of all elements of a path of names, from the root's children on: "Contents/Key". None
/// if `document` can't be read.
std::vector<std::string> document_texts(std::string_view document, std::string_view path);

}  // namespace cairn::test
