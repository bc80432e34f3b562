#pragma once

#include <cairn/s3/operations/owner.hpp>
#include <cairn/s3/types.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace cairn::s3 {

/// One of the caller's buckets.
struct bucket {
    bucket() = default;
    std::string name;
    std::optional<timestamp> creation_date;
    std::optional<std::string> bucket_region;
    std::optional<std::string> bucket_arn;  ///< Directory buckets only.
};

/// The answer to `list_buckets`.
struct list_buckets_output {
    list_buckets_output() = default;
    std::vector<s3::bucket> buckets;
    std::optional<s3::owner> owner;  ///< Who owns the buckets.
    /// Where the next page starts; absent on the last one.
    std::optional<std::string> continuation_token;
    std::optional<std::string> prefix;  ///< The prefix that was asked for.
};

/// Lists the caller's buckets; see `paginator` for all of them.
struct list_buckets {
    using output = list_buckets_output;
    list_buckets() = default;

    std::optional<std::int64_t> max_buckets;  ///< Buckets a page, at most 10000.
    /// Where the page starts: the last page's token.
    std::optional<std::string> continuation_token;
    std::optional<std::string> prefix;         ///< Only buckets whose name starts with this.
    std::optional<std::string> bucket_region;  ///< Only buckets of this region.
};

}  // namespace cairn::s3
