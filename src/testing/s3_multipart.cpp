#include "testing/s3_multipart.hpp"

#include "testing/s3_document.hpp"
#include "testing/s3_operations.hpp"
#include "testing/s3_parameters.hpp"
#include "testing/s3_properties.hpp"
#include "testing/s3_refusal.hpp"

#include <cairn/core/ascii.hpp>

#include <algorithm>

namespace cairn::testing::simulated {
namespace {

constexpr std::size_t most_parts = 10'000;

unsigned part_number(const request& r) {
    const auto number = parse_u64(r.parameter("partNumber").value_or(""));
    if (number && *number >= 1 && *number <= most_parts) return static_cast<unsigned>(*number);
    throw invalid_argument("Part number must be an integer between 1 and 10000, inclusive",
                           "partNumber", r.parameter("partNumber").value_or(""));
}

// Those of one family can be of the parts' checksums only, that of another of all bytes only.
checksum_type wanted_type(const request& r, std::optional<checksum_algorithm> algorithm) {
    const bool hash =
        algorithm == checksum_algorithm::sha1 || algorithm == checksum_algorithm::sha256;
    const bool whole_only = !algorithm || algorithm == checksum_algorithm::crc64nvme;
    const auto wanted = r.head.headers.find("x-amz-checksum-type");
    if (!wanted) return whole_only ? checksum_type::full_object : checksum_type::composite;
    const bool composite = *wanted == name_of(checksum_type::composite);
    if (!composite && *wanted != name_of(checksum_type::full_object))
        throw invalid_request("Value for x-amz-checksum-type header is invalid.");
    if (composite ? whole_only : hash)
        throw invalid_request(
            "The " + std::string(*wanted) + " checksum type cannot be used with the " +
            std::string(name_of(algorithm.value_or(checksum_algorithm::crc64nvme))) +
            " checksum algorithm.");
    return composite ? checksum_type::composite : checksum_type::full_object;
}

std::string lower_name(std::optional<checksum_algorithm> algorithm) {
    return algorithm ? ascii::lower(name_of(*algorithm)) : "null";
}

void check_kind(const upload& u, const std::optional<checksum>& sent) {
    const auto actual = sent ? std::optional(sent->algorithm) : std::nullopt;
    const bool as_default = !u.algorithm && actual == checksum_algorithm::crc64nvme;
    if (actual == u.algorithm || as_default) return;
    throw invalid_request(
        "Checksum Type mismatch occurred, expected checksum Type: " + lower_name(u.algorithm) +
        ", actual checksum Type: " + lower_name(actual));
}

void write_sum(const std::optional<checksum>& sum, reply& to) {
    if (sum) to.headers.set(header_of(sum->algorithm), sum->value);
}

}  // namespace

upload& find_upload(call& c) {
    auto& uploads = c.in().uploads;
    const auto id = c.asked.parameter("uploadId").value_or("");
    const auto found = std::find_if(uploads.begin(), uploads.end(), [&](const upload& u) {
        return u.id == id && u.key == c.asked.key;
    });
    if (found != uploads.end()) return *found;
    throw refusal(404, "NoSuchUpload",
                  "The specified multipart upload does not exist. The upload ID may be invalid, or "
                  "the upload may have been aborted or completed.")
        .with("UploadId", id);
}

const part& add_part(call& c, bytes data, const std::optional<checksum>& sent) {
    auto& u = find_upload(c);
    part made{std::make_shared<const bytes>(std::move(data))};
    made.etag = etag_of(*made.data);
    made.modified = c.now;
    made.sum = u.algorithm ? std::optional(full_checksum(*u.algorithm, *made.data)) : sent;
    return u.parts.insert_or_assign(part_number(c.asked), std::move(made)).first->second;
}

reply create_multipart_upload(call& c) {
    constexpr std::size_t id_size = 64;
    auto& in = c.in();
    upload made;
    made.about = read_properties(c.asked);
    if (const auto algorithm = c.asked.head.headers.find("x-amz-checksum-algorithm"))
        made.algorithm = algorithm_named(*algorithm);
    made.type = wanted_type(c.asked, made.algorithm);
    made.id = c.all.new_id(id_size);
    made.key = c.asked.key;
    made.initiated = c.now;
    const auto& stored = in.uploads.emplace_back(std::move(made));

    document_writer xml("InitiateMultipartUploadResult");
    xml.text("Bucket", in.name);
    xml.text("Key", stored.key);
    xml.text("UploadId", stored.id);
    auto r = std::move(xml).as_reply();
    r.headers.set("x-amz-server-side-encryption", "AES256");
    if (!stored.algorithm) return r;
    r.headers.set("x-amz-checksum-algorithm", name_of(*stored.algorithm));
    r.headers.set("x-amz-checksum-type", name_of(stored.type));
    return r;
}

void check_upload_part(call& c) {
    part_number(c.asked);
    find_upload(c);
}

reply upload_part(call& c) {
    const auto sent = verify_checksums(c.asked);
    check_kind(find_upload(c), sent);
    const auto& stored = add_part(c, c.asked.body, sent);
    reply r;
    r.headers.set("ETag", stored.etag);
    r.headers.set("x-amz-server-side-encryption", "AES256");
    write_sum(stored.sum, r);
    return r;
}

reply abort_multipart_upload(call& c) {
    const auto id = find_upload(c).id;
    std::erase_if(c.in().uploads, [&](const upload& u) { return u.id == id; });
    return reply(204);
}

reply list_parts(call& c) {
    constexpr std::size_t most = 1000;
    const auto& u = find_upload(c);
    const auto marker = read_number(c.asked, "part-number-marker").value_or(0);
    const auto max = read_limit(c.asked, "max-parts", most);
    const auto begin = u.parts.upper_bound(static_cast<unsigned>(marker));
    const auto left = static_cast<std::size_t>(std::distance(begin, u.parts.end()));
    const auto end = std::next(begin, static_cast<std::ptrdiff_t>(std::min(left, max)));

    document_writer xml("ListPartsResult");
    xml.text("Bucket", c.in().name);
    xml.text("Key", u.key);
    xml.text("UploadId", u.id);
    xml.owner("Initiator");
    xml.owner("Owner");
    xml.text("StorageClass", u.about.storage_class);
    if (u.algorithm) {
        xml.text("ChecksumAlgorithm", name_of(*u.algorithm));
        xml.text("ChecksumType", name_of(u.type));
    }
    xml.number("PartNumberMarker", marker);
    if (begin != end) xml.number("NextPartNumberMarker", std::prev(end)->first);
    xml.number("MaxParts", max);
    xml.boolean("IsTruncated", left > max);
    for (auto at = begin; at != end; ++at) {
        xml.open("Part");
        xml.number("PartNumber", at->first);
        xml.time("LastModified", at->second.modified);
        xml.text("ETag", at->second.etag);
        xml.number("Size", at->second.data->size());
        if (at->second.sum) xml.text(element_of(at->second.sum->algorithm), at->second.sum->value);
        xml.close();
    }
    return std::move(xml).as_reply();
}

reply list_multipart_uploads(call& c) {
    constexpr std::size_t most = 1000;
    const auto& in = c.in();
    const auto prefix = c.asked.parameter("prefix").value_or("");
    const auto key_marker = c.asked.parameter("key-marker").value_or("");
    const auto id_marker = c.asked.parameter("upload-id-marker").value_or("");
    const auto max = read_limit(c.asked, "max-uploads", most, 1);
    const bool encoded = wants_url_encoding(c.asked);
    const auto shown = [&](const std::string& name) { return encoded ? url_encoded(name) : name; };

    std::vector<const upload*> found;
    for (const auto& each : in.uploads)
        if (each.key.starts_with(prefix)) found.push_back(&each);
    // Of one key the oldest first, as they are stored.
    std::sort(found.begin(), found.end(), [](const upload* a, const upload* b) {
        return a->key != b->key ? a->key < b->key : a < b;
    });
    // Behind the key's last upload, or behind the one that is named.
    const auto named = std::find_if(found.begin(), found.end(), [&](const upload* u) {
        return u->key == key_marker && u->id == id_marker;
    });
    const auto begin = named != found.end()
                           ? named + 1
                           : std::find_if(found.begin(), found.end(), [&](const upload* u) {
                                 return key_marker.empty() || u->key > key_marker;
                             });
    const auto left = static_cast<std::size_t>(std::distance(begin, found.end()));
    const auto end = std::next(begin, static_cast<std::ptrdiff_t>(std::min(left, max)));

    document_writer xml("ListMultipartUploadsResult");
    xml.text("Bucket", in.name);
    xml.text("KeyMarker", shown(key_marker));
    xml.text("UploadIdMarker", id_marker);
    if (left > max) {
        xml.text("NextKeyMarker", shown((*std::prev(end))->key));
        xml.text("NextUploadIdMarker", (*std::prev(end))->id);
    }
    if (encoded) xml.text("EncodingType", "url");
    xml.text("Prefix", shown(prefix));
    xml.number("MaxUploads", max);
    xml.boolean("IsTruncated", left > max);
    for (auto at = begin; at != end; ++at) {
        xml.open("Upload");
        xml.text("Key", shown((*at)->key));
        xml.text("UploadId", (*at)->id);
        xml.owner("Initiator");
        xml.owner("Owner");
        xml.text("StorageClass", (*at)->about.storage_class);
        xml.time("Initiated", (*at)->initiated);
        xml.close();
    }
    return std::move(xml).as_reply();
}

}  // namespace cairn::testing::simulated
