#pragma once

#include "testing/s3_payload.hpp"
#include "testing/s3_refusal.hpp"
#include "testing/s3_routing.hpp"
#include "testing/s3_store.hpp"

#include <cairn/auth/credentials.hpp>

#include <optional>
#include <string>
#include <vector>

namespace cairn::testing::simulated {

/// Names what a request is for.
struct target {
    std::string operation{};  ///< Empty when the simulation has no such operation.
    std::string bucket{};
    std::string key{};
};

/// S3 without a network: what is stored, and a function from requests to replies.
///
/// Pure: knows the time by what it is told, and draws ids from a counter. Thread safety: none.
class core {
  public:
    core(std::string region, std::vector<auth::credentials> accounts,
         std::vector<std::string> domains);

    /// What `head` asks for.
    target target_of(const wire::request_head& head) const;
    /// What is refused before the body has come, as `Expect: 100-continue` wants it.
    std::optional<reply> refuse_early(const wire::request_head& head, clock::utc_time now);
    /// Carries a request out.
    /// @param body without transfer coding.
    reply handle(const wire::request_head& head, bytes body, clock::utc_time now);
    /// The reply that a refusal of this code is; without a body if the code is empty.
    reply refuse(const wire::request_head& head, const refusal& r, clock::utc_time now);

    store& stored() noexcept { return store_; }
    const std::string& region() const noexcept { return region_; }

  private:
    request parse(const wire::request_head& head) const;
    signature authenticate(const request& r, clock::utc_time now) const;
    const std::string& region_to_sign_for(const request& r) const;
    const route& check(call& c) const;
    void check_bucket(const call& c) const;
    void sign_off(reply& r, const std::string& request_id, const std::string& host_id,
                  clock::utc_time now) const;

    std::string region_;
    std::vector<auth::credentials> accounts_;
    std::vector<std::string> domains_;
    store store_;
};

}  // namespace cairn::testing::simulated
