#include "s3/service_error.hpp"

#include "s3/error_codes.hpp"
#include "s3/reply_document.hpp"

#include <cairn/core/bytes.hpp>

#include <algorithm>
#include <string>

namespace cairn::s3 {
namespace {

using wire::xml::element;

// An hour; what is longer is a mistake.
constexpr std::uint64_t max_retry_after_ms = 3'600'000;

errc meaning_of_status(unsigned status) noexcept {
    switch (status) {
        case 304:
            return errc::not_modified;
        case 401:
        case 403:
            return errc::access_denied;
        case 404:
            return errc::not_found;
        case 409:
            return errc::conflict;
        case 412:
            return errc::precondition_failed;
        case 416:
            return errc::range_not_satisfiable;
        case 429:
            return errc::throttled;
        case 501:
            return errc::bad_request;
        default:
            break;
    }
    if (status >= 300 && status < 400) return errc::redirected;
    if (status >= 400 && status < 500) return errc::bad_request;
    return errc::service_failed;
}

/// `<Error>`, itself the root or inside `<ErrorResponse>`.
element error_element(const element& root) {
    if (root.name() == "Error") return root;
    return root.name() == "ErrorResponse" ? root.child("Error") : element();
}

std::string first_of(std::string_view preferred, std::string_view otherwise) {
    return std::string(preferred.empty() ? otherwise : preferred);
}

/// Reads one error reply.
class reader {
  public:
    reader(const operation_table& table, const wire::response_head& head)
        : table_(table), head_(head) {
        const auto& fields = head.headers;
        out_.http_status(head.status);
        out_.request_id(std::string(fields["x-amz-request-id"]));
        out_.host_id(std::string(fields["x-amz-id-2"]));
        region_ = fields["x-amz-bucket-region"];
        if (const auto ms = parse_u64(fields["x-amz-retry-after"]))
            out_.retry_after(std::chrono::milliseconds(std::min(*ms, max_retry_after_ms)));
        // For replies to HEAD, which can't have a document.
        out_.s3_code(first_of(fields["x-amz-error-code"], fields["x-minio-error-code"]));
        out_.s3_message(first_of(fields["x-amz-error-message"], fields["x-minio-error-desc"]));
    }

    refusal run(std::string_view body) {
        const bool from_s3 = body.empty() || read_body(body);
        // A failing gateway in front of S3 answers in its own words, and its status is true.
        const bool from_gateway = !from_s3 && head_.status >= 500 && head_.status != 501;
        out_.code(make_error_code(from_s3 || from_gateway ? meaning() : errc::not_s3));
        if (from_s3) out_.hint(hint());
        if (out_.code() == errc::not_found && head_.headers["x-amz-delete-marker"] == "true")
            out_.detail("the object has been deleted; older versions may remain");
        if (from_gateway) out_.hint("a proxy or load balancer answered in place of S3");
        out_.effect(known_effect());
        return {std::move(out_), std::move(region_)};
    }

  private:
    /// False when the body is not S3's.
    bool read_body(std::string_view body) {
        const auto parsed = parse_reply(head_, body);
        if (!parsed) {
            out_.detail(parsed.error().detail());
            return parsed.error().code() != errc::not_s3;
        }
        const auto root = parsed->root();
        const auto e = error_element(root);
        if (!e) {
            out_.detail("the reply is a <" + std::string(root.name()) + ">, not an <Error>");
            return false;
        }
        read_error(e);
        if (out_.request_id().empty()) out_.request_id(root.child("RequestId").text());
        return true;
    }

    // Nothing else: what S3 adds to some errors, such as its own canonical request, may hold
    // secrets.
    void read_error(const element& e) {
        out_.s3_code(e.child("Code").text());
        out_.s3_message(e.child("Message").text());
        if (out_.request_id().empty()) out_.request_id(e.child("RequestId").text());
        if (out_.host_id().empty()) out_.host_id(e.child("HostId").text());
        if (const auto region = e.child("Region").text(); !region.empty()) region_ = region;
        endpoint_ = e.child("Endpoint").text();
    }

    errc meaning() const noexcept {
        const bool other_region =
            out_.s3_code() == "AuthorizationHeaderMalformed" && !region_.empty();
        if (other_region) return errc::redirected;
        // S3 throttles with a 503, and a reply to HEAD has no room for a code that says so.
        if (table_.method == "HEAD" && head_.status == 503 && out_.s3_code().empty())
            return errc::throttled;
        return meaning_of(out_.s3_code(), head_.status);
    }

    std::string hint() const {
        // A reply to HEAD has no room for a code. With one, a server may name its region for
        // nothing.
        const bool may_be_region =
            out_.code() == errc::redirected || (head_.status == 400 && out_.s3_code().empty());
        if (may_be_region && !region_.empty())
            return "the bucket is in region " + region_ + ": set the client's region to it";
        if (out_.code() == errc::redirected && !endpoint_.empty())
            return "the bucket is served at " + endpoint_ + ": use that endpoint";
        if (out_.code() == errc::redirected && !head_.headers["location"].empty())
            return "the server points to " + std::string(head_.headers["location"]);
        if (table_.method == "HEAD" && out_.s3_code().empty()) return hint_of_head();
        return std::string(hint_for_code(out_.s3_code()));
    }

    // Its reply has no room for a code.
    std::string hint_of_head() const {
        if (head_.status == 403)
            return "the credentials are wrong, or don't allow it: the reply doesn't say which";
        if (head_.status != 404) return {};
        return table_.name == "HeadBucket"
                   ? "check the bucket's name"
                   : "there is no such bucket, or no such key: the reply doesn't say which";
    }

    effect known_effect() const noexcept {
        if (!table_.modifies) return effect::none;
        const auto status = head_.status;
        // S3 turns requests away before it does anything, and says so in its own words; a proxy's
        // 503 may come after it has passed the request on, MinIO's SlowDownWrite after a write that
        // reached too few disks.
        const bool turned_away =
            status == 503 && !out_.s3_code().empty() && out_.s3_code() != "SlowDownWrite";
        if (turned_away || status == 501) return effect::not_applied;
        // 408: given up on halfway, by S3 or by a proxy. An error inside a 200 has no other status.
        const bool may_be_done =
            status == 408 || status >= 500 || (status < 300 && out_.code() == errc::service_failed);
        return may_be_done ? effect::unknown : effect::not_applied;
    }

    const operation_table& table_;
    const wire::response_head& head_;
    error out_;
    std::string region_;
    std::string endpoint_;
};

}  // namespace

errc meaning_of(std::string_view s3_code, unsigned status) noexcept {
    const auto known = known_meaning(s3_code);
    return known ? *known : meaning_of_status(status);
}

refusal read_refusal(const operation_table& table, const wire::response_head& head,
                     std::string_view document) {
    return reader(table, head).run(document);
}

error service_error(const operation_table& table, const wire::response_head& head,
                    std::string_view document) {
    return read_refusal(table, head, document).error;
}

}  // namespace cairn::s3
