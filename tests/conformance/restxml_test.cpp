#include "s3/decode.hpp"
#include "s3/encode.hpp"
#include "s3/rows.hpp"
#include "s3/service_error.hpp"
#include "s3/timestamp.hpp"
#include "s3_tables.hpp"
#include "support/vectors.hpp"
#include "wire/xml.hpp"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>

#include <algorithm>
#include <cmath>
#include <functional>
#include <map>
#include <set>
#include <string>
#include <vector>

// The REST-XML protocol's own cases. S3's are run on S3's operations; the general ones on tables
// made for them here, as far as S3 has the mechanism. What doesn't apply is listed by name.
namespace cairn::test {
namespace {

namespace json = boost::json;
using namespace s3;
using namespace s3::rows;

using names = std::set<std::string, std::less<>>;

struct group {
    std::string_view reason;
    names cases;
};

bool contains(const std::vector<group>& groups, std::string_view name) {
    return std::any_of(groups.begin(), groups.end(),
                       [&](const group& g) { return g.cases.contains(name); });
}

const json::object* object_in(const json::object& from, std::string_view name) {
    const auto* const found = from.if_contains(name);
    return found ? found->if_object() : nullptr;
}

std::string text_in(const json::object& from, std::string_view name) {
    const auto* const found = from.if_contains(name);
    return found && found->is_string() ? std::string(found->as_string()) : std::string();
}

std::vector<std::string> texts_in(const json::object& from, std::string_view name) {
    std::vector<std::string> all;
    if (const auto* const found = from.if_contains(name))
        for (const auto& item : found->as_array()) all.emplace_back(item.as_string());
    return all;
}

// --- Values of a case, written into and compared with members.
// ---------------------------------------

std::string text_of(const json::value& value, kind k) {
    if (value.is_string()) return std::string(value.as_string());
    if (value.is_bool()) return value.as_bool() ? "true" : "false";
    if (k != kind::time) return std::to_string(value.as_int64());
    const auto seconds =
        value.is_int64() ? static_cast<double>(value.as_int64()) : value.as_double();
    const std::chrono::milliseconds since_epoch(std::llround(seconds * 1000));
    return format_iso8601(timestamp(since_epoch));
}

void fill(std::span<const row> rows, void* object, const json::object& params);

void fill_list(const row& r, void* list, const json::array& items) {
    for (const auto& item : items) {
        void* const place = r.type->grow(list);
        if (r.nested)
            fill(r.nested->rows, place, item.as_object());
        else
            EXPECT_TRUE(
                r.type->item->from_text(place, text_of(item, r.type->item->kind), r.format));
    }
}

void fill_member(const row& r, void* member, const json::value& value) {
    if (r.type->kind == kind::list) return fill_list(r, member, value.as_array());
    if (r.type->kind == kind::structure)
        return fill(r.nested->rows, r.type->grow(member), value.as_object());
    if (r.type->kind == kind::map) {
        for (const auto& entry : value.as_object())
            static_cast<std::map<std::string, std::string>*>(member)->emplace(
                entry.key(), entry.value().as_string());
        return;
    }
    EXPECT_TRUE(r.type->from_text(member, text_of(value, r.type->kind), r.format)) << r.name;
}

void fill(std::span<const row> rows, void* object, const json::object& params) {
    for (const auto& r : rows) {
        if (r.name.empty()) {  // All parameters are members of the document.
            fill(r.nested->rows, r.type->grow(r.write(object)), params);
            continue;
        }
        const auto* const value = params.if_contains(r.name);
        if (value && !value->is_null()) fill_member(r, r.write(object), *value);
    }
}

void expect(std::span<const row> rows, const void* object, const json::object& params);

// By way of the same text, so that both are in one form.
void expect_scalar(const value_type& type, const void* actual, const json::value& value) {
    EXPECT_EQ(type.to_text(actual, time_format::iso8601), text_of(value, type.kind));
}

void expect_list(const row& r, const void* list, const json::array& items) {
    ASSERT_EQ(r.type->size(list), items.size()) << r.name;
    for (std::size_t i = 0; i < items.size(); ++i) {
        const void* const item = r.type->at(list, i);
        if (r.nested)
            expect(r.nested->rows, item, items[i].as_object());
        else
            expect_scalar(*r.type->item, item, items[i]);
    }
}

void expect_member(const row& r, const void* member, const json::value& value) {
    if (r.type->kind == kind::list) return expect_list(r, member, value.as_array());
    if (r.type->kind == kind::map) {
        const auto& map = *static_cast<const std::map<std::string, std::string>*>(member);
        ASSERT_EQ(map.size(), value.as_object().size());
        for (const auto& entry : value.as_object())
            EXPECT_EQ(map.at(std::string(entry.key())), entry.value().as_string());
        return;
    }
    ASSERT_EQ(r.type->size(member), 1u) << r.name;
    if (r.type->kind == kind::structure)
        expect(r.nested->rows, r.type->at(member, 0), value.as_object());
    else
        expect_scalar(*r.type, member, value);
}

void expect(std::span<const row> rows, const void* object, const json::object& params) {
    for (const auto& r : rows) {
        SCOPED_TRACE(std::string(r.name));
        const auto* const value = params.if_contains(r.name);
        if (value) {
            expect_member(r, r.read(object), *value);
        } else if (r.type->size) {
            EXPECT_EQ(r.type->size(r.read(object)), 0u);
        }
    }
}

// --- Requests and replies of a case.
// ------------------------------------------------------------------

/// Elements and headers of members that S3 has no kind for, and that the tables below leave out.
const std::vector<group>& left_out() {
    static const std::vector<group> all{
        {"S3 has no floating-point members",
         {"floatValue", "doubleValue", "DoubleDribble", "headerFloat", "headerDouble", "X-Float",
          "X-Double"}},
        {"S3 has no lists of flags", {"booleanList", "headerBooleanList", "X-BooleanList"}},
        {"S3 has no lists of lists", {"nestedStringList"}},
        {"S3 has no maps in documents", {"fooEnumMap", "intEnumMap"}},
        {"it has nothing but an attribute, as cairn's operations have not", {"Nested"}},
        {"S3 has no epoch timestamps",
         {"memberEpochSeconds", "targetEpochSeconds", "X-memberEpochSeconds",
          "X-targetEpochSeconds"}},
    };
    return all;
}

void expect_same(const wire::xml::element& actual, const wire::xml::element& expected) {
    ASSERT_EQ(actual.name(), expected.name());
    std::vector<wire::xml::element> wanted;
    for (const auto& child : expected)
        if (!contains(left_out(), child.name())) wanted.push_back(child);
    const std::vector<wire::xml::element> given(actual.begin(), actual.end());
    ASSERT_EQ(given.size(), wanted.size()) << "in " << expected.name();
    for (std::size_t i = 0; i < given.size(); ++i) expect_same(given[i], wanted[i]);
    if (given.empty()) {
        EXPECT_EQ(actual.text(), expected.text());
    }
}

void expect_document(const std::string& actual, const std::string& expected) {
    if (expected.empty()) {
        EXPECT_EQ(actual, "");
        return;
    }
    const auto a = wire::xml::document::parse(actual);
    const auto b = wire::xml::document::parse(expected);
    ASSERT_TRUE(a) << a.error();
    ASSERT_TRUE(b) << b.error();
    expect_same(a->root(), b->root());
}

std::vector<std::string> parameters(const std::string& target) {
    std::vector<std::string> all;
    const auto question = target.find('?');
    auto rest = question == std::string::npos ? std::string_view()
                                              : std::string_view(target).substr(question + 1);
    while (!rest.empty()) {
        const auto end = std::min(rest.find('&'), rest.size());
        all.emplace_back(rest.substr(0, end));
        rest.remove_prefix(std::min(end + 1, rest.size()));
    }
    return all;
}

void expect_query(const std::string& target, const json::object& c) {
    auto expected = texts_in(c, "queryParams");
    auto actual = parameters(target);
    std::sort(expected.begin(), expected.end());
    std::sort(actual.begin(), actual.end());
    EXPECT_EQ(actual, expected);
}

void expect_headers(const wire::fields& actual, const json::object& c) {
    if (const auto* const headers = object_in(c, "headers"))
        for (const auto& h : *headers) {
            if (contains(left_out(), h.key())) continue;
            ASSERT_TRUE(actual.contains(h.key())) << h.key();
            EXPECT_EQ(actual[h.key()], h.value().as_string()) << h.key();
        }
    for (const auto& name : texts_in(c, "forbidHeaders"))
        EXPECT_FALSE(actual.contains(name)) << name;
}

bool has_row(std::span<const row> rows, std::string_view name) {
    return std::any_of(rows.begin(), rows.end(), [&](const row& r) {
        return r.name == name || (r.name.empty() && has_row(r.nested->rows, name));
    });
}

void expect_known(std::span<const row> rows, const json::object& params) {
    for (const auto& p : params)
        EXPECT_TRUE(has_row(rows, p.key()) || contains(left_out(), p.key()))
            << p.key() << " is not tested";
}

json::object params_of(const json::object& c) {
    const auto* const params = object_in(c, "params");
    return params ? *params : json::object();
}

site site_at(client_config config) {
    auto made = site::create(config);
    if (!made) throw error_exception(made.error());
    return std::move(*made);
}

wire::response_head head_of(const json::object& c) {
    wire::response_head head;
    head.status = static_cast<unsigned>(c.at("code").as_int64());
    if (const auto* const headers = object_in(c, "headers"))
        for (const auto& h : *headers) head.headers.add(h.key(), h.value().as_string());
    return head;
}

/// Calls `check` on every case of a file, of requests or of replies; the others must be in
/// `not_run`.
using checks = std::map<std::string, std::function<void(const json::object&)>, std::less<>>;

void run_cases(const std::filesystem::path& file, std::string_view kind_of_case, const checks& run,
               const std::vector<group>& not_run) {
    std::size_t found = 0;
    const auto entries = read_json(file).as_array();
    for (const auto& entry : entries) {
        if (entry.at("kind").as_string() != kind_of_case) continue;
        for (const auto& value : entry.at("tests").as_array()) {
            const auto& c = value.as_object();
            const auto id = text_in(c, "id");
            SCOPED_TRACE(id);
            const auto check = run.find(id);
            EXPECT_NE(check == run.end(), !contains(not_run, id))
                << "must be run, or listed as not run";
            ++found;
            if (check != run.end()) check->second(c);
        }
    }
    std::size_t listed = run.size();
    for (const auto& g : not_run) listed += g.cases.size();
    EXPECT_EQ(found, listed) << "a case is listed that isn't there";
}

// --- S3's own cases.
// ----------------------------------------------------------------------------------

client_config config_of(const json::object& c) {
    client_config config;
    const auto& scope = c.at("vendorParams").at("scopedConfig").at("client").as_object();
    config.region = text_in(scope, "region");
    if (const auto* const s3_settings = object_in(scope, "s3")) {
        const auto style = text_in(*s3_settings, "addressing_style");
        if (style == "path") config.addressing = addressing::path;
        if (style == "virtual") config.addressing = addressing::virtual_host;
    }
    return config;
}

void check_s3_request(const operation_table& table, const void* input, const json::object& c) {
    const auto request = encode(table, input, site_at(config_of(c)));
    ASSERT_TRUE(request) << request.error();
    const auto& target = request->head.target;
    EXPECT_EQ(request->head.method, text_in(c, "method"));
    EXPECT_EQ(target.substr(0, target.find('?')), text_in(c, "uri"));
    EXPECT_EQ(request->host, text_in(c, "resolvedHost"));
    EXPECT_EQ(request->head.headers["Host"], text_in(c, "resolvedHost"));
    EXPECT_EQ(request->document, text_in(c, "body"));
    for (const auto& wanted : texts_in(c, "queryParams")) {
        const auto all = parameters(target);
        EXPECT_NE(std::find(all.begin(), all.end(), wanted), all.end()) << wanted;
    }
}

void check_listing(const json::object& c) {
    const list_objects_v2 input(text_in(params_of(c), "Bucket"));
    check_s3_request(table_of<list_objects_v2>(), &input, c);
}

void check_get(const json::object& c) {
    const auto params = params_of(c);
    const get_object input(text_in(params, "Bucket"), text_in(params, "Key"));
    check_s3_request(table_of<get_object>(), &input, c);
}

// An operation that cairn doesn't have yet, with the members of one that it has.
void check_delete_tagging(const json::object& c) {
    auto table = table_of<delete_object>();
    table.path = "/{Bucket}/{Key+}?tagging";
    const auto params = params_of(c);
    const delete_object input(text_in(params, "Bucket"), text_in(params, "Key"));
    check_s3_request(table, &input, c);
}

void check_location(const json::object& c) {
    get_bucket_location_output output;
    const auto done =
        decode(table_of<get_bucket_location>(), head_of(c), text_in(c, "body"), &output);
    ASSERT_TRUE(done) << done.error();
    EXPECT_EQ(output.location_constraint, text_in(params_of(c), "LocationConstraint"));
}

void check_no_such_bucket(const json::object& c) {
    const auto e = service_error(table_of<get_object>(), head_of(c), text_in(c, "body"));
    EXPECT_EQ(e.code(), errc::not_found);
    EXPECT_EQ(e.s3_code(), "NoSuchBucket");
}

TEST(RestXml, RequestsOfS3) {
    CAIRN_REQUIRE_VECTORS(file, "restxml/s3.tests.json");
    const checks run{
        {"S3DefaultAddressing", check_listing},
        {"S3VirtualHostAddressing", check_listing},
        {"S3PathAddressing", check_listing},
        {"S3EscapeObjectKeyInUriLabel", check_delete_tagging},
        {"S3EscapePathObjectKeyInUriLabel", check_delete_tagging},
        {"S3PreservesLeadingDotSegmentInUriLabel", check_get},
        {"S3PreservesEmbeddedDotSegmentInUriLabel", check_get},
    };
    const std::vector<group> not_run{
        {"cairn has no dual-stack endpoints yet",
         {"S3VirtualHostDualstackAddressing", "S3VirtualHostDualstackAccelerateAddressing"}},
        {"cairn has no accelerated endpoints yet", {"S3VirtualHostAccelerateAddressing"}},
        {"addressing is a client's, not an operation's", {"S3OperationAddressingPreferred"}},
    };
    run_cases(file, "httpRequestTests", run, not_run);
}

TEST(RestXml, RepliesOfS3) {
    CAIRN_REQUIRE_VECTORS(file, "restxml/s3.tests.json");
    const checks run{
        {"GetBucketLocationUnwrappedOutput", check_location},
        {"S3OperationNoErrorWrappingResponse", check_no_such_bucket},
    };
    run_cases(file, "httpResponseTests", run, {});
}

// --- The general cases, on tables of their own.
// -------------------------------------------------------

struct inner {
    inner() = default;
    std::optional<std::string> a, b;
    std::vector<std::string> list;
};

/// One type for the members of all tables.
struct bag {
    bag() = default;
    std::optional<std::string> text1, text2, text3, text4;
    std::optional<bool> flag1, flag2;
    std::optional<std::int64_t> number1, number2, number3, number4;
    std::optional<timestamp> time1, time2, time3, time4, time5;
    std::vector<std::string> texts1, texts2, texts3, texts4, texts5, texts6, texts7;
    std::vector<std::int64_t> numbers1, numbers2;
    std::vector<timestamp> times;
    std::vector<inner> structures1, structures2;
    std::map<std::string, std::string> map;
    std::optional<inner> nested;
};

/// A request whose members are in a document, but for one.
struct document_request {
    document_request() = default;
    bag document;
    std::optional<std::string> foo;
};

constexpr row named(row r, std::string_view wire) {
    r.wire = wire;
    return r;
}

constexpr std::array scalar_rows{
    element<&bag::text1>("stringValue"),       element<&bag::flag1>("trueBooleanValue"),
    element<&bag::flag2>("falseBooleanValue"), element<&bag::number1>("byteValue"),
    element<&bag::number2>("shortValue"),      element<&bag::number3>("integerValue"),
    element<&bag::number4>("longValue"),
};

constexpr std::array pair_rows{
    element<&inner::a>("a", "value"),
    element<&inner::b>("b", "other"),
};
constexpr shape pair_shape{"pair", pair_rows};

constexpr std::array list_rows{
    element<&bag::texts1>("stringList").items("member"),
    element<&bag::texts2>("stringSet").items("member"),
    element<&bag::numbers1>("integerList").items("member"),
    element<&bag::times>("timestampList").items("member"),
    element<&bag::texts3>("enumList").items("member"),
    element<&bag::numbers2>("intEnumList").items("member"),
    element<&bag::texts4>("renamedListMembers", "renamed").items("item"),
    element<&bag::texts5>("flattenedList").flatten(),
    element<&bag::texts6>("flattenedList2", "customName").flatten(),
    element<&bag::structures1>("structureList", "myStructureList").items("item").of(pair_shape),
    element<&bag::structures2>("flattenedStructureList").flatten().of(pair_shape),
};

// Only in replies.
constexpr std::array namespaced_list_rows{
    element<&bag::texts1>("flattenedListWithMemberNamespace").flatten(),
    element<&bag::texts2>("flattenedListWithNamespace").flatten(),
};

constexpr std::array time_rows{
    element<&bag::time1>("normal"),
    element<&bag::time2>("dateTime"),
    element<&bag::time3>("dateTimeOnTarget"),
    element<&bag::time4>("httpDate").as(time_format::http_date),
    element<&bag::time5>("httpDateOnTarget").as(time_format::http_date),
};

constexpr std::array enum_rows{
    element<&bag::text1>("fooEnum1"),
    element<&bag::text2>("fooEnum2"),
    element<&bag::text3>("fooEnum3"),
    element<&bag::texts1>("fooEnumList").items("member"),
    element<&bag::texts2>("fooEnumSet").items("member"),
};

constexpr std::array int_enum_rows{
    element<&bag::number1>("intEnum1"),
    element<&bag::number2>("intEnum2"),
    element<&bag::number3>("intEnum3"),
    element<&bag::numbers1>("intEnumList").items("member"),
    element<&bag::numbers2>("intEnumSet").items("member"),
};

constexpr std::array empty_string_rows{element<&bag::text1>("emptyString")};
constexpr std::array datetime_rows{element<&bag::time1>("datetime")};
constexpr std::array baz_rows{element<&bag::text1>("baz")};

constexpr std::array namespace_inner_rows{
    element<&inner::a>("foo"),
    element<&inner::list>("values").items("member"),
};
constexpr shape namespace_inner_shape{"nested", namespace_inner_rows};
constexpr std::array namespace_rows{element<&bag::nested>("nested").of(namespace_inner_shape)};

constexpr std::array name_rows{
    element<&inner::a>("greeting"),
    element<&inner::b>("name"),
};
constexpr shape name_shape{"name", name_rows};
constexpr std::array nested_name_rows{element<&bag::nested>("nested").of(name_shape)};

constexpr std::array header_rows{
    header<&bag::text1>("headerString", "X-String"),
    header<&bag::number1>("headerByte", "X-Byte"),
    header<&bag::number2>("headerShort", "X-Short"),
    header<&bag::number3>("headerInteger", "X-Integer"),
    header<&bag::number4>("headerLong", "X-Long"),
    header<&bag::flag1>("headerTrueBool", "X-Boolean1"),
    header<&bag::flag2>("headerFalseBool", "X-Boolean2"),
    header<&bag::text2>("headerEnum", "X-Enum"),
};
constexpr std::array header_list_rows{
    header<&bag::texts1>("headerStringList", "X-StringList"),
    header<&bag::texts2>("headerStringSet", "X-StringSet"),
    header<&bag::numbers1>("headerIntegerList", "X-IntegerList"),
    header<&bag::times>("headerTimestampList", "X-TimestampList"),
    header<&bag::texts3>("headerEnumList", "X-EnumList"),
};

constexpr std::array time_header_rows{
    header<&bag::time1>("memberHttpDate", "X-memberHttpDate").as(time_format::http_date),
    header<&bag::time2>("memberDateTime", "X-memberDateTime").as(time_format::iso8601),
    header<&bag::time3>("defaultFormat", "X-defaultFormat"),
    header<&bag::time4>("targetHttpDate", "X-targetHttpDate").as(time_format::http_date),
    header<&bag::time5>("targetDateTime", "X-targetDateTime").as(time_format::iso8601),
};

constexpr std::array prefix_rows{
    header<&bag::text1>("foo", "x-foo"),
    prefix_headers<&bag::map>("fooMap", "x-foo-"),
};

constexpr std::array query_rows{
    query<&bag::text1>("queryString", "String"),   query<&bag::number1>("queryInteger", "Integer"),
    query<&bag::flag1>("queryBoolean", "Boolean"), query<&bag::text2>("baz", "baz"),
    query<&bag::text3>("maybeSet", "maybeSet"),    query<&bag::text4>("emptyString", "Empty"),
};
constexpr std::array optional_query_rows{
    query<&bag::text1>("nullValue", "Null"),
    query<&bag::text2>("emptyString", "Empty"),
    query<&bag::text3>("token", "token"),
};

constexpr std::array greeting_rows{header<&bag::text1>("greeting", "X-Greeting")};

template <std::size_t... N>
constexpr auto joined(const std::array<row, N>&... parts) {
    std::vector<row> all;
    (all.insert(all.end(), parts.begin(), parts.end()), ...);
    return all;
}

/// The members of `rows` in a document, and the header X-Foo.
std::function<void(const json::object&)> document_case(std::string_view root,
                                                       std::vector<row> rows) {
    return [root, rows = std::move(rows)](const json::object& c) {
        const shape members{"members", rows};
        const std::array input{named(payload<&document_request::document>("").of(members), root),
                               header<&document_request::foo>("foo", "X-Foo")};
        const operation_table table{.name = "Case", .method = "PUT", .path = "/", .input = input};
        const auto params = params_of(c);
        expect_known(input, params);
        document_request request;
        fill(input, &request, params);
        const auto sent = encode(table, &request, site_at(client_config()));
        ASSERT_TRUE(sent) << sent.error();
        expect_document(sent->document, text_in(c, "body"));
        expect_headers(sent->head.headers, c);
    };
}

/// Members that have their places outside of a document, or are it.
std::function<void(const json::object&)> request_case(std::vector<row> rows,
                                                      std::string_view path = "/") {
    return [path, rows = std::move(rows)](const json::object& c) {
        const operation_table table{.name = "Case", .method = "PUT", .path = path, .input = rows};
        const auto params = params_of(c);
        expect_known(rows, params);
        bag request;
        fill(rows, &request, params);
        const auto sent = encode(table, &request, site_at(client_config()));
        ASSERT_TRUE(sent) << sent.error();
        expect_document(sent->document, text_in(c, "body"));
        expect_headers(sent->head.headers, c);
        expect_query(sent->head.target, c);
    };
}

std::function<void(const json::object&)> reply_case(std::string_view root, std::vector<row> rows) {
    return [root, rows = std::move(rows)](const json::object& c) {
        const operation_table table{
            .name = "Case", .method = "GET", .output = rows, .reply_root = root};
        bag output;
        const auto done = decode(table, head_of(c), text_in(c, "body"), &output);
        ASSERT_TRUE(done) << done.error();
        const auto params = params_of(c);
        expect_known(rows, params);
        expect(rows, &output, params);
    };
}

std::function<void(const json::object&)> error_case(std::string_view code,
                                                    std::string_view message) {
    return [code, message](const json::object& c) {
        const auto e =
            service_error(operation_table{.name = "Case"}, head_of(c), text_in(c, "body"));
        EXPECT_EQ(e.s3_code(), code);
        EXPECT_EQ(e.s3_message(), message);
        EXPECT_EQ(e.request_id(), "foo-id");
    };
}

row payload_named(std::string_view root) {
    return named(payload<&bag::nested>("nested").of(name_shape), root);
}

const group floats{
    "S3 has no floating-point members",
    {"RestXmlSupportsNaNFloatInputs", "RestXmlSupportsInfinityFloatInputs",
     "RestXmlSupportsNegativeInfinityFloatInputs", "RestXmlSupportsNaNFloatHeaderInputs",
     "RestXmlSupportsInfinityFloatHeaderInputs", "RestXmlSupportsNegativeInfinityFloatHeaderInputs",
     "RestXmlSupportsNaNFloatLabels", "RestXmlSupportsInfinityFloatLabels",
     "RestXmlSupportsNegativeInfinityFloatLabels", "RestXmlSupportsNaNFloatQueryValues",
     "RestXmlSupportsInfinityFloatQueryValues", "RestXmlSupportsNegativeInfinityFloatQueryValues"}};

TEST(RestXml, GeneralRequests) {
    CAIRN_REQUIRE_VECTORS(file, "restxml/restXml.tests.json");
    const auto scalars = document_case("SimpleScalarPropertiesRequest", joined(scalar_rows));
    const auto times = document_case("XmlTimestampsRequest", joined(time_rows));
    const auto headers = request_case(joined(header_rows, header_list_rows));
    const auto prefixed = request_case(joined(prefix_rows));
    const auto parameters_case = request_case(joined(query_rows));
    const auto constant = request_case(joined(query_rows), "/?foo=bar");
    const auto optional_parameters = request_case(joined(optional_query_rows));
    const checks run{
        {"SimpleScalarProperties", scalars},
        {"SimpleScalarPropertiesWithEscapedCharacter", scalars},
        {"SimpleScalarPropertiesWithWhiteSpace", scalars},
        {"SimpleScalarPropertiesPureWhiteSpace", scalars},
        {"XmlNamespaceSimpleScalarProperties", scalars},
        {"XmlLists", document_case("XmlListsRequest", joined(list_rows))},
        {"XmlEmptyStrings", document_case("XmlEmptyStringsRequest", joined(empty_string_rows))},
        {"XmlTimestamps", times},
        {"XmlTimestampsWithDateTimeFormat", times},
        {"XmlTimestampsWithDateTimeOnTargetFormat", times},
        {"XmlTimestampsWithHttpDateFormat", times},
        {"XmlTimestampsWithHttpDateOnTargetFormat", times},
        {"XmlEnums", document_case("XmlEnumsRequest", joined(enum_rows))},
        {"XmlIntEnums", document_case("XmlIntEnumsRequest", joined(int_enum_rows))},
        {"XmlNamespaces", document_case("XmlNamespacesRequest", joined(namespace_rows))},
        {"BodyWithXmlName", document_case("Ahoy", joined(nested_name_rows))},
        {"HttpPayloadWithStructure", request_case({payload_named("NestedPayload")})},
        {"HttpPayloadWithXmlName", request_case({payload_named("Hello")})},
        {"HttpPayloadWithMemberXmlName", request_case({payload_named("Hola")})},
        {"HttpPayloadWithXmlNamespace", request_case({payload_named("PayloadWithXmlNamespace")})},
        {"HttpPayloadWithXmlNamespaceAndPrefix",
         request_case({payload_named("PayloadWithXmlNamespaceAndPrefix")})},
        {"InputAndOutputWithStringHeaders", headers},
        {"InputAndOutputWithNumericHeaders", headers},
        {"InputAndOutputWithBooleanHeaders", headers},
        {"InputAndOutputWithTimestampHeaders", headers},
        {"InputAndOutputWithEnumHeaders", headers},
        {"TimestampFormatHeaders", request_case(joined(time_header_rows))},
        {"HttpPrefixHeadersArePresent", prefixed},
        {"HttpPrefixHeadersAreNotPresent", prefixed},
        {"HttpPrefixEmptyHeaders", prefixed},
        {"RestXmlQueryStringEscaping", parameters_case},
        {"RestXmlZeroAndFalseQueryValues", parameters_case},
        {"ConstantAndVariableQueryStringMissingOneValue", constant},
        {"ConstantAndVariableQueryStringAllValues", constant},
        {"RestXmlOmitsNullQuery", optional_parameters},
        {"RestXmlSerializesEmptyString", optional_parameters},
        {"QueryIdempotencyTokenAutoFillIsSet", optional_parameters},
    };
    const std::vector<group> not_run{
        floats,
        {"S3's members that are lists or maps are absent when they are empty",
         {"XmlEmptyLists", "XmlEmptyMaps", "NullAndEmptyHeaders"}},
        {"S3 has no maps in documents",
         {"XmlMaps", "XmlMapsXmlName", "FlattenedXmlMap", "FlattenedXmlMapWithXmlName",
          "NestedXmlMapRequest", "FlatNestedXmlMapRequest", "NestedXmlMapWithXmlNameSerializes",
          "RestXmlXmlMapWithXmlNamespace"}},
        {"S3 has no epoch timestamps",
         {"XmlTimestampsWithEpochSecondsFormat", "XmlTimestampsWithEpochSecondsOnTargetFormat"}},
        {"cairn's operations have no blobs in documents", {"XmlBlobs"}},
        {"cairn's operations have no recursive structures", {"RecursiveShapes"}},
        {"cairn's operations have no unions",
         {"XmlUnionsWithStructMember", "XmlUnionsWithStringMember", "XmlUnionsWithBooleanMember",
          "XmlUnionsWithUnionMember", "RestXmlHttpPayloadWithUnion",
          "RestXmlHttpPayloadWithUnsetUnion"}},
        {"cairn's operations have no attributes",
         {"XmlAttributes", "XmlAttributesWithEscaping", "XmlAttributesOnPayload",
          "XmlAttributesInMiddle"}},
        {"it tests a request line alone, which an operation of S3 has in a test of its own",
         {"NoInputAndNoOutput", "NoInputAndOutput", "EmptyInputAndEmptyOutput"}},
        {"S3 has no labels but Bucket and Key, and s3.tests.json has cases for these",
         {"InputWithHeadersAndAllParams", "HttpRequestLabelEscaping",
          "HttpRequestWithLabelsAndTimestampFormat", "HttpRequestWithGreedyLabelInPath",
          "ConstantQueryString"}},
        {"S3 has no host prefixes in its model",
         {"RestXmlEndpointTrait", "RestXmlEndpointTraitWithHostLabel",
          "RestXmlEndpointTraitWithHostLabelAndHttpBinding"}},
        {"streamed bodies are not encoded, but handed on: see the tests of the client",
         {"HttpPayloadTraitsWithBlob", "HttpPayloadTraitsWithNoBlobBody",
          "HttpPayloadTraitsWithMediaTypeWithBlob"}},
        {"S3 has no text payloads", {"RestXmlEnumPayloadRequest", "RestXmlStringPayloadRequest"}},
        {"S3 has no header maps without a prefix",
         {"HttpEmptyPrefixHeadersRequestClient", "HttpEmptyPrefixHeadersRequestServer"}},
        {"S3 has no lists or maps in queries",
         {"AllQueryStringTypes", "RestXmlQueryStringMap", "RestXmlQueryPrecedence",
          "RestXmlServersPutAllQueryParamsInMap", "RestXmlQueryParamsStringListMap",
          "RestXmlServersQueryParamsStringListMap"}},
        {"S3 has no idempotency tokens to fill in", {"QueryIdempotencyTokenAutoFill"}},
        {"S3 compresses no requests",
         {"SDKAppliedContentEncoding_restXml", "SDKAppendedGzipAfterProvidedEncoding_restXml"}},
        {"it is about servers", {"RestXmlMustSupportParametersInContentType"}},
    };
    run_cases(file, "httpRequestTests", run, not_run);
}

TEST(RestXml, GeneralReplies) {
    CAIRN_REQUIRE_VECTORS(file, "restxml/restXml.tests.json");
    constexpr std::array foo_rows{header<&bag::text4>("foo", "X-Foo")};
    const auto scalars =
        reply_case("SimpleScalarPropertiesResponse", joined(foo_rows, scalar_rows));
    const auto strings = reply_case("XmlEmptyStringsResponse", joined(empty_string_rows));
    const auto times = reply_case("XmlTimestampsResponse", joined(time_rows));
    const auto headers = reply_case("", joined(header_rows));
    const auto prefixed = reply_case("", joined(prefix_rows));
    const auto offsets = reply_case("DatetimeOffsetsOutput", joined(datetime_rows));
    const auto lists = reply_case("XmlListsResponse", joined(list_rows));
    const auto namespaced = reply_case("XmlListsResponse", joined(namespaced_list_rows));
    const auto all_lists = [&](const json::object& c) {
        auto plain = c;
        for (const auto& r : namespaced_list_rows) plain.at("params").as_object().erase(r.name);
        lists(plain);
        auto with_namespaces = c;
        for (const auto& r : list_rows) with_namespaces.at("params").as_object().erase(r.name);
        namespaced(with_namespaces);
    };
    const checks run{
        {"RestXmlDateTimeWithNegativeOffset", offsets},
        {"RestXmlDateTimeWithPositiveOffset", offsets},
        {"RestXmlDateTimeWithFractionalSeconds",
         reply_case("FractionalSecondsOutput", joined(datetime_rows))},
        {"XmlLists", all_lists},
        {"XmlEmptyLists", reply_case("XmlEmptyListsResponse", joined(list_rows))},
        {"SimpleScalarProperties", scalars},
        {"SimpleScalarPropertiesComplexEscapes", scalars},
        {"SimpleScalarPropertiesWithEscapedCharacter", scalars},
        {"SimpleScalarPropertiesWithXMLPreamble", scalars},
        {"SimpleScalarPropertiesWithWhiteSpace", scalars},
        {"SimpleScalarPropertiesPureWhiteSpace", scalars},
        {"XmlNamespaceSimpleScalarProperties", scalars},
        {"XmlEmptyStrings", strings},
        {"XmlEmptySelfClosedStrings", strings},
        {"XmlTimestamps", times},
        {"XmlTimestampsWithDateTimeFormat", times},
        {"XmlTimestampsWithDateTimeOnTargetFormat", times},
        {"XmlTimestampsWithHttpDateFormat", times},
        {"XmlTimestampsWithHttpDateOnTargetFormat", times},
        {"XmlEnums", reply_case("XmlEnumsResponse", joined(enum_rows))},
        {"XmlIntEnums", reply_case("XmlIntEnumsResponse", joined(int_enum_rows))},
        {"XmlNamespaces", reply_case("XmlNamespacesResponse", joined(namespace_rows))},
        {"BodyWithXmlName", reply_case("Ahoy", joined(nested_name_rows))},
        {"HttpPayloadWithStructure", reply_case("NestedPayload", {payload_named("NestedPayload")})},
        {"HttpPayloadWithXmlName", reply_case("Hello", {payload_named("Hello")})},
        {"HttpPayloadWithMemberXmlName", reply_case("Hola", {payload_named("Hola")})},
        {"HttpPayloadWithXmlNamespace",
         reply_case("PayloadWithXmlNamespace", {payload_named("PayloadWithXmlNamespace")})},
        {"HttpPayloadWithXmlNamespaceAndPrefix",
         reply_case("PayloadWithXmlNamespaceAndPrefix",
                    {payload_named("PayloadWithXmlNamespaceAndPrefix")})},
        {"IgnoreQueryParamsInResponse",
         reply_case("IgnoreQueryParamsInResponseOutput", joined(baz_rows))},
        {"NoInputAndNoOutput", reply_case("", {})},
        {"NoInputAndOutput", reply_case("", {})},
        {"EmptyInputAndEmptyOutput", reply_case("", {})},
        {"GreetingWithErrors", reply_case("", joined(greeting_rows))},
        {"InvalidGreetingError", error_case("InvalidGreeting", "Hi")},
        {"ComplexError", error_case("ComplexError", "Hi")},
        {"TimestampFormatHeaders", reply_case("", joined(time_header_rows))},
        {"HttpPrefixHeadersArePresent", prefixed},
        {"HttpPrefixHeadersAreNotPresent", prefixed},
    };
    const std::vector<group> not_run{
        {"S3 has no floating-point members",
         {"RestXmlSupportsNaNFloatOutputs", "RestXmlSupportsInfinityFloatOutputs",
          "RestXmlSupportsNegativeInfinityFloatOutputs", "RestXmlSupportsNaNFloatHeaderOutputs",
          "RestXmlSupportsInfinityFloatHeaderOutputs",
          "RestXmlSupportsNegativeInfinityFloatHeaderOutputs"}},
        {"S3's replies have no lists in headers",
         {"InputAndOutputWithStringHeaders", "InputAndOutputWithNumericHeaders",
          "InputAndOutputWithBooleanHeaders", "InputAndOutputWithTimestampHeaders",
          "InputAndOutputWithEnumHeaders"}},
        {"S3 has no maps in documents",
         {"XmlMaps", "XmlMapsXmlName", "XmlEmptyMaps", "XmlEmptySelfClosedMaps", "FlattenedXmlMap",
          "FlattenedXmlMapWithXmlName", "RestXmlFlattenedXmlMapWithXmlNamespace",
          "NestedXmlMapResponse", "FlatNestedXmlMapResponse", "NestedXmlMapWithXmlNameDeserializes",
          "RestXmlXmlMapWithXmlNamespace"}},
        {"S3 has no epoch timestamps",
         {"XmlTimestampsWithEpochSecondsFormat", "XmlTimestampsWithEpochSecondsOnTargetFormat"}},
        {"cairn's operations have no blobs in documents",
         {"XmlBlobs", "XmlEmptyBlobs", "XmlEmptySelfClosedBlobs"}},
        {"cairn's operations have no recursive structures", {"RecursiveShapes"}},
        {"cairn's operations have no unions",
         {"XmlUnionsWithStructMember", "XmlUnionsWithStringMember", "XmlUnionsWithBooleanMember",
          "XmlUnionsWithUnionMember", "RestXmlHttpPayloadWithUnion",
          "RestXmlHttpPayloadWithUnsetUnion"}},
        {"cairn's operations have no attributes",
         {"XmlAttributes", "XmlAttributesOnPayload", "XmlAttributesInMiddle"}},
        {"streamed bodies are not decoded, but handed on: see the tests of the client",
         {"HttpPayloadTraitsWithBlob", "HttpPayloadTraitsWithNoBlobBody",
          "HttpPayloadTraitsWithMediaTypeWithBlob"}},
        {"S3 has no text payloads", {"RestXmlEnumPayloadResponse", "RestXmlStringPayloadResponse"}},
        {"S3 has no header maps without a prefix",
         {"HttpEmptyPrefixHeadersResponseClient", "HttpEmptyPrefixHeadersResponseServer"}},
        {"S3 has no members for a status", {"RestXmlHttpResponseCode"}},
        {"it is about servers", {"NullAndEmptyHeaders"}},
    };
    run_cases(file, "httpResponseTests", run, not_run);
}

}  // namespace
}  // namespace cairn::test
