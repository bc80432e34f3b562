#include "testing/s3_store.hpp"

#include "testing/s3_refusal.hpp"

#include <algorithm>

namespace cairn::testing::simulated {

const version* bucket::current(const std::string& key) const noexcept {
    const auto found = objects.find(key);
    if (found == objects.end() || found->second.back().is_delete_marker) return nullptr;
    return &found->second.back();
}

std::string store::new_id(std::size_t size) {
    constexpr std::string_view digits = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ";
    std::string id(size, '0');
    // Splitmix64, so that ids of one order look like none.
    for (auto& digit : id) {
        auto mixed = ids_ += 0x9e3779b97f4a7c15;
        mixed = (mixed ^ (mixed >> 30)) * 0xbf58476d1ce4e5b9;
        mixed = (mixed ^ (mixed >> 27)) * 0x94d049bb133111eb;
        digit = digits[(mixed ^ (mixed >> 31)) % digits.size()];
    }
    return id;
}

bucket& call::in() const {
    const auto found = all.buckets.find(asked.bucket);
    if (found == all.buckets.end()) throw no_such_bucket(asked.bucket);
    return found->second;
}

const version& add_version(call& c, bucket& in, const std::string& key, version made) {
    constexpr std::size_t id_size = 32;
    made.modified = std::chrono::floor<std::chrono::seconds>(c.now);
    const bool keeps = in.versions == versioning::enabled;
    made.id = keeps ? c.all.new_id(id_size) : std::string(null_version);
    auto& versions = in.objects[key];
    if (!keeps) std::erase_if(versions, [](const version& v) { return v.id == null_version; });
    return versions.emplace_back(std::move(made));
}

}  // namespace cairn::testing::simulated
