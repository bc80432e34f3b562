#include "testing/s3_signature.hpp"

#include "s3/timestamp.hpp"
#include "testing/s3_document.hpp"
#include "testing/s3_refusal.hpp"

#include <cairn/core/ascii.hpp>
#include <cairn/wire/signing.hpp>

#include <algorithm>

namespace cairn::testing::simulated {
namespace {

using namespace std::chrono_literals;

constexpr std::string_view algorithm = "AWS4-HMAC-SHA256";
constexpr auto max_skew = 15min;

/// What an Authorization field says.
struct claim {
    std::string access_key_id;
    std::string date;
    std::string region;
    std::vector<std::string> signed_headers;  ///< In lower case.
    std::string signature;
};

refusal malformed(const std::string& what) {
    return {400, "AuthorizationHeaderMalformed", "The authorization header is malformed; " + what};
}

std::vector<std::string> split(std::string_view text, char at) {
    std::vector<std::string> parts;
    for (std::size_t begin = 0;;) {
        const auto end = text.find(at, begin);
        parts.emplace_back(text.substr(begin, end - begin));
        if (end == text.npos) return parts;
        begin = end + 1;
    }
}

// The value of `name` among "a=1, b=2".
std::string_view component(std::string_view text, std::string_view name) {
    while (!text.empty()) {
        const auto end = std::min(text.find(','), text.size());
        const auto one = ascii::trim(text.substr(0, end));
        text.remove_prefix(std::min(end + 1, text.size()));
        if (one.starts_with(name) && one.substr(name.size()).starts_with('='))
            return one.substr(name.size() + 1);
    }
    throw malformed(
        "the authorization header requires three components: Credential, "
        "SignedHeaders, and Signature.");
}

claim parse(std::string_view header) {
    const auto rest = header.substr(algorithm.size());
    const auto credential = split(component(rest, "Credential"), '/');
    constexpr std::size_t parts = 5;
    if (credential.size() != parts || credential[3] != "s3" || credential[4] != "aws4_request")
        throw malformed(
            "the Credential is mal-formed; expecting "
            "\"<YOUR-AKID>/YYYYMMDD/REGION/SERVICE/aws4_request\".");
    return {credential[0], credential[1], credential[2],
            split(component(rest, "SignedHeaders"), ';'),
            std::string(component(rest, "Signature"))};
}

claim read_authorization(const request& r) {
    if (r.has("X-Amz-Algorithm") || r.has("AWSAccessKeyId"))
        throw not_implemented("signatures in a request's query");
    const auto header = r.header("Authorization");
    if (header.empty()) throw access_denied();
    if (header.starts_with("AWS4-ECDSA")) throw not_implemented("SigV4a signatures");
    if (!header.starts_with(std::string(algorithm) + " "))
        throw invalid_request(
            "The authorization mechanism you have provided is not supported. Please use "
            "AWS4-HMAC-SHA256.");
    return parse(header);
}

const auth::credentials& account_of(const claim& c, const std::vector<auth::credentials>& all) {
    const auto found = std::find_if(all.begin(), all.end(), [&](const auth::credentials& each) {
        return each.access_key_id == c.access_key_id;
    });
    if (found == all.end())
        throw refusal(403, "InvalidAccessKeyId",
                      "The AWS Access Key Id you provided does not exist in our records.")
            .with("AWSAccessKeyId", c.access_key_id);
    return *found;
}

void check_token(const request& r, const auth::credentials& account, clock::utc_time now) {
    const auto token = r.header("x-amz-security-token");
    if (account.session_token.reveal() != token)
        throw refusal(400, "InvalidToken", "The provided token is malformed or otherwise invalid.");
    if (account.expires && *account.expires <= now)
        throw refusal(400, "ExpiredToken", "The provided token has expired.");
}

// "20260101T000000Z"
std::optional<s3::timestamp> parse_basic(std::string_view text) {
    if (text.size() != 16) return std::nullopt;
    std::string iso(text);
    for (const std::size_t at : {13u, 11u}) iso.insert(at, ":");
    for (const std::size_t at : {6u, 4u}) iso.insert(at, "-");
    return s3::parse_iso8601(iso);
}

void check_time(const request& r, const claim& c, clock::utc_time now) {
    const std::string sent(r.header("x-amz-date"));
    const auto when = parse_basic(sent);
    if (!when) throw access_denied("AWS authentication requires a valid Date or x-amz-date header");
    const auto skew = std::chrono::abs(*when - std::chrono::floor<std::chrono::microseconds>(now));
    if (skew > max_skew)
        throw refusal(403, "RequestTimeTooSkewed",
                      "The difference between the request time and the current time is too large.")
            .with("RequestTime", sent)
            .with("ServerTime", document_time(now))
            .with("MaxAllowedSkewMilliseconds",
                  std::to_string(std::chrono::milliseconds(max_skew).count()));
    if (c.date != sent.substr(0, 8))
        throw malformed("Invalid credential date \"" + c.date +
                        "\". This date is not the same as X-Amz-Date: \"" + sent.substr(0, 8) +
                        "\".");
}

void check_region(const claim& c, const std::string& region) {
    if (c.region == region) return;
    throw malformed("the region '" + c.region + "' is wrong; expecting '" + region + "'")
        .with("Region", region)
        .with_header("x-amz-bucket-region", region);
}

bool is_signed(const claim& c, std::string_view name) {
    return std::find(c.signed_headers.begin(), c.signed_headers.end(), ascii::lower(name)) !=
           c.signed_headers.end();
}

void check_signed_headers(const request& r, const claim& c) {
    std::string missing;
    for (const auto field : r.head.headers) {
        const auto name = ascii::lower(field.name);
        if ((name == "host" || name.starts_with("x-amz-")) && !is_signed(c, name))
            missing += (missing.empty() ? "" : ", ") + name;
    }
    if (!missing.empty())
        throw access_denied("There were headers present in the request which were not signed")
            .with("HeadersNotSigned", missing);
    if (!std::is_sorted(c.signed_headers.begin(), c.signed_headers.end()))
        throw malformed("SignedHeaders are not in order.");
}

// One space for each run of them.
std::string folded(std::string_view value) {
    std::string out;
    for (const char c : ascii::trim(value)) {
        const bool blank = ascii::is_blank(c);
        if (!blank || out.back() != ' ') out += blank ? ' ' : c;
    }
    return out;
}

std::string canonical_headers(const request& r, const claim& c) {
    std::string out;
    for (const auto& name : c.signed_headers) {
        out += name + ':';
        bool first = true;
        for (const auto field : r.head.headers) {
            if (!ascii::iequals(field.name, name)) continue;
            if (!std::exchange(first, false)) out += ',';
            out += folded(field.value);
        }
        out += '\n';
    }
    return out;
}

std::string canonical_query(const request& r) {
    std::vector<std::string> parameters;
    parameters.reserve(r.query.size());
    for (const auto& [name, value] : r.query)
        parameters.push_back(wire::percent_encode(name) + '=' + wire::percent_encode(value));
    std::sort(parameters.begin(), parameters.end());
    std::string out;
    for (const auto& each : parameters) out += (out.empty() ? "" : "&") + each;
    return out;
}

std::string joined(const std::vector<std::string>& names) {
    std::string out;
    for (const auto& name : names) out += (out.empty() ? "" : ";") + name;
    return out;
}

// Made anew of what was decoded, as S3 does, so that a client has to encode by the same rules.
std::string canonical_request(const request& r, const claim& c) {
    return r.head.method + '\n' + wire::percent_encode(wire::percent_decode(r.path()), true) +
           '\n' + canonical_query(r) + '\n' + canonical_headers(r, c) + '\n' +
           joined(c.signed_headers) + '\n' + std::string(r.header("x-amz-content-sha256"));
}

wire::sha256_digest signing_key(const claim& c, const auth::credentials& account) {
    wire::sha256 hasher;
    const auto seed = "AWS4" + std::string(account.secret_access_key.reveal());
    auto key = wire::hmac_sha256(hasher, as_bytes(seed), as_bytes(c.date));
    for (const std::string_view part :
         {std::string_view(c.region), std::string_view("s3"), std::string_view("aws4_request")})
        key = wire::hmac_sha256(hasher, key, as_bytes(part));
    return key;
}

}  // namespace

std::string sign(const wire::sha256_digest& key, std::string_view text) {
    wire::sha256 hasher;
    return to_hex(wire::hmac_sha256(hasher, key, as_bytes(text)));
}

signature verify_signature(const request& r, const std::vector<auth::credentials>& accounts,
                           const std::string& region, clock::utc_time now) {
    const auto c = read_authorization(r);
    const auto& signer = account_of(c, accounts);
    check_token(r, signer, now);
    check_time(r, c, now);
    check_region(c, region);
    check_signed_headers(r, c);
    if (r.header("x-amz-content-sha256").empty())
        throw invalid_request("Missing required header for this request: x-amz-content-sha256");

    signature right;
    right.key = signing_key(c, signer);
    right.time = r.header("x-amz-date");
    right.scope = c.date + '/' + c.region + "/s3/aws4_request";
    const auto canonical = canonical_request(r, c);
    const auto to_sign = std::string(algorithm) + '\n' + right.time + '\n' + right.scope + '\n' +
                         wire::sha256_hex(canonical);
    right.value = sign(right.key, to_sign);
    if (right.value == c.signature) return right;
    throw refusal(403, "SignatureDoesNotMatch",
                  "The request signature we calculated does not match the signature you provided. "
                  "Check your key and signing method.")
        .with("AWSAccessKeyId", c.access_key_id)
        .with("StringToSign", to_sign)
        .with("SignatureProvided", c.signature)
        .with("CanonicalRequest", canonical);
}

}  // namespace cairn::testing::simulated
