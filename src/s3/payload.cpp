#include "s3/payload.hpp"

#include "s3/checksum_fields.hpp"

#include <cairn/core/bytes.hpp>

#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace cairn::s3 {
namespace {

constexpr std::string_view empty_sha256 =
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
// About a third of a millisecond of SHA-256.
constexpr std::size_t hash_turn_bytes = 512 * 1024;
// No chunk need be in memory; MinIO takes none of more than 16 MiB.
constexpr std::uint64_t unsigned_chunk_bytes = 8 * 1024 * 1024;
// These are; S3 wants at least 8 KiB.
constexpr std::uint64_t signed_chunk_bytes = 64 * 1024;

}  // namespace

void payload::choose(encoded_request& request) {
    request_ = &request;
    if (!request.document.empty()) document_ = body::view(request.document);
    content_ = request.stream ? request.stream : document_.get();
    const auto& headers = request.head.headers;
    if (table_.uploads_summed && !has_checksum(headers)) {
        const auto named = headers["x-amz-sdk-checksum-algorithm"];
        summing_ = named.empty() ? config_.checksums.uploads : codec::checksum_named(named);
    }
    const bool is_document = content_ && !request.stream;
    const auto mode = config_.payload_signing;
    choose_form(is_document || mode == payload_signing::always ||
                (mode == payload_signing::automatic && !tls_));
}

void payload::forgo_signature() {
    signed_chunks_ = false;
    chunks_.reset();
    choose_form(false);
}

void payload::choose_form(bool wants_signature) {
    if (!content_) {
        hash_ = empty_sha256;
        if (summing_) running_.emplace(*summing_);
        return;
    }
    const bool trailer = summing_ && config_.checksums.trailers;
    if (wants_signature && content_->rewind()) return choose_reading(true);
    if (wants_signature && (trailer || config_.payload_signing == payload_signing::always))
        return choose_chunks(aws_chunked::signing::signed_chunks);
    hash_ = wire::unsigned_payload;
    if (!summing_) return;
    if (content_->in_memory()) return choose_reading(false);
    if (trailer) return choose_chunks(aws_chunked::signing::unsigned_chunks);
    if (content_->rewind()) return choose_reading(false);
    summing_.reset();
}

void payload::choose_reading(bool for_signature) {
    if (for_signature) hasher_.emplace();
    if (summing_) running_.emplace(*summing_);
    const auto whole = content_->in_memory();
    reading_ = !whole || whole->size() > hash_turn_bytes;
    if (reading_) return;
    take(*whole);
    finish_reading();
}

void payload::choose_chunks(aws_chunked::signing how) {
    signed_chunks_ = how == aws_chunked::signing::signed_chunks;
    std::optional<trailing_checksum> trailer;
    if (!config_.checksums.trailers) summing_.reset();
    if (summing_) trailer = trailing_checksum{std::string(field_of(*summing_)), *summing_};
    hash_ = signed_chunks_ ? "STREAMING-AWS4-HMAC-SHA256-PAYLOAD" : "STREAMING-UNSIGNED-PAYLOAD";
    if (trailer) hash_ += "-TRAILER";
    chunks_.emplace(*content_, signed_chunks_ ? signed_chunk_bytes : unsigned_chunk_bytes, how,
                    std::move(trailer));
}

awaitable<result<void>> payload::read_through() {
    for (;;) {
        const auto next = co_await content_->next();
        if (!next) co_return next.error();
        if (next->size() == 0) break;
        // A long body leaves the thread to others again and again.
        for (auto rest = *next; rest.size() > 0; rest += hash_turn_bytes) {
            const auto some = asio::buffer(rest, hash_turn_bytes);
            take(some);
            if (some.size() < content_->size()) co_await asio::post(asio::use_awaitable);
        }
    }
    content_->rewind();
    finish_reading();
    co_return result<void>();
}

void payload::take(asio::const_buffer piece) {
    const std::span bytes(static_cast<const std::byte*>(piece.data()), piece.size());
    if (hasher_) hasher_->update(bytes);
    if (running_) running_->update(bytes);
}

void payload::finish_reading() {
    reading_ = false;
    if (hasher_) hash_ = to_hex(hasher_->finish());
}

// Also a length of zero: a PUT without one is refused (411) by some servers.
void payload::add_fields() {
    auto& head = request_->head;
    auto& headers = head.headers;
    const auto* const sent = body();
    if (running_) headers.set(field_of(*summing_), running_->finish().base64());
    if (chunks_) {
        const std::string own(headers["Content-Encoding"]);
        headers.set("Content-Encoding", own.empty() ? "aws-chunked" : "aws-chunked," + own);
        headers.set("x-amz-decoded-content-length", std::to_string(content_->size()));
        headers.set("x-amz-content-sha256", hash_);
        if (summing_) headers.set("x-amz-trailer", field_of(*summing_));
    }
    if (sent || head.method == "PUT" || head.method == "POST")
        headers.set("Content-Length", std::to_string(sent ? sent->size() : 0));
    if (sent && sent->size() >= config_.expect_continue_bytes)
        headers.set("Expect", "100-continue");
}

wire::body_source* payload::body() noexcept {
    return chunks_ ? &*chunks_ : content_;
}

result<void> payload::settle(void* output) const {
    if (!table_.uploads_summed) return {};
    auto settled = settle_checksums(table_, request_->head.headers, output);
    if (!settled || !has_trailer() || !chunks_->sum()) return settled;
    return settle_checksum(table_, field_of(*summing_), chunks_->sum()->base64(), output);
}

}  // namespace cairn::s3
