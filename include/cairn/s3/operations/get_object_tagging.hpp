#pragma once

#include <cairn/s3/operations/tag.hpp>
#include <cairn/s3/types.hpp>

#include <optional>
#include <string>
#include <vector>

namespace cairn::s3 {

/// The answer to `get_object_tagging`.
struct get_object_tagging_output {
    get_object_tagging_output() = default;
    /// The version it was about; set in versioned buckets.
    std::optional<std::string> version_id;
    std::vector<s3::tag> tag_set;  ///< The object's tags; it may have none.
};

/// Reads an object's tags.
struct get_object_tagging {
    using output = get_object_tagging_output;
    get_object_tagging(std::string bucket, std::string key);

    std::string bucket;
    std::string key;
    std::optional<std::string> version_id;  ///< The version meant; unset, the current one.
    /// Fail with `access_denied` unless this account owns the bucket.
    std::optional<std::string> expected_bucket_owner;
    std::optional<std::string> request_payer;  ///< One of `request_payer`.
};

}  // namespace cairn::s3
