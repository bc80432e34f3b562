#include "testing/s3_core.hpp"

#include "testing/s3_document.hpp"
#include "testing/s3_properties.hpp"

#include <cairn/core/ascii.hpp>

namespace cairn::testing::simulated {
namespace {

constexpr std::size_t request_id_size = 16;
constexpr std::size_t host_id_size = 56;
constexpr std::uint64_t largest_body = 5ULL * 1024 * 1024 * 1024;

bool uploads(const route& to) {
    return to.operation == "PutObject" || to.operation == "UploadPart";
}

// S3 wants to know how much is coming.
void check_length(const request& r, const route& to) {
    const auto length = r.head.headers.find("Content-Length");
    if (length && parse_u64(*length).value_or(0) > largest_body)
        throw refusal(400, "EntityTooLarge",
                      "Your proposed upload exceeds the maximum allowed size")
            .with("MaxSizeAllowed", std::to_string(largest_body));
    if (length || !uploads(to) || is_aws_chunked(r)) return;
    if (r.head.headers.contains("Transfer-Encoding"))
        throw refusal(501, "NotImplemented",
                      "A header you provided implies functionality that is not implemented")
            .with("Header", "Transfer-Encoding");
    throw refusal(411, "MissingContentLength", "You must provide the Content-Length HTTP header.");
}

refusal no_operation(const request& r) {
    const auto what = r.bucket.empty() ? " of the service"
                      : r.key.empty()  ? " of a bucket"
                                       : " of an object";
    const auto query = r.query.empty() ? std::string() : " with ?" + r.query.front().first;
    return not_implemented("the operation " + r.head.method + what + query);
}

refusal elsewhere(const bucket& b) {
    return refusal(301, "PermanentRedirect",
                   "The bucket you are attempting to access must be addressed using the specified "
                   "endpoint. Please send all future requests to this endpoint.")
        .with("Endpoint", b.name + ".s3." + b.region + ".amazonaws.com")
        .with("Bucket", b.name)
        .with_header("x-amz-bucket-region", b.region);
}

}  // namespace

core::core(std::string region, std::vector<auth::credentials> accounts,
           std::vector<std::string> domains)
    : region_(std::move(region)), accounts_(std::move(accounts)), domains_(std::move(domains)) {}

request core::parse(const wire::request_head& head) const {
    auto r = parse_request(head, domains_);
    if (r.region.empty()) r.region = region_;
    return r;
}

target core::target_of(const wire::request_head& head) const try {
    auto r = parse(head);
    const auto* const to = find_route(r);
    return {to ? std::string(to->operation) : std::string(), std::move(r.bucket), std::move(r.key)};
} catch (const refusal&) {
    return {};
}

// An endpoint without a region in its name serves buckets of every region, each signed for by its
// own.
const std::string& core::region_to_sign_for(const request& r) const {
    const bool regional = !parse_host(r.header("Host"), domains_).region.empty();
    const auto found = store_.buckets.find(r.bucket);
    const bool creates = r.head.method == "PUT" && r.key.empty() && r.query.empty();
    return regional || creates || found == store_.buckets.end() ? r.region : found->second.region;
}

signature core::authenticate(const request& r, clock::utc_time now) const {
    return verify_signature(r, accounts_, region_to_sign_for(r), now);
}

void core::check_bucket(const call& c) const {
    const auto& b = c.in();
    const bool regional = !parse_host(c.asked.header("Host"), domains_).region.empty();
    if (regional && b.region != c.asked.region) throw elsewhere(b);
    const auto owner = c.asked.head.headers.find("x-amz-expected-bucket-owner");
    if (owner && *owner != account) throw access_denied();
}

const route& core::check(call& c) const {
    const auto* const to = find_route(c.asked);
    if (!to) throw no_operation(c.asked);
    check_parameters(c.asked, *to);
    check_fields(c.asked);
    check_length(c.asked, *to);
    if (to->needs_bucket()) check_bucket(c);
    if (to->check) to->check(c);
    return *to;
}

std::optional<reply> core::refuse_early(const wire::request_head& head, clock::utc_time now) try {
    const auto r = parse(head);
    authenticate(r, now);
    call c(r, store_, now);
    check(c);
    return std::nullopt;
} catch (const refusal& no) {
    return refuse(head, no, now);
}

reply core::handle(const wire::request_head& head, bytes body, clock::utc_time now) try {
    auto r = parse(head);
    r.body = std::move(body);
    const auto signed_by = authenticate(r, now);
    call c(r, store_, now);
    const auto& to = check(c);
    open_payload(r, signed_by);
    auto answer = to.handle(c);
    const auto request_id = store_.new_id(request_id_size);
    sign_off(answer, request_id, store_.new_id(host_id_size), now);
    return answer;
} catch (const refusal& no) {
    return refuse(head, no, now);
}

reply core::refuse(const wire::request_head& head, const refusal& r, clock::utc_time now) {
    const auto request_id = store_.new_id(request_id_size);
    const auto host_id = store_.new_id(host_id_size);
    reply answer(r.status);
    answer.headers = r.headers;
    if (!r.code.empty()) {
        const auto path = std::string_view(head.target).substr(0, head.target.find('?'));
        answer.headers.set("Content-Type", "application/xml");
        if (head.method != "HEAD")
            answer.body = error_document(r, wire::percent_decode(path), request_id, host_id);
    }
    sign_off(answer, request_id, host_id, now);
    return answer;
}

void core::sign_off(reply& r, const std::string& request_id, const std::string& host_id,
                    clock::utc_time now) const {
    r.headers.set("x-amz-request-id", request_id);
    r.headers.set("x-amz-id-2", host_id);
    r.headers.set("Date", http_time(now));
    r.headers.set("Server", "AmazonS3");
}

}  // namespace cairn::testing::simulated
