#include "wire/canonical_request.hpp"
#include "wire/sha256.hpp"

#include <cairn/core/ascii.hpp>
#include <cairn/core/bytes.hpp>
#include <cairn/core/secret.hpp>
#include <cairn/wire/signing.hpp>

#include <openssl/crypto.h>

#include <algorithm>
#include <array>
#include <mutex>

namespace cairn::wire {
namespace {

constexpr std::string_view algorithm = "AWS4-HMAC-SHA256";
constexpr std::string_view terminator = "aws4_request";

// "20130524T000000Z", and its date.
class timestamp {
  public:
    explicit timestamp(clock::utc_time now) {
        const auto second = std::chrono::floor<std::chrono::seconds>(now);
        const auto day = std::chrono::floor<std::chrono::days>(second);
        const std::chrono::year_month_day date(day);
        const std::chrono::hh_mm_ss time(second - day);
        put(0, 4, static_cast<unsigned>(static_cast<int>(date.year())));
        put(4, 2, static_cast<unsigned>(date.month()));
        put(6, 2, static_cast<unsigned>(date.day()));
        put(9, 2, static_cast<unsigned>(time.hours().count()));
        put(11, 2, static_cast<unsigned>(time.minutes().count()));
        put(13, 2, static_cast<unsigned>(time.seconds().count()));
    }

    std::string_view text() const noexcept { return {text_.data(), text_.size()}; }
    std::string_view date() const noexcept { return text().substr(0, 8); }

  private:
    void put(std::size_t at, std::size_t digits, unsigned value) noexcept {
        for (auto i = at + digits; i-- > at; value /= 10)
            text_[i] = static_cast<char>('0' + value % 10);
    }
    std::array<char, 16> text_{'0', '0', '0', '0', '0', '0', '0', '0',
                               'T', '0', '0', '0', '0', '0', '0', 'Z'};
};

void append_hex(std::string& out, const sha256_digest& digest) {
    static constexpr char digits[] = "0123456789abcdef";
    std::array<char, 2 * std::tuple_size_v<sha256_digest>> text{};
    for (std::size_t i = 0; i < digest.size(); ++i) {
        text[2 * i] = digits[std::to_integer<unsigned>(digest[i]) >> 4];
        text[2 * i + 1] = digits[std::to_integer<unsigned>(digest[i]) & 15];
    }
    out.append(text.data(), text.size());
}

sha256_digest hmac(sha256& hasher, std::span<const std::byte> key, std::string_view text) {
    return hmac_sha256(hasher, key, as_bytes(text));
}

secret prefixed(std::string_view secret_access_key) {
    std::string text;
    text.reserve(secret_access_key.size() + 4);
    text.append("AWS4").append(secret_access_key);
    return secret(std::move(text));
}

// The last derived key, which serves a day's requests of one secret.
class key_cache {
  public:
    ~key_cache() { OPENSSL_cleanse(key_.data(), key_.size()); }

    sha256_digest get(sha256& hasher, std::string_view date, std::string_view region,
                      std::string_view service, std::string_view secret_access_key) {
        const std::lock_guard lock(mutex_);
        if (date != date_ || secret_access_key != secret_.reveal()) {
            date_.clear();
            secret_ = secret(std::string(secret_access_key));
            key_ = derive(hasher, date, region, service, secret_access_key);
            date_ = date;
        }
        return key_;
    }

  private:
    static sha256_digest derive(sha256& hasher, std::string_view date, std::string_view region,
                                std::string_view service, std::string_view secret_access_key) {
        const auto seed = prefixed(secret_access_key);
        auto key = hmac(hasher, as_bytes(seed.reveal()), date);
        for (const auto part : {region, service, terminator}) key = hmac(hasher, key, part);
        return key;
    }

    std::mutex mutex_;
    std::string date_;
    secret secret_;
    sha256_digest key_{};
};

}  // namespace

struct signer::state {
    std::string region;
    std::string service;
    canonical_path path;
    key_cache keys{};

    void append_scope(std::string& out, std::string_view date) const {
        out.append(date).append("/").append(region).append("/").append(service).append("/");
        out.append(terminator);
    }

    std::string string_to_sign(sha256& hasher, std::string_view canonical_request,
                               const timestamp& when) const {
        std::string text;
        text.reserve(192);
        text.append(algorithm).append("\n").append(when.text()).append("\n");
        append_scope(text, when.date());
        text += '\n';
        append_hex(text, sha256_of(hasher, as_bytes(canonical_request)));
        return text;
    }

    std::string authorization(std::string_view access_key_id, std::string_view signed_headers,
                              const sha256_digest& signature, const timestamp& when) const {
        std::string text;
        text.reserve(256 + signed_headers.size());
        text.append(algorithm).append(" Credential=").append(access_key_id).append("/");
        append_scope(text, when.date());
        text.append(", SignedHeaders=").append(signed_headers).append(", Signature=");
        append_hex(text, signature);
        return text;
    }
};

struct chunk_signer::state {
    state() = default;
    state(const state&) = delete;
    state& operator=(const state&) = delete;
    ~state() { OPENSSL_cleanse(key.data(), key.size()); }

    // Signs what follows the previous signature in a string to sign.
    std::string_view sign(std::string_view kind, std::string_view hashes) {
        std::string text(algorithm);
        text.append(kind).append("\n").append(when_and_where).append("\n");
        text.append(previous).append("\n").append(hashes);
        previous.clear();
        append_hex(previous, hmac(hasher, key, text));
        return previous;
    }

    sha256 hasher{};
    sha256_digest key{};
    std::string when_and_where{};  ///< The time, a line's end, and the scope.
    std::string first{};           ///< The request's own signature.
    std::string previous{};
};

chunk_signer::chunk_signer(std::unique_ptr<state> s) : state_(std::move(s)) {}
chunk_signer::~chunk_signer() = default;
chunk_signer::chunk_signer(chunk_signer&&) noexcept = default;
chunk_signer& chunk_signer::operator=(chunk_signer&&) noexcept = default;

std::string_view chunk_signer::sign(std::span<const std::byte> chunk) {
    std::string hashes;
    append_hex(hashes, sha256_of(state_->hasher, {}));
    hashes += '\n';
    append_hex(hashes, sha256_of(state_->hasher, chunk));
    return state_->sign("-PAYLOAD", hashes);
}

std::string_view chunk_signer::sign_trailer(std::string_view fields) {
    std::string hash;
    append_hex(hash, sha256_of(state_->hasher, as_bytes(fields)));
    return state_->sign("-TRAILER", hash);
}

void chunk_signer::restart() {
    state_->previous = state_->first;
}

signer::signer(std::string region, std::string service, canonical_path path)
    : state_(std::make_unique<state>(std::move(region), std::move(service), path)) {}
signer::~signer() = default;
signer::signer(signer&&) noexcept = default;
signer& signer::operator=(signer&&) noexcept = default;

void signer::sign(request_head& request, std::string_view payload_hash,
                  const signing_credentials& credentials, clock::utc_time now) const {
    // It may be a view of the headers, which are about to change.
    const std::string hash(payload_hash);
    const timestamp when(now);
    auto& headers = request.headers;
    headers.set("X-Amz-Date", when.text());
    if (credentials.session_token.empty())
        headers.erase("X-Amz-Security-Token");
    else
        headers.set("X-Amz-Security-Token", credentials.session_token);

    sha256 hasher;
    const auto form = canonicalize(request, hash, state_->path);
    const auto to_sign = state_->string_to_sign(hasher, form.text, when);
    auto key = state_->keys.get(hasher, when.date(), state_->region, state_->service,
                                credentials.secret_access_key);
    const auto signature = hmac(hasher, key, to_sign);
    OPENSSL_cleanse(key.data(), key.size());
    headers.set("Authorization", state_->authorization(credentials.access_key_id,
                                                       form.signed_headers(), signature, when));
}

chunk_signer signer::chunks_of(const request_head& signed_request,
                               std::string_view secret_access_key) const {
    constexpr std::string_view before_signature = "Signature=";
    const auto time = signed_request.headers["X-Amz-Date"];
    const auto authorization = signed_request.headers["Authorization"];
    const auto date = time.substr(0, 8);
    auto made = std::make_unique<chunk_signer::state>();
    made->key =
        state_->keys.get(made->hasher, date, state_->region, state_->service, secret_access_key);
    made->when_and_where.append(time).append("\n");
    state_->append_scope(made->when_and_where, date);
    made->first =
        authorization.substr(authorization.rfind(before_signature) + before_signature.size());
    chunk_signer chunks(std::move(made));
    chunks.restart();
    return chunks;
}

std::string signer::canonical_request(const request_head& request,
                                      std::string_view payload_hash) const {
    return canonicalize(request, payload_hash, state_->path).text;
}

std::string signer::string_to_sign(std::string_view canonical_request, clock::utc_time now) const {
    sha256 hasher;
    return state_->string_to_sign(hasher, canonical_request, timestamp(now));
}

bool signer::is_unsigned(std::string_view header_name) noexcept {
    static constexpr std::string_view names[] = {
        "accept-encoding",
        "authorization",
        "connection",
        "expect",
        "forwarded",
        "keep-alive",
        "max-forwards",
        "pragma",
        "proxy-authenticate",
        "proxy-authorization",
        "proxy-connection",
        "referer",
        "te",
        "trailer",
        "transfer-encoding",
        "upgrade",
        "user-agent",
        "via",
        "x-amzn-trace-id",
        "x-forwarded-for",
    };
    return std::any_of(std::begin(names), std::end(names),
                       [&](std::string_view name) { return ascii::iequals(name, header_name); });
}

std::string sha256_hex(std::string_view data) {
    sha256 hasher;
    std::string text;
    append_hex(text, sha256_of(hasher, as_bytes(data)));
    return text;
}

}  // namespace cairn::wire
