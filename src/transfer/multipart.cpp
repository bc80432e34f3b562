#include "transfer/multipart.hpp"

#include "core/cancellation.hpp"
#include "core/run_to_end.hpp"
#include "core/run_until.hpp"
#include "core/saturated.hpp"
#include "s3/checksum_fields.hpp"
#include "transfer/checksum_member.hpp"
#include "transfer/etag.hpp"

#include <cairn/codec/checksum.hpp>
#include <cairn/core/bytes.hpp>
#include <cairn/s3/operations/abort_multipart_upload.hpp>
#include <cairn/s3/operations/head_object.hpp>

#include <boost/asio/this_coro.hpp>

#include <algorithm>
#include <utility>

namespace cairn::transfer {
namespace {

constexpr unsigned max_tries_to_abort = 3;
constexpr unsigned max_tries_to_complete = 5;
constexpr std::chrono::milliseconds first_pause{100};
// Whoever has cancelled waits for these.
constexpr std::chrono::seconds time_to_abort{30};
constexpr std::chrono::seconds time_to_create{30};

std::optional<bytes> from_hex(std::string_view text) {
    if (text.size() % 2 != 0) return std::nullopt;
    bytes data;
    for (std::size_t i = 0; i < text.size(); i += 2) {
        const auto digit = [&](char c) { return std::string_view("0123456789abcdef").find(c); };
        const auto high = digit(text[i]);
        const auto low = digit(text[i + 1]);
        if (high == std::string_view::npos || low == std::string_view::npos) return std::nullopt;
        data += static_cast<char>(high << 4U | low);
    }
    return data;
}

bool may_have_been_done(const error& failed) {
    return failed.effect() == effect::unknown || failed.effect() == effect::applied ||
           failed.s3_code() == "NoSuchUpload";
}

bool same_checksum(const s3::complete_multipart_upload& wanted,
                   const s3::head_object_output& found) {
    return std::ranges::any_of(s3::kept_checksums, [&](codec::checksum_algorithm algorithm) {
        const auto& value = checksum_member(wanted, algorithm);
        return value && value == checksum_member(found, algorithm);
    });
}

s3::head_object look_at(const s3::complete_multipart_upload& request) {
    s3::head_object head(request.bucket, request.key);
    head.sse_customer_algorithm = request.sse_customer_algorithm;
    head.sse_customer_key = request.sse_customer_key;
    head.sse_customer_key_md5 = request.sse_customer_key_md5;
    head.request_payer = request.request_payer;
    head.expected_bucket_owner = request.expected_bucket_owner;
    head.checksum_mode = s3::checksum_mode::enabled;
    return head;
}

enum class upload_state { open, gone, unknown };

awaitable<upload_state> state_of(s3::client client, const s3::complete_multipart_upload& request) {
    s3::list_parts look(request.bucket, request.key, request.upload_id);
    look.max_parts = 1;
    look.sse_customer_algorithm = request.sse_customer_algorithm;
    look.sse_customer_key = request.sse_customer_key;
    look.sse_customer_key_md5 = request.sse_customer_key_md5;
    look.request_payer = request.request_payer;
    look.expected_bucket_owner = request.expected_bucket_owner;
    const auto found = co_await client.send(std::move(look));
    if (found) co_return upload_state::open;
    co_return found.error().code() == errc::not_found ? upload_state::gone : upload_state::unknown;
}

awaitable<result<stored_object>> complete_once(s3::client client,
                                               const s3::complete_multipart_upload& request) {
    auto sent = request;
    const auto done = co_await client.send(std::move(sent));
    if (!done) co_return done.error();
    stored_object stored;
    stored.etag = done->etag.value_or("");
    // Some servers don't tell it.
    if (stored.etag.empty())
        stored.etag = etag_of_parts(request.multipart_upload.parts).value_or("");
    stored.version_id = done->version_id;
    co_return stored;
}

awaitable<std::optional<stored_object>> find_completed(s3::client client,
                                                       const s3::complete_multipart_upload& request,
                                                       std::uint64_t size_bytes) {
    auto head = look_at(request);
    const auto found = co_await client.send(std::move(head));
    if (!found || !found->etag) co_return std::nullopt;
    if (found->content_length != static_cast<std::int64_t>(size_bytes)) co_return std::nullopt;
    const auto expected = etag_of_parts(request.multipart_upload.parts);
    const bool same_etag = expected && unquoted(*expected) == unquoted(*found->etag);
    if (!same_etag && !same_checksum(request, *found)) co_return std::nullopt;
    stored_object stored;
    stored.etag = *found->etag;
    stored.version_id = found->version_id;
    co_return stored;
}

s3::abort_multipart_upload abortion_of(const s3::list_parts& parts) {
    s3::abort_multipart_upload request(parts.bucket, parts.key, parts.upload_id);
    request.request_payer = parts.request_payer;
    request.expected_bucket_owner = parts.expected_bucket_owner;
    return request;
}

// A part that was on its way may come after the abort, and only a look at the parts, a while later,
// tells. Source: Amazon S3 API Reference, AbortMultipartUpload. Who may abort may not be allowed to
// list them: then the reply to the abort has to do.
awaitable<result<void>> abort_and_look(s3::client client, const s3::list_parts& look,
                                       clock::duration pause) {
    auto abortion = abortion_of(look);
    const auto aborted = co_await client.send(std::move(abortion));
    // It is gone, too, when an earlier try has done it.
    const bool is_gone = aborted || aborted.error().s3_code() == "NoSuchUpload";
    if (!is_gone) co_return aborted.error();
    auto time = client.config().clock;
    co_await time->sleep_until(later(time->now(), pause));
    auto again = look;
    const auto left = co_await client.send(std::move(again));
    if (!left) co_return result<void>();
    co_return error(errc::conflict);
}

awaitable<void> try_to_abort(s3::client client, const s3::list_parts& look, result<void>& ended) {
    auto time = client.config().clock;
    auto pause = first_pause;
    for (unsigned tries = 0; tries < max_tries_to_abort; ++tries) {
        ended = co_await abort_and_look(client, look, pause);
        if (ended || tries + 1 == max_tries_to_abort) co_return;
        co_await time->sleep_until(later(time->now(), 10 * pause));
        pause *= 4;
    }
}

awaitable<void> ask_to_create(s3::client client, s3::create_multipart_upload request,
                              result<std::string>& created) {
    auto reply = co_await client.send(std::move(request));
    if (reply)
        created = std::move(reply->upload_id);
    else
        created = reply.error();
}

// No object has changed, but what is unknown of an upload may cost.
error not_created(error why) {
    const bool may_be_left = why.effect() == effect::unknown;
    why.effect(effect::not_applied);
    if (!may_be_left) return why;
    return add_hint(std::move(why),
                    "an upload without parts may be left: have a lifecycle rule abort those");
}

}  // namespace

std::optional<std::string> etag_of_parts(const std::vector<s3::completed_part>& parts) {
    bytes digests;
    for (const auto& part : parts) {
        const auto md5 = from_hex(unquoted(part.etag));
        if (!md5 || md5->size() != 16) return std::nullopt;
        digests += *md5;
    }
    if (!codec::is_available(codec::checksum_algorithm::md5)) return std::nullopt;
    const auto md5 = codec::checksum_of(codec::checksum_algorithm::md5, as_bytes(digests));
    return '"' + to_hex(md5.data()) + '-' + std::to_string(parts.size()) + '"';
}

error add_hint(error to, const std::string& more) {
    return to.hint(to.hint().empty() ? more : to.hint() + "; " + more);
}

error unfinished(error why, bool is_completing) {
    if (!is_completing) return why.effect(effect::not_applied);
    return why.effect() == effect::none ? why.effect(effect::unknown) : why;
}

awaitable<result<std::string>> create(s3::client client, s3::create_multipart_upload request,
                                      s3::list_parts look) {
    auto time = client.config().clock;
    result<std::string> created = error(errc::canceled);
    auto work = ask_to_create(client, std::move(request), created);
    try {
        co_await run_to_end(*time, time_to_create, std::move(work));
    } catch (const boost::system::system_error& e) {
        if (!is_cancellation(e)) throw;
    }
    const auto state = co_await asio::this_coro::cancellation_state;
    if (!created) co_return not_created(created.error());
    if (!is_cancelled(state)) co_return created;
    co_await asio::this_coro::reset_cancellation_state(asio::disable_cancellation());
    look.upload_id = *created;
    auto why = error(errc::canceled).effect(effect::not_applied);
    co_return co_await abort(std::move(client), std::move(look), std::move(why));
}

awaitable<result<stored_object>> complete(s3::client client, s3::complete_multipart_upload request,
                                          std::uint64_t size_bytes) {
    auto time = client.config().clock;
    auto pause = first_pause;
    for (unsigned tries = 1;; ++tries) {
        const auto done = co_await complete_once(client, request);
        if (done) co_return done;
        // Once one is unsettled, even a refusal may come of what it has done.
        const bool is_unsettled = may_have_been_done(done.error());
        if (!is_unsettled && tries == 1) co_return done;
        const auto cancelled = co_await asio::this_coro::cancellation_state;
        if (is_cancelled(cancelled)) co_return error(done.error()).effect(effect::unknown);
        const auto state = co_await state_of(client, request);
        if (state == upload_state::unknown) co_return error(done.error()).effect(effect::unknown);
        if (state == upload_state::gone) {
            const auto found = co_await find_completed(client, request, size_bytes);
            if (found) co_return *found;
            co_return done.error();
        }
        if (!is_unsettled || tries == max_tries_to_complete)
            co_return error(done.error()).effect(effect::not_applied);
        co_await time->sleep_until(later(time->now(), pause));
        pause *= 4;
    }
}

awaitable<result<void>> abort(s3::client client, s3::list_parts look) {
    auto time = client.config().clock;
    // What has failed may have opened the breaker.
    auto guards = client.resilience();
    guards.breaker.reset();
    client = client.with(std::move(guards));
    result<void> ended = error(errc::timed_out);
    const auto until = later(time->now(), time_to_abort);
    auto tries = try_to_abort(client, look, ended);
    co_await run_until(*time, until, std::move(tries));
    if (ended) co_return ended;
    auto failed = ended.error();
    co_return failed.hint("the upload \"" + look.upload_id + "\" could not be aborted (" +
                          failed.code().message() + "), and S3 charges for its parts: abort it");
}

awaitable<error> abort(s3::client client, s3::list_parts look, error why) {
    const auto aborted = co_await abort(std::move(client), std::move(look));
    if (aborted) co_return why;
    co_return add_hint(std::move(why), aborted.error().hint());
}

}  // namespace cairn::transfer
