#include "s3/operation_table.hpp"
#include "s3/page_cursor.hpp"

#include <cairn/s3/client.hpp>
#include <cairn/s3/paginator.hpp>

#include <charconv>
#include <utility>

namespace cairn::s3 {
namespace {

using token = std::optional<std::string>;

// What each listing says of where its pages start, as one text: a cursor compares them.

// Servers that leave out IsTruncated still give a token.
bool has_more(const list_objects_v2_output& page) {
    return page.is_truncated.value_or(page.next_continuation_token.has_value());
}
const token& next_token(const list_objects_v2_output& page) {
    return page.next_continuation_token;
}

bool has_more(const list_buckets_output& page) {
    return !page.continuation_token.value_or("").empty();
}
const token& next_token(const list_buckets_output& page) {
    return page.continuation_token;
}

template <class Operation>
const token& start_of(const Operation& operation) {
    return operation.continuation_token;
}
template <class Operation>
void start_at(Operation& operation, const std::string& where) {
    operation.continuation_token = where;
}

token text_of(const std::optional<std::int64_t>& marker) {
    return marker ? token(std::to_string(*marker)) : token();
}
bool has_more(const list_parts_output& page) {
    return page.is_truncated.value_or(false);
}
token next_token(const list_parts_output& page) {
    return text_of(page.next_part_number_marker);
}
token start_of(const list_parts& operation) {
    return text_of(operation.part_number_marker);
}
void start_at(list_parts& operation, const std::string& where) {
    std::int64_t marker = 0;
    std::from_chars(where.data(), where.data() + where.size(), marker);
    operation.part_number_marker = marker;
}

// A key has no NUL.
token joined(const token& key, const token& upload_id) {
    return key ? token(*key + '\0' + upload_id.value_or("")) : token();
}
bool has_more(const list_multipart_uploads_output& page) {
    return page.is_truncated.value_or(false);
}
token next_token(const list_multipart_uploads_output& page) {
    return joined(page.next_key_marker, page.next_upload_id_marker);
}
token start_of(const list_multipart_uploads& operation) {
    return joined(operation.key_marker, operation.upload_id_marker);
}
void start_at(list_multipart_uploads& operation, const std::string& where) {
    const auto end_of_key = where.find('\0');
    operation.key_marker = where.substr(0, end_of_key);
    operation.upload_id_marker.reset();
    if (end_of_key + 1 < where.size()) operation.upload_id_marker = where.substr(end_of_key + 1);
}

}  // namespace

template <class Operation>
struct paginator<Operation>::state {
    state(client handle, Operation op)
        : s3(std::move(handle)), operation(std::move(op)), cursor(start_of(operation)) {}

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
    if (at->cursor.token()) start_at(request, *at->cursor.token());
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
template class paginator<list_multipart_uploads>;
template class paginator<list_parts>;

}  // namespace cairn::s3
