#include "testing/s3_conditions.hpp"
#include "testing/s3_document.hpp"
#include "testing/s3_multipart.hpp"
#include "testing/s3_operations.hpp"
#include "testing/s3_refusal.hpp"
#include "testing/s3_versions.hpp"

#include <cairn/core/ascii.hpp>

#include <algorithm>

namespace cairn::testing::simulated {
namespace {

/// A part as a CompleteMultipartUpload names it.
struct named_part {
    unsigned number = 0;
    std::string etag;
    std::optional<std::string> sum;
};

refusal invalid_part(const upload& u, const named_part& n) {
    return refusal(
               400, "InvalidPart",
               "One or more of the specified parts could not be found.  The part may not have "
               "been uploaded, or the specified entity tag may not match the part's entity tag.")
        .with("UploadId", u.id)
        .with("PartNumber", std::to_string(n.number))
        .with("ETag", n.etag);
}

named_part read_part(wire::xml::element element, const upload& u) {
    const auto number = parse_u64(required_text(element, "PartNumber"));
    constexpr std::uint64_t most = 10'000;
    if (!number || *number == 0 || *number > most) throw malformed_xml();
    named_part n{static_cast<unsigned>(*number), required_text(element, "ETag"), std::nullopt};
    const auto algorithm = u.algorithm.value_or(checksum_algorithm::crc64nvme);
    if (const auto sum = element.child(element_of(algorithm))) n.sum = sum.text();
    return n;
}

std::vector<named_part> read_parts(const request& r, const upload& u) {
    const auto document = read_document(r.body, "CompleteMultipartUpload");
    std::vector<named_part> parts;
    for (const auto each : document.root()) {
        if (each.name() != "Part") throw malformed_xml();
        parts.push_back(read_part(each, u));
    }
    if (parts.empty()) throw invalid_request("You must specify at least one part");
    const auto out_of_order = std::adjacent_find(
        parts.begin(), parts.end(),
        [](const named_part& a, const named_part& b) { return a.number >= b.number; });
    if (out_of_order != parts.end())
        throw refusal(400, "InvalidPartOrder",
                      "The list of parts was not in ascending order. Parts must be ordered by part "
                      "number.")
            .with("UploadId", u.id);
    return parts;
}

void check_sum(const upload& u, const named_part& n, const part& stored) {
    if (!n.sum && u.type == checksum_type::composite)
        throw invalid_request("The upload was created using a " +
                              ascii::lower(name_of(*u.algorithm)) +
                              " checksum. The complete request must include the checksum for each "
                              "part. It was missing for part " +
                              std::to_string(n.number) + " in the request.");
    if (n.sum && (!stored.sum || stored.sum->value != *n.sum)) throw invalid_part(u, n);
}

const part& find_part(const upload& u, const named_part& n, std::uint64_t least_part) {
    const auto found = u.parts.find(n.number);
    if (found == u.parts.end() || !matches(n.etag, found->second.etag)) throw invalid_part(u, n);
    check_sum(u, n, found->second);
    const auto size = found->second.data->size();
    if (size >= least_part) return found->second;
    throw refusal(400, "EntityTooSmall",
                  "Your proposed upload is smaller than the minimum allowed size")
        .with("ProposedSize", std::to_string(size))
        .with("MinSizeAllowed", std::to_string(least_part))
        .with("PartNumber", std::to_string(n.number))
        .with("ETag", found->second.etag);
}

std::vector<const part*> find_parts(const upload& u, const std::vector<named_part>& named,
                                    std::uint64_t least_part) {
    std::vector<const part*> parts;
    parts.reserve(named.size());
    for (const auto& each : named)
        parts.push_back(&find_part(u, each, &each == &named.back() ? 0 : least_part));
    return parts;
}

checksum sum_of(const upload& u, const std::vector<const part*>& parts, const bytes& whole) {
    const auto algorithm = u.algorithm.value_or(checksum_algorithm::crc64nvme);
    if (u.type == checksum_type::full_object) return full_checksum(algorithm, whole);
    std::vector<bytes> raw;
    raw.reserve(parts.size());
    for (const auto* each : parts) raw.push_back(raw_checksum(algorithm, *each->data));
    return composite_checksum(algorithm, raw);
}

void check_whole(const request& r, const version& made) {
    const auto size = r.head.headers.find("x-amz-mp-object-size");
    if (size && *size != std::to_string(made.data->size()))
        throw invalid_request(
            "The provided 'x-amz-mp-object-size' header value " + std::string(*size) +
            " does not match what was computed: " + std::to_string(made.data->size()));
    const auto type = r.head.headers.find("x-amz-checksum-type");
    if (type && *type != name_of(made.sum->type))
        throw invalid_request("The upload was created with another checksum type than " +
                              std::string(*type) + ".");
    const auto sent = sent_checksum(r.head.headers);
    if (!sent) return;
    if (sent->algorithm != made.sum->algorithm)
        throw invalid_request("The upload was created using another checksum than " +
                              std::string(name_of(sent->algorithm)) + ".");
    if (sent->value.substr(0, sent->value.find('-')) !=
        made.sum->value.substr(0, made.sum->value.find('-')))
        throw refusal(400, "BadDigest",
                      "The " + std::string(name_of(sent->algorithm)) +
                          " you specified did not match the calculated checksum.");
}

version assemble(const upload& u, const std::vector<const part*>& parts) {
    bytes whole;
    bytes digests;
    version made;
    for (const auto* each : parts) {
        whole += *each->data;
        digests += md5(*each->data);
        made.part_sizes.push_back(each->data->size());
    }
    made.about = u.about;
    made.etag = etag_of(digests).insert(33, "-" + std::to_string(parts.size()));
    made.sum = sum_of(u, parts, whole);
    made.data = std::make_shared<bytes>(std::move(whole));
    return made;
}

}  // namespace

reply complete_multipart_upload(call& c) {
    auto& in = c.in();
    const auto& u = find_upload(c);
    const auto parts = find_parts(u, read_parts(c.asked, u), c.all.least_part_bytes);
    check_write(c.asked, in, c.asked.key);
    auto made = assemble(u, parts);
    check_whole(c.asked, made);
    std::erase_if(in.uploads, [id = u.id](const upload& each) { return each.id == id; });
    const auto& stored = add_version(c, in, c.asked.key, std::move(made));

    document_writer xml("CompleteMultipartUploadResult");
    xml.text("Location", "http://" + std::string(c.asked.header("Host")) + "/" + in.name + "/" +
                             wire::percent_encode(c.asked.key));
    xml.text("Bucket", in.name);
    xml.text("Key", c.asked.key);
    xml.text("ETag", stored.etag);
    xml.text(element_of(stored.sum->algorithm), stored.sum->value);
    xml.text("ChecksumType", name_of(stored.sum->type));
    auto r = std::move(xml).as_reply();
    r.headers.set("x-amz-server-side-encryption", "AES256");
    write_version_id(in, stored, r);
    return r;
}

}  // namespace cairn::testing::simulated
