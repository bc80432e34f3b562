#include "transfer/pinned_object.hpp"

#include "s3/checksum_fields.hpp"
#include "transfer/checksum_member.hpp"
#include "transfer/etag.hpp"

#include <cairn/core/bytes.hpp>

#include <algorithm>
#include <limits>
#include <string_view>
#include <utility>

namespace cairn::transfer {
namespace {

constexpr unsigned max_failures_in_a_row = 3;

s3::head_object look_at(const s3::get_object& request, bool verify) {
    s3::head_object head(request.bucket, request.key);
    head.if_match = request.if_match;
    head.if_modified_since = request.if_modified_since;
    head.if_none_match = request.if_none_match;
    head.if_unmodified_since = request.if_unmodified_since;
    head.version_id = request.version_id;
    head.sse_customer_algorithm = request.sse_customer_algorithm;
    head.sse_customer_key = request.sse_customer_key;
    head.sse_customer_key_md5 = request.sse_customer_key_md5;
    head.request_payer = request.request_payer;
    head.expected_bucket_owner = request.expected_bucket_owner;
    if (verify) head.checksum_mode = s3::checksum_mode::enabled;
    return head;
}

template <class Reply>
std::optional<kept_checksum> checksum_in(const Reply& reply) {
    for (const auto algorithm : s3::kept_checksums)
        if (const auto& value = checksum_member(reply, algorithm);
            value && codec::is_available(algorithm))
            return kept_checksum{algorithm, *value};
    return std::nullopt;
}

// How many parts' checksums it is of; 0 where it is of the whole object.
std::uint64_t parts_of(const kept_checksum& checksum) {
    const auto hyphen = checksum.value.find('-');
    if (hyphen == std::string::npos) return 0;
    return parse_u64(std::string_view(checksum.value).substr(hyphen + 1)).value_or(0);
}

// Source of "partNumber": Amazon S3 API Reference, HeadObject. A server that doesn't know it tells
// another length, or nothing: then the checksum can't be computed, and is dropped.
awaitable<result<void>> learn_part_size(pinned_object& object) {
    const auto parts = parts_of(*object.checksum);
    auto look = look_at(object.request, false);
    look.if_match = object.etag;
    look.part_number = 1;
    const auto first = co_await object.in->client().send(std::move(look));
    if (!first && first.error().http_status() == 0) co_return first.error();
    const auto length = first ? first->content_length.value_or(0) : 0;
    const auto part_bytes = static_cast<std::uint64_t>(std::max<std::int64_t>(length, 0));
    const bool all_alike = part_bytes > 0 && (object.size_bytes - 1) / part_bytes + 1 == parts &&
                           object.size_bytes > 0;
    if (all_alike)
        object.checksum->part_bytes = part_bytes;
    else
        object.checksum.reset();
    co_return result<void>();
}

error replaced(error failed, const std::string& etag) {
    return failed.hint("it was replaced while it was read (it had the ETag " + etag +
                       "): read it again from its start");
}

bool may_go_on_after(const error& failed) {
    return failed.code() == errc::connection_lost || failed.code() == errc::timed_out;
}

std::string text_of(byte_range range) {
    return std::to_string(range.offset) + "-" + std::to_string(range.end() - 1);
}

}  // namespace

awaitable<result<std::shared_ptr<const pinned_object>>> pin(std::shared_ptr<context> in,
                                                            s3::get_object request) {
    const bool verify = in->client().config().checksums.verify_downloads;
    auto head = look_at(request, verify);
    auto seen = co_await in->client().send(std::move(head));
    if (!seen) co_return seen.error();
    if (!seen->etag || !seen->content_length)
        co_return error(errc::malformed_reply, "the reply to HeadObject lacks ETag or length");
    auto object = std::make_shared<pinned_object>(std::move(in), std::move(request));
    object->size_bytes = static_cast<std::uint64_t>(*seen->content_length);
    object->etag = *seen->etag;
    object->version_id = seen->version_id;
    if (verify) object->checksum = checksum_in(*seen);
    object->head = std::move(*seen);
    const bool of_parts = object->checksum && parts_of(*object->checksum) > 0;
    if (of_parts) {
        const auto learned = co_await learn_part_size(*object);
        if (!learned) co_return learned.error();
    }
    co_return std::shared_ptr<const pinned_object>(std::move(object));
}

std::shared_ptr<const pinned_object> pin_known(std::shared_ptr<context> in, s3::get_object request,
                                               const known_object& known) {
    auto object = std::make_shared<pinned_object>(std::move(in), std::move(request));
    object->size_bytes = known.size_bytes;
    object->etag = known.etag;
    return object;
}

range_reader::range_reader(std::shared_ptr<const pinned_object> of, byte_range range)
    : of_(std::move(of)), range_(range), at_(range.offset) {}

std::size_t range_reader::most() const noexcept {
    constexpr std::uint64_t all = std::numeric_limits<std::size_t>::max();
    return static_cast<std::size_t>(std::min(remaining(), all));
}

bool range_reader::is_whole() const noexcept {
    return at_ == 0 && range_.size == of_->size_bytes;
}

awaitable<result<std::size_t>> range_reader::read_some(asio::mutable_buffer into) {
    for (;;) {
        const bool is_over = opened_ && remaining() == 0;
        if (!body_ && !is_over) {
            const auto opened = co_await open();
            if (!opened) co_return opened.error();
        }
        if (remaining() == 0) co_return co_await read_end(into);
        const auto n = co_await body_->read_some(asio::buffer(into, most()));
        if (n && *n > 0) {
            failures_ = 0;
            at_ += *n;
            co_return *n;
        }
        auto failed = n ? error(errc::connection_lost, "the body ended early") : n.error();
        body_.reset();
        if (!may_go_on_after(failed) || ++failures_ > max_failures_in_a_row) co_return failed;
    }
}

// The read that gives no more bytes is the one that tells whether all of them were right.
awaitable<result<std::size_t>> range_reader::read_end(asio::mutable_buffer into) {
    if (!body_) co_return std::size_t{0};
    auto n = co_await body_->read_some(into);
    body_.reset();
    if (n && *n > 0)
        co_return error(errc::malformed_reply, "the body is longer than was announced");
    co_return n;
}

// A whole object is asked for without a range: its reply has the checksum of all of it, which the
// client verifies.
awaitable<result<void>> range_reader::open() {
    auto request = of_->request;
    request.if_match = of_->etag;
    const byte_range wanted{at_, remaining()};
    const bool in_part = !is_whole();
    if (in_part) request.range = "bytes=" + text_of(wanted);
    auto reply = co_await of_->in->client().send(std::move(request));
    if (!reply && reply.error().code() == errc::precondition_failed)
        co_return replaced(reply.error(), of_->etag);
    if (!reply) co_return reply.error();
    const auto right = check(*reply);
    if (!right) co_return right.error();
    opened_ = true;
    const auto told = checksum_in(*reply);
    is_verified_ = !in_part && of_->in->client().config().checksums.verify_downloads && told &&
                   parts_of(*told) == 0;
    body_ = std::move(reply->body);
    co_return result<void>();
}

result<void> range_reader::check(const s3::get_object_output& reply) const {
    const byte_range wanted{at_, remaining()};
    const auto name = "GetObject s3://" + of_->request.bucket + "/" + of_->request.key;
    if (unquoted(reply.etag.value_or("")) != unquoted(of_->etag))
        return replaced(error(errc::precondition_failed,
                              "it has the ETag " + reply.etag.value_or("(none)") + " now")
                            .operation(name),
                        of_->etag);
    const auto expected =
        is_whole()
            ? std::nullopt
            : std::optional("bytes " + text_of(wanted) + "/" + std::to_string(of_->size_bytes));
    const bool right_range = is_whole() || reply.content_range == expected;
    const bool right_length =
        !reply.content_length || std::cmp_equal(*reply.content_length, wanted.size);
    if (right_range && right_length) return {};
    return error(errc::malformed_reply,
                 "asked for bytes " + text_of(wanted) + " of " + std::to_string(of_->size_bytes) +
                     ", the server gave " + reply.content_range.value_or("no range") + " with " +
                     std::to_string(reply.content_length.value_or(-1)) + " bytes")
        .operation(name)
        .hint("does the server, or a proxy before it, serve ranges?");
}

}  // namespace cairn::transfer
