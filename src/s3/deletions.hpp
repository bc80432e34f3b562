#pragma once

#include <cairn/s3/client.hpp>

#include <string>
#include <vector>

namespace cairn::s3 {

/// What `client::delete_objects` does.
awaitable<result<std::vector<delete_outcome>>> delete_all(client s3, std::string bucket,
                                                          std::vector<std::string> keys);

}  // namespace cairn::s3
