#pragma once

#include "../common/workload.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace cairn::bench {

/// Every request of a workload, as the bytes to send.
class prebuilt_requests {
  public:
    explicit prebuilt_requests(const workload& load);

    std::string_view of(const slice& part) const { return requests_[part.first / request_bytes_]; }
    slice expected_body(const slice& part) const { return has_reply_body_ ? part : slice{0, 0}; }

  private:
    std::uint64_t request_bytes_;
    bool has_reply_body_;
    std::vector<std::string> requests_;
};

}  // namespace cairn::bench
