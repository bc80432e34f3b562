#include "testing/s3_conditions.hpp"

#include "s3/timestamp.hpp"
#include "testing/s3_refusal.hpp"

#include <cairn/core/ascii.hpp>

namespace cairn::testing::simulated {
namespace {

std::string_view unquoted(std::string_view etag) {
    etag = ascii::trim(etag);
    if (etag.starts_with("W/")) etag.remove_prefix(2);
    if (etag.size() >= 2 && etag.front() == '"' && etag.back() == '"')
        etag = etag.substr(1, etag.size() - 2);
    return etag;
}

/// The dates that a request names in two of its fields; what is no date counts for nothing.
class dates {
  public:
    dates(const request& r, const version& v) : request_(r), modified_(v.modified) {}

    bool changed_since(std::string_view field) const {
        const auto when = s3::parse_timestamp(request_.header(field));
        return !when || modified_ > *when;
    }
    bool unchanged_since(std::string_view field) const {
        const auto when = s3::parse_timestamp(request_.header(field));
        return !when || modified_ <= *when;
    }

  private:
    const request& request_;
    clock::utc_time modified_;
};

// An `If-Match` that holds outweighs the date, and so does an `If-None-Match`.
bool wanted(const request& r, const version& v, std::string_view prefix) {
    const auto name = [&](std::string_view suffix) {
        return std::string(prefix) + std::string(suffix);
    };
    const dates when(r, v);
    const auto match = r.head.headers.find(name("If-Match"));
    if (match && !matches(*match, v.etag)) throw precondition_failed("If-Match");
    if (!match && !when.unchanged_since(name("If-Unmodified-Since")))
        throw precondition_failed("If-Unmodified-Since");
    const auto none = r.head.headers.find(name("If-None-Match"));
    if (none) return !matches(*none, v.etag);
    return when.changed_since(name("If-Modified-Since"));
}

}  // namespace

bool matches(std::string_view condition, std::string_view etag) {
    if (ascii::trim(condition) == "*") return true;
    while (!condition.empty()) {
        const auto one = condition.substr(0, condition.find(','));
        condition.remove_prefix(std::min(one.size() + 1, condition.size()));
        if (unquoted(one) == unquoted(etag)) return true;
    }
    return false;
}

bool is_modified(const request& r, const version& found) {
    return wanted(r, found, "");
}

void check_copy_source(const request& r, const version& source) {
    if (!wanted(r, source, "x-amz-copy-source-"))
        throw precondition_failed("x-amz-copy-source-If-None-Match");
}

void check_write(const request& r, const bucket& in, const std::string& key) {
    const auto* const current = in.current(key);
    const auto match = r.head.headers.find("If-Match");
    const auto none = r.head.headers.find("If-None-Match");
    if (match && none) throw not_implemented("writes with both If-Match and If-None-Match");
    if (none && ascii::trim(*none) != "*")
        throw not_implemented("an If-None-Match of a write other than *");
    if (none && current) throw precondition_failed("If-None-Match");
    if (!match) return;
    if (!current) throw no_such_key(key);
    if (!matches(*match, current->etag)) throw precondition_failed("If-Match");
}

void check_delete(const request& r, const version* current) {
    if (r.head.headers.contains("If-None-Match"))
        throw not_implemented("an If-None-Match of a deletion");
    const auto match = r.head.headers.find("If-Match");
    if (match && (!current || !matches(*match, current->etag)))
        throw precondition_failed("If-Match");
}

}  // namespace cairn::testing::simulated
