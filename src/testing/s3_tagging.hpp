#pragma once

#include "testing/s3_store.hpp"

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace cairn::testing::simulated {

/// Tags in the order in which they were given.
using tag_list = std::vector<std::pair<std::string, std::string>>;

/// The tags of a query, as `x-amz-tagging` has them: "a=1&b=2". Throws what S3 answers to tags that
/// an object can't have.
tag_list parse_tagging(std::string_view query);

}  // namespace cairn::testing::simulated
