#pragma once

#include "testing/s3_store.hpp"

namespace cairn::testing::simulated {

/// The version that a read names, or the newest one. Throws NoSuchKey, NoSuchVersion,
/// MethodNotAllowed for a delete marker, and InvalidArgument for what can't be an id.
const version& find_version(const bucket& in, const std::string& key,
                            const std::optional<std::string>& id);
/// Throws InvalidArgument unless `id` could be a version's.
void check_version_id(const std::string& id);
/// Says which version a reply is about, if the bucket has ever kept versions.
void write_version_id(const bucket& in, const version& v, reply& to);

}  // namespace cairn::testing::simulated
