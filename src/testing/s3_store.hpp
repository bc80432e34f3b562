#pragma once

#include "testing/s3_checksums.hpp"
#include "testing/s3_reply.hpp"
#include "testing/s3_request.hpp"

#include <cairn/core/clock.hpp>

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace cairn::testing::simulated {

/// What a writer says of an object, and S3 gives back with it.
struct properties {
    wire::fields content{};  ///< Content-Type and its kin, as sent.
    std::map<std::string, std::string> metadata{};
    std::string storage_class = "STANDARD";
    std::string tagging{};  ///< As sent: "a=1&b=2".
};

/// One version of an object.
struct version {
    std::string id{};
    bool is_delete_marker = false;
    clock::utc_time modified{};
    std::shared_ptr<const bytes> data = std::make_shared<bytes>();
    std::string etag{};
    properties about{};
    std::optional<simulated::checksum> sum{};
    std::vector<std::uint64_t> part_sizes{};  ///< If it was uploaded in parts.
};

/// A part of an upload.
struct part {
    std::shared_ptr<const bytes> data;
    std::string etag{};
    clock::utc_time modified{};
    std::optional<simulated::checksum> sum{};
};

/// A multipart upload that has not ended.
struct upload {
    std::string id;
    std::string key;
    clock::utc_time initiated{};
    properties about{};
    /// The algorithm that the writer chose, and what the object's checksum will be of.
    std::optional<checksum_algorithm> algorithm{};
    checksum_type type = checksum_type::full_object;
    std::map<unsigned, part> parts{};
};

enum class versioning { never, enabled, suspended };

struct bucket {
    std::string name;
    std::string region;
    clock::utc_time created{};
    simulated::versioning versions = versioning::never;
    /// Of each key, the oldest first; none is empty. In S3's order: that of the keys' bytes.
    std::map<std::string, std::vector<version>> objects{};
    std::vector<upload> uploads{};  ///< The oldest first.

    /// The newest version of `key` if there is one and it is no delete marker.
    const version* current(const std::string& key) const noexcept;
};

/// The id of a version that was made without versioning.
inline constexpr std::string_view null_version = "null";

/// All that S3 keeps.
class store {
  public:
    std::map<std::string, bucket> buckets{};
    std::uint64_t least_part_bytes = 5ULL << 20U;  ///< But for an upload's last part.

    /// An id that no other is like: `size` upper-case letters and digits, by a counter.
    std::string new_id(std::size_t size);

  private:
    std::uint64_t ids_ = 0;
};

/// One request on its way through the store.
struct call {
    call(const request& r, store& s, clock::utc_time t) : asked(r), all(s), now(t) {}

    const request& asked;
    store& all;
    clock::utc_time now;

    /// The request's bucket; throws NoSuchBucket.
    bucket& in() const;
};

/// Stores `made` as the newest version of `key`, by the bucket's rules, and gives it back with its
/// id.
const version& add_version(call& c, bucket& in, const std::string& key, version made);

}  // namespace cairn::testing::simulated
