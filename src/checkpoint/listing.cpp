#include "checkpoint/listing.hpp"

#include "checkpoint/reading.hpp"
#include "core/parallel.hpp"

#include <algorithm>
#include <vector>

namespace cairn::checkpoint::detail {
namespace {

using listing_ptr = std::shared_ptr<listing_state>;

result<std::string> first_position(const listing_state& l) {
    if (const auto valid = check_name(*l.s); !valid) return valid.error();
    if (l.before.empty()) return std::string();
    const auto at = to_locator(l.before);
    if (!at) return at.error();
    return l.s->keys.slot(at->sequence);
}

awaitable<result<void>> begin(listing_ptr l) {
    const auto position = first_position(*l);
    if (!position) co_return position.error();
    l->after = *position;
    l->began = true;
    co_return result<void>();
}

awaitable<result<void>> list_page(listing_ptr l) {
    const bool is_first = l->after.empty();
    const auto size = std::min(l->s->env->options.page_size, l->left);
    const auto page = co_await l->s->env->on->list(l->s->keys.slots(), l->after, size);
    if (!page) co_return page.error();
    if (is_first) {
        const auto newest = page->empty() ? std::nullopt : l->s->keys.sequence_of(page->front());
        const auto unmarked = co_await check_mark(l->s, newest.value_or(0));
        if (!unmarked) co_return unmarked.error();
    }
    l->keys.assign(page->begin(), page->end());
    l->listed_all = page->size() < size;
    if (!page->empty()) l->after = page->back();
    co_return result<void>();
}

awaitable<result<void>> read_key(session_ptr s, std::string key,
                                 std::shared_ptr<std::vector<record>> into, std::size_t index) {
    const auto sequence = s->keys.sequence_of(key);
    if (!sequence)
        co_return error(errc::checkpoint_corrupt,
                        s->env->on->location(key) + " is no slot of the log");
    auto found = co_await read_slot(s, *sequence);
    if (!found) co_return found.error();
    if (const auto alive = check_alive(*found); !alive) co_return alive.error();
    (*into)[index] = std::move(*found);
    co_return result<void>();
}

awaitable<result<void>> read_records(listing_ptr l) {
    const auto width = l->s->env->options.max_parallel;
    const auto count = std::min({l->keys.size(), width, l->left});
    auto records = std::make_shared<std::vector<record>>(count);
    std::function<awaitable<result<void>>(std::size_t)> step = [l, records](std::size_t i) {
        return read_key(l->s, l->keys[i], records, i);
    };
    const auto read = co_await for_each_bounded(count, width, std::move(step));
    if (!read) co_return read.error();
    l->keys.erase(l->keys.begin(), l->keys.begin() + static_cast<std::ptrdiff_t>(count));
    for (auto& r : *records) l->records.push_back(std::move(r));
    co_return result<void>();
}

awaitable<result<void>> refill(listing_ptr l) {
    if (!l->began) {
        const auto begun = co_await begin(l);
        if (!begun) co_return begun.error();
    }
    if (l->keys.empty() && !l->listed_all) {
        const auto listed = co_await list_page(l);
        if (!listed) co_return listed.error();
    }
    co_return co_await read_records(l);
}

}  // namespace

awaitable<result<std::optional<info>>> next(listing_ptr l) {
    if (l->left == 0) co_return std::optional<info>();
    if (l->records.empty()) {
        const auto filled = co_await refill(l);
        if (!filled) co_return filled.error();
    }
    if (l->records.empty()) co_return std::optional<info>();
    auto item = describe(*l->s, l->records.front());
    l->records.pop_front();
    --l->left;
    co_return std::optional(std::move(item));
}

awaitable<result<std::optional<info>>> next(std::shared_ptr<history_state> h) {
    if (const auto valid = check_name(*h->s); !valid) co_return valid.error();
    if (h->next.empty()) co_return std::optional<info>();
    const auto at = to_locator(h->next);
    if (!at) co_return at.error();
    const auto found = co_await read_checkpoint(h->s, *at);
    if (!found) co_return found.error();
    auto item = describe(*h->s, *found);
    h->next = item.parent;
    co_return std::optional(std::move(item));
}

}  // namespace cairn::checkpoint::detail
