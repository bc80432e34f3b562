#include "core/injected.hpp"

#include <cairn/resilience/retry.hpp>

namespace cairn {
namespace {

retry_policy with_defaults(retry_policy policy) {
    if (!policy.quota) policy.quota = std::make_shared<retry_quota>();
    inject(policy, system_clock(), system_random());
    return policy;
}

}  // namespace

retry::retry(retry_policy policy)
    : policy_(std::make_shared<const retry_policy>(with_defaults(std::move(policy)))) {}

}  // namespace cairn
