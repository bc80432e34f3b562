#include <cairn/transfer/tree.hpp>

#include <iterator>
#include <utility>

namespace cairn::transfer {
namespace {

std::string folder_of(std::string_view start) {
    return std::string(start.substr(0, start.rfind('/') + 1));
}

}  // namespace

tree_entry::tree_entry(std::string n, std::uint64_t s, s3::timestamp m)
    : name(std::move(n)), size_bytes(s), modified(m) {}

object_tree::object_tree(const s3::client& client, std::string bucket, std::string prefix)
    : root_(prefix), pages_(client.list_objects(std::move(bucket), std::move(prefix))) {}

object_tree::object_tree(const s3::client& client, std::string bucket, pattern keys)
    : root_(folder_of(keys.literal_start())),
      keys_(std::move(keys)),
      pages_(client.list_objects(std::move(bucket), std::string(keys_->literal_start()))) {}

// A name must come from the key alone: what is cut off is what was asked for.
result<void> object_tree::add(const s3::object& listed, std::vector<tree_entry>& to) {
    if (!listed.key.starts_with(root_))
        return error(errc::malformed_reply,
                     "the server lists " + listed.key + ", which does not start with " + root_);
    if (keys_ && !keys_->matches(listed.key)) return {};
    // A server may list one twice, where pages meet.
    if (std::exchange(last_key_, listed.key) == listed.key) return {};
    const auto size =
        static_cast<std::uint64_t>(std::max<std::int64_t>(listed.size.value_or(0), 0));
    auto& entry = to.emplace_back(listed.key.substr(root_.size()), size,
                                  listed.last_modified.value_or(s3::timestamp()));
    entry.etag = listed.etag.value_or("");
    return {};
}

awaitable<result<std::optional<std::vector<tree_entry>>>> object_tree::next() {
    for (;;) {
        const auto page = co_await pages_.next();
        if (!page) co_return page.error();
        if (!*page) co_return std::optional<std::vector<tree_entry>>();
        std::vector<tree_entry> entries;
        for (const auto& listed : (*page)->contents)
            if (const auto added = add(listed, entries); !added) co_return added.error();
        if (!entries.empty()) co_return std::optional(std::move(entries));
    }
}

awaitable<result<std::vector<tree_entry>>> object_tree::all() {
    std::vector<tree_entry> entries;
    for (;;) {
        auto some = co_await next();
        if (!some) co_return some.error();
        if (!*some) co_return entries;
        std::move((*some)->begin(), (*some)->end(), std::back_inserter(entries));
    }
}

}  // namespace cairn::transfer
