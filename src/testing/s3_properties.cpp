#include "testing/s3_properties.hpp"

#include "testing/s3_refusal.hpp"
#include "testing/s3_tagging.hpp"

#include <cairn/core/ascii.hpp>

#include <algorithm>

namespace cairn::testing::simulated {
namespace {

constexpr std::string_view content_fields[] = {"Cache-Control",    "Content-Disposition",
                                               "Content-Encoding", "Content-Language",
                                               "Content-Type",     "Expires"};
constexpr std::string_view storage_classes[] = {"STANDARD",   "REDUCED_REDUNDANCY",  "STANDARD_IA",
                                                "ONEZONE_IA", "INTELLIGENT_TIERING", "GLACIER_IR"};
// Their objects have to be restored before they can be read.
constexpr std::string_view archives[] = {"GLACIER", "DEEP_ARCHIVE"};
constexpr std::string_view metadata_prefix = "x-amz-meta-";

constexpr std::string_view known_fields[] = {
    "x-amz-acl",
    "x-amz-checksum-algorithm",
    "x-amz-checksum-crc32",
    "x-amz-checksum-crc32c",
    "x-amz-checksum-crc64nvme",
    "x-amz-checksum-mode",
    "x-amz-checksum-sha1",
    "x-amz-checksum-sha256",
    "x-amz-checksum-type",
    "x-amz-content-sha256",
    "x-amz-copy-source",
    "x-amz-copy-source-if-match",
    "x-amz-copy-source-if-modified-since",
    "x-amz-copy-source-if-none-match",
    "x-amz-copy-source-if-unmodified-since",
    "x-amz-copy-source-range",
    "x-amz-date",
    "x-amz-decoded-content-length",
    "x-amz-expected-bucket-owner",
    "x-amz-metadata-directive",
    "x-amz-mp-object-size",
    "x-amz-object-ownership",
    "x-amz-request-payer",
    "x-amz-sdk-checksum-algorithm",
    "x-amz-security-token",
    "x-amz-server-side-encryption",
    "x-amz-source-expected-bucket-owner",
    "x-amz-storage-class",
    "x-amz-tagging",
    "x-amz-tagging-directive",
    "x-amz-trailer",
    "x-amz-user-agent",
};

template <class Range>
bool contains(const Range& all, std::string_view one) {
    return std::find(std::begin(all), std::end(all), one) != std::end(all);
}

std::map<std::string, std::string> read_metadata(const request& r) {
    constexpr std::size_t most = 2048;
    std::map<std::string, std::string> metadata;
    std::size_t size = 0;
    for (const auto field : r.head.headers) {
        auto name = ascii::lower(field.name);
        if (!name.starts_with(metadata_prefix)) continue;
        name.erase(0, metadata_prefix.size());
        size += name.size() + field.value.size();
        // Fields of one name are one value.
        auto& value = metadata[name];
        value += (value.empty() ? "" : ",") + std::string(field.value);
    }
    if (size <= most) return metadata;
    throw refusal(400, "MetadataTooLarge",
                  "Your metadata headers exceed the maximum allowed metadata size")
        .with("Size", std::to_string(size))
        .with("MaxSizeAllowed", std::to_string(most));
}

std::string read_storage_class(const request& r) {
    const auto wanted = r.head.headers.find("x-amz-storage-class");
    if (!wanted) return "STANDARD";
    if (contains(archives, *wanted))
        throw not_implemented("the storage class " + std::string(*wanted));
    if (contains(storage_classes, *wanted)) return std::string(*wanted);
    throw refusal(400, "InvalidStorageClass", "The storage class you specified is not valid")
        .with("StorageClassRequested", std::string(*wanted));
}

std::string read_tagging(const request& r) {
    std::string tagging(r.header("x-amz-tagging"));
    parse_tagging(tagging);
    return tagging;
}

void check_encryption(const request& r) {
    const auto wanted = r.head.headers.find("x-amz-server-side-encryption");
    if (wanted && *wanted != "AES256")
        throw not_implemented("server-side encryption by " + std::string(*wanted));
}

bool has_grants(const request& r) {
    for (const auto field : r.head.headers)
        if (ascii::lower(field.name).starts_with("x-amz-grant-")) return true;
    return false;
}

// Buckets are made with their owner as the only one who has objects in them.
void check_access(const request& r) {
    const auto acl = r.head.headers.find("x-amz-acl");
    const bool owners = !acl || *acl == "private" || *acl == "bucket-owner-full-control";
    if (!owners || has_grants(r))
        throw refusal(400, "AccessControlListNotSupported", "The bucket does not allow ACLs");
    const auto ownership = r.head.headers.find("x-amz-object-ownership");
    if (ownership && *ownership != "BucketOwnerEnforced")
        throw not_implemented("the object ownership " + std::string(*ownership));
}

}  // namespace

properties read_properties(const request& r) {
    properties p;
    for (const auto name : content_fields)
        if (const auto value = r.head.headers.find(name)) p.content.set(name, *value);
    p.metadata = read_metadata(r);
    p.storage_class = read_storage_class(r);
    p.tagging = read_tagging(r);
    return p;
}

void write_properties(const properties& p, reply& to) {
    to.headers.set("Content-Type", "binary/octet-stream");
    for (const auto field : p.content) to.headers.set(field.name, field.value);
    for (const auto& [name, value] : p.metadata)
        to.headers.add(std::string(metadata_prefix) + name, value);
    if (p.storage_class != "STANDARD") to.headers.set("x-amz-storage-class", p.storage_class);
    if (const auto tags = parse_tagging(p.tagging); !tags.empty())
        to.headers.set("x-amz-tagging-count", std::to_string(tags.size()));
}

void check_fields(const request& r) {
    check_access(r);
    check_encryption(r);
    for (const auto field : r.head.headers) {
        const auto name = ascii::lower(field.name);
        if (!name.starts_with("x-amz-") || name.starts_with(metadata_prefix)) continue;
        if (!contains(known_fields, name)) throw not_implemented("the field " + name);
    }
}

}  // namespace cairn::testing::simulated
