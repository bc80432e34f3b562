#include "s3/attempt.hpp"

#include "s3/decode.hpp"
#include "s3/service_error.hpp"

namespace cairn::s3 {
namespace {

constexpr std::size_t max_error_document_bytes = 64 * 1024;
// X-Amz-Date counts seconds.
constexpr std::chrono::seconds max_signature_age{1};

// What servers answer that don't know them.
bool may_dislike_trailers(unsigned status) {
    return status == 400 || status == 411 || status == 501;
}

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
      told_(told),
      payload_(config_, table, site_.tls()) {}

awaitable<result<void>> attempt::run() {
    const auto prepared = prepare();
    if (!prepared) co_return prepared.error();
    if (payload_.signs_chunks() || payload_.must_be_read()) {
        const auto ready = co_await prepare_payload();
        if (!ready) co_return ready.error();
    }
    payload_.add_fields();
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
    auto decoded = decode(table_, reply_, reply_document_, output);
    return decoded ? payload_.settle(output) : decoded;
}

bool attempt::rewind() {
    auto* sent = payload_.body();
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
    auto& headers = request_.head.headers;
    headers.set("User-Agent", "cairn/" CAIRN_VERSION);
    if (table_.downloads_summed && config_.checksums.verify_downloads)
        headers.set("x-amz-checksum-mode", "ENABLED");
    payload_.choose(request_);
    return {};
}

awaitable<result<void>> attempt::prepare_payload() {
    if (payload_.signs_chunks()) {
        const auto answer = co_await config_.credentials->get();
        if (!answer) co_return answer.error();
        if (!*answer) payload_.forgo_signature();
    }
    if (!payload_.must_be_read()) co_return result<void>();
    body_read_ = true;
    auto read = co_await payload_.read_through();
    co_return read;
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
        const auto key = held.secret_access_key.reveal();
        request_.head.headers.set("x-amz-content-sha256", payload_.hash());
        signer_.sign(request_.head, payload_.hash(),
                     {held.access_key_id, key, held.session_token.reveal()},
                     config_.clock->utc_now() + clock_lead_);
        if (payload_.signs_chunks()) payload_.sign_chunks(signer_.chunks_of(request_.head, key));
    } else if (payload_.signs_chunks()) {
        co_return error(errc::missing_credentials, "the credentials have gone meanwhile");
    }
    co_return wire::validate(request_.head);
}

wire::outgoing attempt::outgoing() const {
    auto* sent = const_cast<attempt*>(this)->payload_.body();
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
        if (auto* const sent = payload_.body()) sent->begin_sending();
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
    std::optional<body_check> check;
    if (table_.downloads_summed && config_.checksums.verify_downloads)
        check = body_check::of(reply_);
    auto begun =
        conversation_->hand_over(name_of(table_, input_), told_, config_.sink, std::move(check));
    if (!begun) return begun;
    set_body(table_, output, body::reader(std::move(conversation_)));
    return {};
}

// The status says enough when the document can't be read.
error attempt::refused(const result<std::string>& document) {
    auto told =
        read_refusal(table_, reply_, document ? std::string_view(*document) : std::string_view());
    named_region_ = std::move(told.region);
    if (payload_.has_trailer() && told.error.hint().empty() && may_dislike_trailers(reply_.status))
        told.error.hint(
            "if the server knows no checksums behind a body, set checksums.trailers to "
            "false");
    return std::move(told.error);
}

}  // namespace cairn::s3
