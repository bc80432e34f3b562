#include <cairn/testing/s3_fault.hpp>

#include <algorithm>
#include <map>
#include <memory>

namespace cairn::testing {

s3_fault s3_fault::refusal(unsigned status, std::string code) {
    s3_fault f;
    f.carried_out = false;
    f.status = status;
    f.code = std::move(code);
    return f;
}

s3_fault s3_fault::slow_down() {
    return refusal(503, "SlowDown");
}

s3_fault s3_fault::conflict() {
    return refusal(409, "ConditionalRequestConflict");
}

s3_fault s3_fault::error_within_200(std::string code) {
    return refusal(200, std::move(code));
}

s3_fault s3_fault::lost_request() {
    auto f = lost_reply();
    f.carried_out = false;
    return f;
}

s3_fault s3_fault::lost_reply() {
    s3_fault f;
    f.answered = false;
    return f;
}

s3_fault s3_fault::slow_reply(clock::duration wait) {
    s3_fault f;
    f.delay = wait;
    return f;
}

s3_fault s3_fault::truncated_body(std::uint64_t bytes) {
    s3_fault f;
    f.truncate_at = bytes;
    return f;
}

s3_fault s3_fault::corrupted_body(std::uint64_t offset) {
    s3_fault f;
    f.corrupt_at = offset;
    return f;
}

namespace {

using namespace std::chrono_literals;

// Splitmix64.
std::uint64_t mix(std::uint64_t value) {
    value += 0x9e3779b97f4a7c15;
    value = (value ^ (value >> 30)) * 0xbf58476d1ce4e5b9;
    value = (value ^ (value >> 27)) * 0x94d049bb133111eb;
    return value ^ (value >> 31);
}

s3_fault some_fault(std::uint64_t chance) {
    constexpr std::uint64_t kinds = 9;
    const auto more = chance / kinds;
    switch (chance % kinds) {
        case 0:
            return s3_fault::refusal(500, "InternalError");
        case 1:
            return s3_fault::refusal(503, "");
        case 2:
            return s3_fault::slow_down();
        case 3:
            return s3_fault::lost_request();
        case 4:
            return s3_fault::lost_reply();
        case 5:
            return s3_fault::slow_reply(std::chrono::milliseconds(more % 10'000));
        case 6:
            return s3_fault::truncated_body(more % 100);
        case 7: {
            // What was done, and is said to have failed.
            auto f = s3_fault::refusal(500, "InternalError");
            f.carried_out = true;
            return f;
        }
        default:
            return s3_fault::refusal(503, "ServiceUnavailable");
    }
}

/// How much a prefix may ask for now.
struct allowance {
    double tokens = 0;
    clock::time_point at;
};

}  // namespace

s3_fault_plan s3_faults_by_seed(std::uint64_t seed, double ratio) {
    return [seed, ratio](const s3_call& call) {
        const auto chance = mix(mix(seed) ^ call.index);
        constexpr double whole = 1ULL << 53;
        if (static_cast<double>(chance >> 11) >= ratio * whole) return s3_fault();
        return some_fault(mix(chance));
    };
}

s3_fault_plan s3_throttling_by_prefix(double per_second) {
    const auto left = std::make_shared<std::map<std::string, allowance>>();
    return [per_second, left](const s3_call& call) {
        const auto slash = call.key.rfind('/');
        const auto prefix =
            call.bucket + '/' + (slash == call.key.npos ? "" : call.key.substr(0, slash));
        auto& mine = left->try_emplace(prefix, allowance{per_second, call.at}).first->second;
        const std::chrono::duration<double> passed = call.at - mine.at;
        mine.tokens = std::min(per_second, mine.tokens + passed.count() * per_second);
        mine.at = call.at;
        if (mine.tokens < 1) return s3_fault::slow_down();
        mine.tokens -= 1;
        return s3_fault();
    };
}

}  // namespace cairn::testing
