#include "testing/s3_payload.hpp"

#include "testing/s3_refusal.hpp"

#include <cairn/core/ascii.hpp>
#include <cairn/wire/signing.hpp>

#include <algorithm>
#include <charconv>

namespace cairn::testing::simulated {
namespace {

constexpr std::string_view line_end = "\r\n";

refusal incomplete() {
    return {400, "IncompleteBody", "The request body terminated unexpectedly"};
}

/// Reads a body in aws-chunked coding: "size[;chunk-signature=...]", a line's end, so many bytes, a
/// line's end; the last chunk is empty, and trailing fields follow it.
class chunk_reader {
  public:
    chunk_reader(request& r, const signature& head, bool is_signed)
        : request_(r), head_(head), signed_(is_signed), previous_(head.value), rest_(r.body) {}

    bytes read() {
        bytes decoded;
        for (;;) {
            const auto chunk = next();
            if (chunk.empty()) break;
            decoded += chunk;
        }
        return decoded;
    }

    void read_trailer() {
        std::string covered;
        while (!rest_.empty()) {
            const auto line = take_line();
            if (line.empty()) break;
            const auto colon = std::min(line.find(':'), line.size() - 1);
            const auto name = ascii::trim(line.substr(0, colon));
            const auto value = ascii::trim(line.substr(colon + 1));
            if (name == "x-amz-trailer-signature") return check_trailer(covered, value);
            request_.head.headers.set(name, value);
            covered += ascii::lower(name) + ':' + std::string(value) + '\n';
        }
        if (signed_) throw mismatch();
    }

  private:
    static refusal mismatch() {
        return {403, "SignatureDoesNotMatch",
                "The request signature we calculated does not match the signature you provided."};
    }

    std::string_view take_line() {
        const auto end = rest_.find(line_end);
        if (end == rest_.npos) throw incomplete();
        const auto line = rest_.substr(0, end);
        rest_.remove_prefix(end + line_end.size());
        return line;
    }

    std::string_view next() {
        const auto line = take_line();
        std::size_t size = 0;
        const auto digits = line.substr(0, line.find(';'));
        const auto parsed = std::from_chars(digits.begin(), digits.end(), size, 16);
        if (parsed.ec != std::errc() || parsed.ptr != digits.end()) throw incomplete();
        if (size > rest_.size()) throw incomplete();
        const auto chunk = rest_.substr(0, size);
        if (signed_) check_chunk(chunk, line);
        rest_.remove_prefix(size);
        if (size != 0 && !take_line().empty()) throw incomplete();
        return chunk;
    }

    void check_chunk(std::string_view chunk, std::string_view line) {
        constexpr std::string_view name = ";chunk-signature=";
        const auto at = line.find(name);
        if (at == line.npos) throw mismatch();
        check("AWS4-HMAC-SHA256-PAYLOAD", wire::sha256_hex("") + '\n' + wire::sha256_hex(chunk),
              line.substr(at + name.size()));
    }
    void check_trailer(std::string_view covered, std::string_view given) {
        check("AWS4-HMAC-SHA256-TRAILER", wire::sha256_hex(covered), given);
    }
    void check(std::string_view algorithm, std::string_view hashes, std::string_view given) {
        previous_ =
            sign(head_.key, std::string(algorithm) + '\n' + head_.time + '\n' + head_.scope + '\n' +
                                previous_ + '\n' + std::string(hashes));
        if (previous_ != given) throw mismatch();
    }

    request& request_;
    const signature& head_;
    const bool signed_;
    std::string previous_;  ///< The signature of what came before.
    std::string_view rest_;
};

// S3 keeps the other codings.
void remove_coding(wire::fields& headers) {
    const std::string all(headers["Content-Encoding"]);
    std::string kept;
    for (std::size_t begin = 0; begin < all.size();) {
        const auto end = std::min(all.find(',', begin), all.size());
        const auto one = ascii::trim(std::string_view(all).substr(begin, end - begin));
        begin = end + 1;
        if (!ascii::iequals(one, "aws-chunked"))
            kept += (kept.empty() ? "" : ",") + std::string(one);
    }
    headers.erase("Content-Encoding");
    if (!kept.empty()) headers.set("Content-Encoding", kept);
}

void decode_chunks(request& r, const signature& head, bool is_signed, bool has_trailer) {
    const auto length = parse_u64(r.header("x-amz-decoded-content-length"));
    if (!length)
        throw refusal(411, "MissingContentLength",
                      "You must provide the Content-Length HTTP header.");
    const std::string trailer(r.header("x-amz-trailer"));
    chunk_reader chunks(r, head, is_signed);
    auto decoded = chunks.read();
    if (has_trailer) chunks.read_trailer();
    if (!trailer.empty() && !r.head.headers.contains(trailer))
        throw invalid_request("The trailer " + trailer + " was announced and did not come.");
    if (decoded.size() != *length) throw incomplete();
    r.body = std::move(decoded);
    remove_coding(r.head.headers);
}

}  // namespace

bool is_aws_chunked(const request& r) noexcept {
    return r.header("x-amz-content-sha256").starts_with("STREAMING-");
}

void open_payload(request& r, const signature& head) {
    const std::string declared(r.header("x-amz-content-sha256"));
    if (declared == wire::unsigned_payload) return;
    if (declared == "STREAMING-UNSIGNED-PAYLOAD-TRAILER")
        return decode_chunks(r, head, false, true);
    if (declared == "STREAMING-AWS4-HMAC-SHA256-PAYLOAD")
        return decode_chunks(r, head, true, false);
    if (declared == "STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER")
        return decode_chunks(r, head, true, true);
    if (is_aws_chunked(r)) throw not_implemented("payloads of " + declared);
    const auto computed = wire::sha256_hex(r.body);
    if (declared == computed) return;
    if (declared.size() != computed.size())
        throw invalid_argument(
            "x-amz-content-sha256 must be UNSIGNED-PAYLOAD, or a valid sha256 value.",
            "x-amz-content-sha256", declared);
    throw refusal(400, "XAmzContentSHA256Mismatch",
                  "The provided 'x-amz-content-sha256' header does not match what was computed.")
        .with("ClientComputedContentSHA256", declared)
        .with("S3ComputedContentSHA256", computed);
}

}  // namespace cairn::testing::simulated
