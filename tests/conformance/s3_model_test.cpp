#include "s3/error_codes.hpp"
#include "s3_tables.hpp"
#include "support/vectors.hpp"

#include <cairn/core/ascii.hpp>

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>

#include <algorithm>
#include <cctype>
#include <set>
#include <string>
#include <vector>

// Every table against S3's own service model: each member there, bound as the model binds it, and
// none besides.
namespace cairn::test {
namespace {

namespace json = boost::json;
using s3::kind;
using s3::operation_table;
using s3::place;
using s3::row;
using s3::time_format;

/// Members that are not what the model says, each for a reason.
struct exception {
    std::string_view member;
    std::string_view reason;
};

constexpr std::array unwrapped{
    exception{"GetBucketLocationOutput.LocationConstraint",
              "S3 sends the root element itself; the model has no word for that"},
};

constexpr std::array always_sent{
    exception{"Bucket.Name", "a bucket without a name can't be used"},
    exception{"CommonPrefix.Prefix", "it has nothing else"},
    exception{"CompletedPart.ETag", "a part is named by both"},
    exception{"CompletedPart.PartNumber", "a part is named by both"},
    exception{"CompleteMultipartUploadRequest.MultipartUpload", "an object is made of parts"},
    exception{"CreateMultipartUploadOutput.UploadId", "an upload without an id can't be used"},
    exception{"DeletedObject.Key", "the answer is about a key"},
    exception{"Error.Key", "the answer is about a key"},
    exception{"MultipartUpload.Key", "an upload is named by both"},
    exception{"MultipartUpload.UploadId", "an upload is named by both"},
    exception{"Object.Key", "an object without a key can't be used"},
    exception{"Part.PartNumber", "a part without a number can't be used"},
};

constexpr std::array not_secret{
    exception{"SSEKMSKeyId", "the name of a key, which users log and compare"},
    exception{"SSEKMSEncryptionContext", "AWS writes it to its audit logs in the clear"},
};

template <std::size_t N>
bool is_listed(const std::array<exception, N>& list, std::string_view member) {
    return std::any_of(list.begin(), list.end(),
                       [&](const exception& e) { return e.member == member; });
}

std::string text(const json::object& from, std::string_view name, std::string_view otherwise = {}) {
    const auto* const found = from.if_contains(name);
    return std::string(found ? std::string_view(found->as_string()) : otherwise);
}

bool flag(const json::object& from, std::string_view name) {
    const auto* const found = from.if_contains(name);
    return found && found->as_bool();
}

std::vector<std::string> texts(const json::object& from, std::string_view name) {
    std::vector<std::string> all;
    if (const auto* const found = from.if_contains(name))
        for (const auto& item : found->as_array()) all.emplace_back(item.as_string());
    return all;
}

std::vector<std::string> strings(std::span<const std::string_view> from) {
    return {from.begin(), from.end()};
}

constexpr std::array acronyms{"CRC64NVME", "XXHASH128", "XXHASH64", "XXHASH3", "SHA256", "SHA512",
                              "CRC32C",    "CRC32",     "SHA1",     "MD5",     "SSE",    "KMS",
                              "ACP",       "ACL",       "MFA",      "ETag",    "ID"};

/// How many characters the first word of `name` has.
std::size_t word_size(std::string_view name) {
    for (const std::string_view a : acronyms)
        if (name.starts_with(a) && (a.size() == name.size() || !std::islower(name[a.size()])))
            return a.size();
    const auto* const end = std::find_if(name.begin() + 1, name.end(), [](char c) {
        return std::isupper(static_cast<unsigned char>(c));
    });
    return static_cast<std::size_t>(end - name.begin());
}

/// S3's name of a member as C++ has it: ETag is etag, SSEKMSKeyId is sse_kms_key_id.
std::string snake_case(std::string_view name) {
    std::string out;
    while (!name.empty()) {
        if (!out.empty()) out += '_';
        const auto size = word_size(name);
        out += ascii::lower(name.substr(0, size));
        name.remove_prefix(size);
    }
    return out == "delete" ? "delete_" : out;
}

class model {
  public:
    explicit model(const std::filesystem::path& folder)
        : root_(read_json(folder / "service-2.json").as_object()) {}

    const json::object& operation(std::string_view name) const {
        return root_.at("operations").at(name).as_object();
    }
    const json::object& shape(std::string_view name) const {
        return root_.at("shapes").at(name).as_object();
    }

    void check(const operation_table& table) const {
        const auto& op = operation(table.name);
        check_request_line(table, op);
        check_errors(table, op);
        check_members(op, "input", table.input);
        check_members(op, "output", table.output);
    }

  private:
    static void check_request_line(const operation_table& table, const json::object& op) {
        const auto& http = op.at("http").as_object();
        EXPECT_EQ(table.method, text(http, "method"));
        EXPECT_EQ(table.path, text(http, "requestUri"));
        const auto* const status = http.if_contains("responseCode");
        EXPECT_EQ(table.status, status ? status->as_int64() : 200);
        const auto* const checksum = op.if_contains("httpChecksum");
        EXPECT_EQ(table.needs_body_digest,
                  checksum && flag(checksum->as_object(), "requestChecksumRequired"));
        const bool reads = table.method == "GET" || table.method == "HEAD";
        EXPECT_EQ(table.modifies, !reads);
    }

    void check_errors(const operation_table& table, const json::object& op) const {
        std::vector<std::string> expected;
        if (const auto* const errors = op.if_contains("errors"))
            for (const auto& e : errors->as_array())
                expected.push_back(text(e.as_object(), "shape"));
        EXPECT_EQ(strings(table.errors), expected);
        for (const auto& code : expected) EXPECT_TRUE(s3::known_meaning(code)) << code;
    }

    void check_members(const json::object& op, std::string_view side,
                       std::span<const row> rows) const {
        const auto* const reference = op.if_contains(side);
        if (!reference) {
            EXPECT_TRUE(rows.empty());
            return;
        }
        check_structure(text(reference->as_object(), "shape"), rows);
    }

    void check_structure(const std::string& name, std::span<const row> rows) const {
        SCOPED_TRACE(name);
        const auto& structure = shape(name);
        const auto& members = structure.at("members").as_object();
        std::set<std::string_view> seen;
        for (const auto& r : rows) {
            EXPECT_TRUE(seen.insert(r.name).second) << r.name << " has two rows";
            const auto* const member = members.if_contains(r.name);
            EXPECT_TRUE(member) << r.name << " is not in the model";
            if (member) check_member(name, structure, r, member->as_object());
        }
        for (const auto& member : members)
            EXPECT_TRUE(seen.contains(member.key())) << member.key() << " has no row";
    }

    void check_member(const std::string& owner, const json::object& structure, const row& r,
                      const json::object& member) const {
        SCOPED_TRACE(std::string(r.name));
        const auto type_name = text(member, "shape");
        const auto& type = shape(type_name);
        EXPECT_EQ(r.member, snake_case(r.name));
        EXPECT_EQ(r.where, place_of(owner, structure, r, member, type));
        EXPECT_EQ(r.wire, wire_name(r, member, type));
        check_required(owner, structure, r);
        check_type(r, type_name, type);
        if (text(type, "type") == "timestamp") check_format(r, member, type);
        if (text(type, "type") == "list") check_list(r, member, type);
        if (text(type, "type") == "structure") check_nested(r, type_name);
    }

    static place place_of(const std::string& owner, const json::object& structure, const row& r,
                          const json::object& member, const json::object& type) {
        if (is_listed(unwrapped, owner + "." + std::string(r.name))) return place::root_text;
        if (text(structure, "payload") == r.name)
            return text(type, "type") == "blob" ? place::stream : place::payload;
        const auto location = text(member, "location");
        if (location == "uri") return place::uri;
        if (location == "querystring") return place::query;
        if (location == "header") return place::header;
        if (location == "headers") return place::prefix_headers;
        EXPECT_EQ(location, "");
        return place::element;
    }

    static std::string wire_name(const row& r, const json::object& member,
                                 const json::object& type) {
        if (flag(type, "flattened")) {
            const auto item = text(type.at("member").as_object(), "locationName");
            if (!item.empty()) return item;
        }
        return text(member, "locationName", r.name);
    }

    static void check_required(const std::string& owner, const json::object& structure,
                               const row& r) {
        const auto required = texts(structure, "required");
        const bool wanted = std::find(required.begin(), required.end(), r.name) != required.end();
        const bool always = is_listed(always_sent, owner + "." + std::string(r.name));
        EXPECT_EQ(r.required, wanted || always);
    }

    static kind kind_of(const std::string& name, const json::object& type) {
        const auto t = text(type, "type");
        if (t == "string")
            return flag(type, "sensitive") && !is_listed(not_secret, name) ? kind::secret
                                                                           : kind::text;
        if (t == "integer" || t == "long") return kind::number;
        if (t == "boolean") return kind::flag;
        if (t == "timestamp") return kind::time;
        if (t == "list") return kind::list;
        if (t == "map") return kind::map;
        if (t == "blob") return kind::stream;
        EXPECT_EQ(t, "structure");
        return kind::structure;
    }

    void check_type(const row& r, const std::string& name, const json::object& type) const {
        EXPECT_EQ(r.type->kind, kind_of(name, type));
        if (text(type, "type") != "list") {
            EXPECT_EQ(strings(r.values), texts(type, "enum"));
        }
    }

    static void check_format(const row& r, const json::object& member, const json::object& type) {
        const auto* const by_default = r.where == place::header ? "rfc822" : "iso8601";
        const auto format =
            text(member, "timestampFormat", text(type, "timestampFormat", by_default));
        EXPECT_EQ(r.format, format == "rfc822" ? time_format::http_date : time_format::iso8601);
        EXPECT_TRUE(format == "rfc822" || format == "iso8601") << format;
    }

    void check_list(const row& r, const json::object& member, const json::object& type) const {
        const auto& item = type.at("member").as_object();
        const auto& item_type = shape(text(item, "shape"));
        const bool in_document = !member.contains("location");
        EXPECT_EQ(r.flat, in_document && flag(type, "flattened"));
        if (in_document && !r.flat) {
            EXPECT_EQ(r.item, text(item, "locationName", "member"));
        }
        EXPECT_EQ(strings(r.values), texts(item_type, "enum"));
        EXPECT_EQ(r.type->item->kind, kind_of(text(item, "shape"), item_type));
        if (text(item_type, "type") == "structure") check_nested(r, text(item, "shape"));
    }

    void check_nested(const row& r, const std::string& name) const {
        ASSERT_TRUE(r.nested);
        EXPECT_EQ(r.nested->name, name);
        check_structure(name, r.nested->rows);
    }

    json::object root_;
};

TEST(S3Model, TablesSayWhatTheModelSays) {
    CAIRN_REQUIRE_VECTORS(folder, "s3-model");
    const model s3(folder);
    for (const auto* const table : all_tables()) {
        SCOPED_TRACE(std::string(table->name));
        s3.check(*table);
    }
}

TEST(S3Model, EveryLabelOfAPathHasARow) {
    for (const auto* const table : all_tables()) {
        SCOPED_TRACE(std::string(table->name));
        for (const auto label : {"Bucket", "Key"}) {
            const bool in_path =
                table->path.find("{" + std::string(label)) != std::string_view::npos;
            const bool has_row =
                std::any_of(table->input.begin(), table->input.end(),
                            [&](const row& r) { return r.where == place::uri && r.wire == label; });
            EXPECT_EQ(in_path, has_row) << label;
        }
    }
}

// Kinds that encoding and decoding have no way for in some places.
TEST(S3Model, NoTableAsksForWhatThereIsNoCodeFor) {
    for (const auto* const table : all_tables()) {
        SCOPED_TRACE(std::string(table->name));
        for (const auto& r : table->input)
            EXPECT_TRUE(r.where != place::query || r.type->to_text) << r.name;
        for (const auto& r : table->output) {
            EXPECT_TRUE(r.where != place::header || r.type->from_text) << r.name;
            EXPECT_TRUE(r.where != place::query && r.where != place::uri) << r.name;
        }
    }
}

TEST(S3Model, ListingsArePagedByTheTokensThatThePaginatorFollows) {
    CAIRN_REQUIRE_VECTORS(folder, "s3-model");
    const auto paginators = read_json(folder / "paginators-1.json").at("pagination").as_object();
    const auto& objects = paginators.at("ListObjectsV2").as_object();
    EXPECT_EQ(text(objects, "more_results"), "IsTruncated");
    EXPECT_EQ(text(objects, "input_token"), "ContinuationToken");
    EXPECT_EQ(text(objects, "output_token"), "NextContinuationToken");
    const auto& parts = paginators.at("ListParts").as_object();
    EXPECT_EQ(text(parts, "more_results"), "IsTruncated");
    EXPECT_EQ(text(parts, "input_token"), "PartNumberMarker");
    EXPECT_EQ(text(parts, "output_token"), "NextPartNumberMarker");
    const auto& uploads = paginators.at("ListMultipartUploads").as_object();
    EXPECT_EQ(text(uploads, "more_results"), "IsTruncated");
    EXPECT_EQ(texts(uploads, "input_token"),
              (std::vector<std::string>{"KeyMarker", "UploadIdMarker"}));
    EXPECT_EQ(texts(uploads, "output_token"),
              (std::vector<std::string>{"NextKeyMarker", "NextUploadIdMarker"}));
    const auto& buckets = paginators.at("ListBuckets").as_object();
    EXPECT_FALSE(buckets.contains("more_results"));
    EXPECT_EQ(text(buckets, "input_token"), "ContinuationToken");
    EXPECT_EQ(text(buckets, "output_token"), "ContinuationToken");
}

}  // namespace
}  // namespace cairn::test
