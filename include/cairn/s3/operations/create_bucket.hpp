#pragma once

#include <cairn/s3/operations/tag.hpp>

#include <optional>
#include <string>
#include <vector>

namespace cairn::s3 {

/// The zone of a directory bucket.
struct location_info {
    location_info() = default;
    std::optional<std::string> type;  ///< One of `location_type`.
    std::optional<std::string> name;  ///< The zone's id, e.g. "usw2-az1".
};

/// What kind of directory bucket it is.
struct bucket_info {
    bucket_info() = default;
    std::optional<std::string> data_redundancy;  ///< One of `data_redundancy`.
    std::optional<std::string> type;             ///< One of `bucket_type`.
};

/// Where and how a bucket is created.
struct create_bucket_configuration {
    create_bucket_configuration() = default;
    std::optional<std::string>
        location_constraint;  ///< The region: one of `bucket_location_constraint`.
    std::optional<s3::location_info> location;  ///< The zone of a directory bucket.
    std::optional<s3::bucket_info> bucket;      ///< What kind of directory bucket it is.
    std::vector<s3::tag> tags;                  ///< Tags to give the bucket.
};

/// The answer to `create_bucket`.
struct create_bucket_output {
    create_bucket_output() = default;
    std::optional<std::string> location;    ///< Where the bucket is: its path or URL.
    std::optional<std::string> bucket_arn;  ///< Directory buckets only.
};

/// Creates a bucket.
struct create_bucket {
    using output = create_bucket_output;
    explicit create_bucket(std::string bucket);

    std::string bucket;
    std::optional<std::string> acl;  ///< One of `bucket_canned_acl`.
    /// Where it is created; needed outside us-east-1 on AWS.
    std::optional<s3::create_bucket_configuration> create_bucket_configuration;
    /// Who may do everything: `id="..."`, `uri="..."` or `emailAddress="..."`, by commas.
    std::optional<std::string> grant_full_control;
    std::optional<std::string> grant_read;       ///< Who may list its objects.
    std::optional<std::string> grant_read_acp;   ///< Who may read the access control list.
    std::optional<std::string> grant_write;      ///< Who may create objects in it.
    std::optional<std::string> grant_write_acp;  ///< Who may write the access control list.
    /// Lets objects be locked; can't be undone.
    std::optional<bool> object_lock_enabled_for_bucket;
    std::optional<std::string> object_ownership;  ///< One of `object_ownership`.
    std::optional<std::string> bucket_namespace;  ///< One of `bucket_namespace`.
};

}  // namespace cairn::s3
