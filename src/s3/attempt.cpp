#include "s3/attempt.hpp"

#include "s3/decode.hpp"
#include "s3/service_error.hpp"
#include "wire/sha256.hpp"

#include <cairn/core/bytes.hpp>

#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace cairn::s3 {
namespace {

constexpr std::string_view empty_sha256 =
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
constexpr std::size_t max_error_document_bytes = 64 * 1024;
// About a third of a millisecond.
constexpr std::size_t hash_turn_bytes = 512 * 1024;
// X-Amz-Date counts seconds.
constexpr std::chrono::seconds max_signature_age{1};

bool is_success(unsigned status) {
    return status >= 200 && status < 300;
}

}  // namespace

attempt::attempt(const client_core& core, const regional& where, const operation_table& table,
                 const void* input, observe::trace told)
    : core_(core),
      config_(core.config),
      site_(where.site),
      signer_(where.signer),
      table_(table),
      input_(input),
      told_(told) {}

awaitable<result<void>> attempt::run() {
    const auto prepared = prepare();
    if (!prepared) co_return prepared.error();
    auto hash = constant_payload_hash();
    if (!hash) co_return hash.error();
    if (!*hash) {
        auto hashed = co_await hash_payload();
        if (!hashed) co_return hashed.error();
        *hash = std::move(*hashed);
    }
    payload_hash_ = std::move(**hash);
    // Before the network: what is missing here must not be taken for a fault of the server's.
    const auto ready = co_await sign();
    if (!ready) co_return ready.error();
    const auto replied = co_await exchange();
    if (!replied) co_return replied.error();
    const bool success = is_success(reply_.status);
    if (success && streams_reply(table_)) co_return result<void>();
    auto document = co_await conversation_->read_document(success ? config_.max_document_bytes
                                                                  : max_error_document_bytes);
    if (!success) co_return refused(document);
    if (!document) co_return document.error();
    reply_document_ = std::move(*document);
    co_return result<void>();
}

result<void> attempt::deliver(void* output) {
    if (streams_reply(table_)) return hand_over_body(output);
    return decode(table_, reply_, reply_document_, output);
}

bool attempt::rewind() {
    auto* sent = body();
    return !sent || !body_read_ || sent->rewind();
}

effect attempt::known_effect(const error& failed) const noexcept {
    if (!table_.modifies) return failed.effect();
    // What the second copy of a request came to says nothing of the first.
    if (failed.effect() == effect::not_applied && sent_before_) return effect::unknown;
    if (failed.effect() != effect::none) return failed.effect();
    const bool sent = sent_before_ || (conversation_ && conversation_->exchange().fully_sent());
    if (!sent) return effect::not_applied;
    const bool done = is_success(reply_.status) && !table_.error_in_200;
    return done ? effect::applied : effect::unknown;
}

bool attempt::met_silence() const noexcept {
    return on_new_connection_ && conversation_ && !conversation_->exchange().reply_started();
}

clock::duration attempt::unanswered_for(clock::time_point now) const noexcept {
    const bool waits = conversation_ && conversation_->exchange().fully_sent() &&
                       !conversation_->exchange().reply_started();
    return waits ? now - signed_at_ : clock::duration();
}

result<void> attempt::prepare() {
    auto encoded = encode(table_, input_, site_);
    if (!encoded) return encoded.error();
    request_ = std::move(*encoded);
    if (!request_.document.empty()) document_ = body::view(request_.document);
    add_framing();
    return {};
}

wire::body_source* attempt::body() noexcept {
    return request_.stream ? request_.stream : document_.get();
}

// Also a length of zero: a PUT without one is refused (411) by some servers.
void attempt::add_framing() {
    const auto* sent = body();
    auto& headers = request_.head.headers;
    if (sent || request_.head.method == "PUT" || request_.head.method == "POST")
        headers.set("Content-Length", std::to_string(sent ? sent->size() : 0));
    if (sent && sent->size() >= config_.expect_continue_bytes)
        headers.set("Expect", "100-continue");
    headers.set("User-Agent", "cairn/" CAIRN_VERSION);
}

// What the signature says of a payload that needn't be read for it; none when it must be hashed.
result<std::optional<std::string>> attempt::constant_payload_hash() {
    auto* sent = body();
    if (!sent) return std::optional<std::string>(empty_sha256);
    const bool document = request_.stream == nullptr;
    const auto mode = config_.payload_signing;
    const bool wanted = document || mode == payload_signing::always ||
                        (mode == payload_signing::automatic && !site_.tls());
    if (wanted && sent->rewind()) return std::optional<std::string>();
    if (wanted && mode == payload_signing::always)
        return error(errc::body_failed,
                     "the body can be read only once, so it can't be signed before it is sent");
    return std::optional<std::string>(wire::unsigned_payload);
}

awaitable<result<std::string>> attempt::hash_payload() {
    auto* sent = body();
    body_read_ = true;
    wire::sha256 hash;
    for (;;) {
        const auto next = co_await sent->next();
        if (!next) co_return next.error();
        if (next->size() == 0) break;
        // A long body's hash leaves the thread to others again and again.
        for (auto rest = *next; rest.size() > 0; rest += hash_turn_bytes) {
            const auto some = asio::buffer(rest, hash_turn_bytes);
            hash.update({static_cast<const std::byte*>(some.data()), some.size()});
            if (some.size() < sent->size()) co_await asio::post(asio::use_awaitable);
        }
    }
    sent->rewind();
    co_return to_hex(hash.finish());
}

awaitable<result<void>> attempt::sign() {
    const auto answer = co_await config_.credentials->get();
    if (!answer) co_return answer.error();
    signed_at_ = config_.clock->now();
    clock_lead_ = core_.clock_lead;
    if (*answer) {
        const auto& held = **answer;
        if (held.access_key_id.empty() || held.secret_access_key.empty())
            co_return error(errc::invalid_configuration,
                            "the access key id or the secret access key is empty; null "
                            "credentials send requests unsigned");
        request_.head.headers.set("x-amz-content-sha256", payload_hash_);
        signer_.sign(
            request_.head, payload_hash_,
            {held.access_key_id, held.secret_access_key.reveal(), held.session_token.reveal()},
            config_.clock->utc_now() + clock_lead_);
    }
    co_return wire::validate(request_.head);
}

wire::outgoing attempt::outgoing() const {
    auto* sent = const_cast<attempt*>(this)->body();
    wire::outgoing out(&request_.head, sent);
    if (request_.head.headers.contains("Expect")) out.continue_wait = config_.expect_continue_wait;
    return out;
}

// S3 begins a 200 before it knows the end of what takes long.
wire::time_limits attempt::time_limits() const {
    auto limits = config_.time_limits;
    if (table_.error_in_200) limits.first_byte = limits.stall = config_.long_operation_limit;
    return limits;
}

// A pooled connection that its peer closed meanwhile has cost nothing: the request goes out again
// on a fresh one, unless the peer may have taken it and a second one would tell something else.
bool attempt::may_send_again(const error& failed) const noexcept {
    const auto& tried = conversation_->exchange();
    if (failed.code() != errc::connection_lost || tried.reply_started()) return false;
    return !tried.fully_sent() || replayable();
}

awaitable<result<void>> attempt::exchange() {
    auto acquired =
        co_await core_.pool->acquire(wire::peer(site_.tls(), request_.host, site_.port()), told_);
    if (!acquired) {
        ++sent_;
        co_return acquired.error();
    }
    auto lease = std::move(*acquired);
    for (;;) {
        // Waiting for a connection may have taken longer than S3 accepts a date, or than the
        // credentials last.
        if (config_.clock->now() - signed_at_ >= max_signature_age) {
            const auto ready = co_await sign();
            if (!ready) {
                lease.keep();
                co_return ready.error();
            }
        }
        const bool reused = lease.reused();
        on_new_connection_ = !reused;
        ++sent_;
        conversation_ = std::make_unique<conversation>(std::move(lease), config_.clock,
                                                       config_.head_limits, time_limits());
        body_read_ = true;
        const auto from = told_ ? told_.now() : clock::time_point();
        auto replied = co_await conversation_->exchange().run(outgoing());
        if (replied) {
            reply_ = std::move(*replied);
            if (told_) told_.tell(observe::reply_begun{reply_.status, told_.now() - from});
            co_return check_success();
        }
        if (!reused || !may_send_again(replied.error())) co_return replied.error();
        if (!rewind()) co_return replied.error().hint(body_is_spent);
        sent_before_ |= conversation_->exchange().fully_sent();
        lease = conversation_->take_lease();
        conversation_.reset();
        const auto fresh = co_await lease.reconnect();
        if (!fresh) co_return fresh.error();
    }
}

// A proxy may answer for a server that has not had the body.
result<void> attempt::check_success() const {
    if (!is_success(reply_.status) || conversation_->exchange().fully_sent()) return {};
    error early(errc::protocol_error, "the reply tells of success before the body was sent");
    early.http_status(reply_.status);
    early.effect(table_.modifies ? effect::unknown : effect::none);
    return early;
}

result<void> attempt::hand_over_body(void* output) {
    auto decoded = decode(table_, reply_, {}, output);
    if (!decoded) return decoded;
    conversation_->hand_over(name_of(table_, input_), told_, config_.sink);
    set_body(table_, output, body::reader(std::move(conversation_)));
    return {};
}

// The status says enough when the document can't be read.
error attempt::refused(const result<std::string>& document) {
    auto told =
        read_refusal(table_, reply_, document ? std::string_view(*document) : std::string_view());
    named_region_ = std::move(told.region);
    return std::move(told.error);
}

}  // namespace cairn::s3
