#include "testing/s3_document.hpp"
#include "testing/s3_operations.hpp"
#include "testing/s3_parameters.hpp"
#include "testing/s3_refusal.hpp"

#include <cairn/core/ascii.hpp>

#include <algorithm>

namespace cairn::testing::simulated {
namespace {

constexpr std::string_view first_region = "us-east-1";

// The region that a bucket is wanted in, by its constraint and the endpoint's region.
std::string wanted_region(const request& r) {
    if (r.body.empty()) return r.region;
    const auto document = read_document(r.body, "CreateBucketConfiguration");
    std::string constraint;
    for (const auto each : document.root()) {
        if (each.name() != "LocationConstraint")
            throw not_implemented("buckets with a " + std::string(each.name()));
        constraint = each.text();
    }
    if (constraint == first_region)
        throw refusal(400, "InvalidLocationConstraint",
                      "The specified location-constraint is not valid")
            .with("LocationConstraint", constraint);
    return constraint;
}

std::string region_of_new(const request& r) {
    auto wanted = wanted_region(r);
    if (r.region == first_region) return wanted.empty() ? r.region : wanted;
    if (wanted == r.region && !r.body.empty()) return wanted;
    throw refusal(400, "IllegalLocationConstraintException",
                  "The " + (r.body.empty() ? std::string("unspecified") : wanted) +
                      " location constraint is incompatible for the region specific endpoint this "
                      "request was sent to.");
}

// In the first region it succeeds and changes nothing.
reply create_again(const call& c, const bucket& there) {
    if (there.region != first_region || c.asked.region != first_region)
        throw refusal(409, "BucketAlreadyOwnedByYou",
                      "Your previous request to create the named bucket succeeded and you already "
                      "own it.")
            .with("BucketName", there.name);
    reply r;
    r.headers.set("Location", "/" + there.name);
    return r;
}

void write_bucket(document_writer& xml, const bucket& b, bool with_region) {
    xml.open("Bucket");
    xml.text("Name", b.name);
    xml.time("CreationDate", b.created);
    if (with_region) xml.text("BucketRegion", b.region);
    xml.close();
}

std::vector<const bucket*> wanted_buckets(const call& c) {
    const auto prefix = c.asked.parameter("prefix").value_or("");
    const auto region = c.asked.parameter("bucket-region");
    const auto after = read_token(c.asked, "continuation-token");
    std::vector<const bucket*> found;
    for (const auto& [name, b] : c.all.buckets)
        if (name.starts_with(prefix) && (!region || *region == b.region) &&
            (!after || name > *after))
            found.push_back(&b);
    return found;
}

}  // namespace

// Source: AWS, "General purpose bucket naming rules".
bool is_bucket_name(std::string_view name) {
    const auto fits = [](char c) {
        return (c >= 'a' && c <= 'z') || ascii::is_digit(c) || c == '-' || c == '.';
    };
    const auto ends = [](char c) { return c != '-' && c != '.'; };
    return name.size() >= 3 && name.size() <= 63 && std::all_of(name.begin(), name.end(), fits) &&
           ends(name.front()) && ends(name.back()) && name.find("..") == name.npos &&
           !name.starts_with("xn--") && !name.ends_with("-s3alias") &&
           name.find_first_not_of("0123456789.") != name.npos;
}

reply list_buckets(call& c) {
    constexpr std::size_t most = 10'000;
    const bool paged = c.asked.has("max-buckets");
    const auto max = read_limit(c.asked, "max-buckets", most, 1);
    const auto found = wanted_buckets(c);
    const auto count = std::min(found.size(), max);

    document_writer xml("ListAllMyBucketsResult");
    xml.owner("Owner");
    xml.open("Buckets");
    for (std::size_t i = 0; i < count; ++i) write_bucket(xml, *found[i], paged);
    xml.close();
    if (count < found.size()) xml.text("ContinuationToken", make_token(found[count - 1]->name));
    if (const auto prefix = c.asked.parameter("prefix")) xml.text("Prefix", *prefix);
    return std::move(xml).as_reply();
}

reply create_bucket(call& c) {
    const auto& name = c.asked.bucket;
    if (!is_bucket_name(name))
        throw refusal(400, "InvalidBucketName", "The specified bucket is not valid.")
            .with("BucketName", name);
    auto region = region_of_new(c.asked);
    const auto there = c.all.buckets.find(name);
    if (there != c.all.buckets.end()) return create_again(c, there->second);
    bucket made{name, std::move(region)};
    made.created = c.now;
    c.all.buckets.emplace(name, std::move(made));
    reply r;
    r.headers.set("Location", "/" + name);
    return r;
}

reply head_bucket(call& c) {
    reply r;
    r.headers.set("x-amz-bucket-region", c.in().region);
    r.headers.set("x-amz-access-point-alias", "false");
    r.headers.set("Content-Type", "application/xml");
    return r;
}

reply delete_bucket(call& c) {
    const auto& b = c.in();
    if (!b.objects.empty()) {
        const bool versions = b.versions != versioning::never;
        throw refusal(409, "BucketNotEmpty",
                      versions ? "The bucket you tried to delete is not empty. You must delete all "
                                 "versions in the bucket."
                               : "The bucket you tried to delete is not empty")
            .with("BucketName", b.name);
    }
    c.all.buckets.erase(b.name);
    return reply(204);
}

reply get_bucket_location(call& c) {
    const auto& region = c.in().region;
    document_writer xml("LocationConstraint");
    if (region == first_region) return std::move(xml).as_reply();
    xml.content(region);
    return std::move(xml).as_reply();
}

reply put_bucket_versioning(call& c) {
    auto& b = c.in();
    const auto document = read_document(c.asked.body, "VersioningConfiguration");
    if (document.root().child("MfaDelete")) throw not_implemented("MFA delete");
    const auto status = required_text(document.root(), "Status");
    if (status != "Enabled" && status != "Suspended") throw malformed_xml();
    b.versions = status == "Enabled" ? versioning::enabled : versioning::suspended;
    return reply(200);
}

reply get_bucket_versioning(call& c) {
    const auto versions = c.in().versions;
    document_writer xml("VersioningConfiguration");
    if (versions != versioning::never)
        xml.text("Status", versions == versioning::enabled ? "Enabled" : "Suspended");
    return std::move(xml).as_reply();
}

}  // namespace cairn::testing::simulated
