#include "s3/operation_table.hpp"
#include "s3/page_cursor.hpp"

#include <cairn/s3/client.hpp>
#include <cairn/s3/paginator.hpp>

#include <utility>

namespace cairn::s3 {
namespace {

// Servers that leave out IsTruncated still give a token.
bool has_more(const list_objects_v2_output& page) {
    return page.is_truncated.value_or(page.next_continuation_token.has_value());
}
const std::optional<std::string>& next_token(const list_objects_v2_output& page) {
    return page.next_continuation_token;
}

bool has_more(const list_buckets_output& page) {
    return !page.continuation_token.value_or("").empty();
}
const std::optional<std::string>& next_token(const list_buckets_output& page) {
    return page.continuation_token;
}

}  // namespace

template <class Operation>
struct paginator<Operation>::state {
    state(client handle, Operation op)
        : s3(std::move(handle)), operation(std::move(op)), cursor(operation.continuation_token) {}

    client s3;
    Operation operation;
    page_cursor cursor;
};

template <class Operation>
paginator<Operation>::paginator(const client& s3, Operation operation)
    : state_(std::make_shared<state>(s3, std::move(operation))) {}

template <class Operation>
awaitable<result<std::optional<typename paginator<Operation>::page>>> paginator<Operation>::next() {
    return next_of(state_);
}

template <class Operation>
awaitable<result<std::optional<typename paginator<Operation>::page>>> paginator<Operation>::next_of(
    std::shared_ptr<state> at) {
    if (at->cursor.done()) co_return std::optional<page>();
    auto request = at->operation;
    request.continuation_token = at->cursor.token();
    auto answer = co_await at->s3.send(std::move(request));
    if (!answer) co_return answer.error();
    const auto advanced = at->cursor.advance(has_more(*answer), next_token(*answer));
    if (!advanced) {
        auto failed = advanced.error();
        failed.operation(std::string(table_of<Operation>().name));
        co_return failed;
    }
    co_return std::optional<page>(std::move(*answer));
}

template class paginator<list_objects_v2>;
template class paginator<list_buckets>;

}  // namespace cairn::s3
