#include <cairn/wire/http.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace cairn::wire {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;

std::vector<std::string> lines(const fields& headers) {
    std::vector<std::string> out;
    for (const auto [name, value] : headers)
        out.push_back(std::string(name) + ": " + std::string(value));
    return out;
}

TEST(fields, keep_order_spelling_and_repeats) {
    fields headers;
    headers.add("Host", "example.com");
    headers.add("X-Amz-Meta-A", "1");
    headers.add("x-amz-meta-a", "2");
    headers.add("Empty", "");
    EXPECT_THAT(lines(headers),
                ElementsAre("Host: example.com", "X-Amz-Meta-A: 1", "x-amz-meta-a: 2", "Empty: "));
    EXPECT_EQ(headers.size(), 4U);
}

TEST(fields, find_ignores_case_and_gives_the_first) {
    fields headers;
    headers.add("ETag", "\"a\"");
    headers.add("etag", "\"b\"");
    EXPECT_EQ(headers.find("ETAG"), "\"a\"");
    EXPECT_EQ(headers["eTag"], "\"a\"");
    EXPECT_TRUE(headers.contains("etag"));
}

TEST(fields, missing_field_is_nothing_or_an_empty_view) {
    fields headers;
    headers.add("Empty", "");
    EXPECT_EQ(headers.find("Empt"), std::nullopt);
    EXPECT_EQ(headers.find("Empty"), "");
    EXPECT_EQ(headers["Missing"], "");
    EXPECT_FALSE(headers.contains("Missing"));
}

TEST(fields, set_adds_what_is_missing) {
    fields headers;
    headers.set("Range", "bytes=0-9");
    EXPECT_THAT(lines(headers), ElementsAre("Range: bytes=0-9"));
}

TEST(fields, set_replaces_all_in_the_place_of_the_first) {
    fields headers;
    headers.add("A", "1");
    headers.add("Date", "old");
    headers.add("B", "2");
    headers.add("date", "older");
    headers.add("C", "3");
    headers.add("DATE", "oldest");
    headers.set("date", "a longer value than before");
    EXPECT_THAT(lines(headers),
                ElementsAre("A: 1", "Date: a longer value than before", "B: 2", "C: 3"));
    headers.set("Date", "");
    EXPECT_THAT(lines(headers), ElementsAre("A: 1", "Date: ", "B: 2", "C: 3"));
}

TEST(fields, erase_removes_every_field_of_the_name) {
    fields headers;
    headers.add("X", "1");
    headers.add("Keep", "this");
    headers.add("x", "2");
    headers.add("Also", "that");
    headers.add("X", "3");
    headers.erase("x");
    EXPECT_THAT(lines(headers), ElementsAre("Keep: this", "Also: that"));
    headers.erase("missing");
    EXPECT_EQ(headers.size(), 2U);
}

TEST(fields, clear_leaves_nothing) {
    fields headers;
    headers.add("X", "1");
    headers.clear();
    EXPECT_EQ(headers.size(), 0U);
    headers.add("Y", "2");
    EXPECT_THAT(lines(headers), ElementsAre("Y: 2"));
}

TEST(fields, take_views_of_themselves) {
    fields headers;
    headers.add("First", std::string(900, 'a'));
    headers.add("Second", "b");
    for (int i = 0; i < 4; ++i) headers.add(headers.at(0).name, headers.at(0).value);
    EXPECT_EQ(headers.at(5).value, std::string(900, 'a'));
    headers.set("Second", headers["First"]);
    EXPECT_EQ(headers["Second"], std::string(900, 'a'));
    headers.set("first", headers["Second"]);
    EXPECT_EQ(headers["First"], std::string(900, 'a'));
    EXPECT_EQ(headers.size(), 2U);
    headers.erase(headers.at(0).name);
    EXPECT_THAT(lines(headers), ElementsAre("Second: " + std::string(900, 'a')));
}

TEST(fields, copy_owns_its_text) {
    fields copy;
    {
        fields headers;
        headers.add("Name", "value");
        copy = headers;
    }
    EXPECT_EQ(copy["name"], "value");
}

TEST(percent_encode, keeps_only_unreserved_characters) {
    EXPECT_EQ(percent_encode("AZaz09-._~"), "AZaz09-._~");
    EXPECT_EQ(percent_encode("a b/c+d*e"), "a%20b%2Fc%2Bd%2Ae");
    EXPECT_EQ(percent_encode("\xc3\xbc%"), "%C3%BC%25");
    EXPECT_EQ(percent_encode(std::string_view("\0\x7f", 2)), "%00%7F");
    EXPECT_EQ(percent_encode(""), "");
}

TEST(percent_encode, keeps_slashes_when_asked) {
    EXPECT_EQ(percent_encode("/photos/2024 a/\xe2\x82\xac", true), "/photos/2024%20a/%E2%82%AC");
}

TEST(percent_encode, appends) {
    std::string out = "/bucket/";
    append_percent_encoded(out, "a b", true);
    EXPECT_EQ(out, "/bucket/a%20b");
}

TEST(percent_decode, undoes_escapes_of_either_case) {
    EXPECT_EQ(percent_decode("a%20b%2fc%2Fd"), "a b/c/d");
    EXPECT_EQ(percent_decode("%C3%bc"), "\xc3\xbc");
}

TEST(percent_decode, leaves_what_is_no_escape) {
    EXPECT_EQ(percent_decode("100%"), "100%");
    EXPECT_EQ(percent_decode("%2"), "%2");
    EXPECT_EQ(percent_decode("%zz%4g%%41"), "%zz%4g%A");
    EXPECT_EQ(percent_decode("a+b"), "a+b");
}

TEST(percent_coding, every_byte_survives) {
    std::string all;
    for (int i = 0; i < 256; ++i) all += static_cast<char>(i);
    EXPECT_EQ(percent_decode(percent_encode(all)), all);
    EXPECT_EQ(percent_decode(percent_encode(all, true)), all);
}

request_head get() {
    request_head head;
    head.method = "GET";
    head.target = "/a%20b?list-type=2";
    head.headers.add("Host", "example.com");
    return head;
}

std::string fault(const request_head& head) {
    const auto checked = validate(head);
    if (checked) return "";
    EXPECT_EQ(checked.error().code(), errc::invalid_argument);
    return checked.error().detail();
}

TEST(validate, accepts_what_http_allows) {
    auto head = get();
    head.headers.add("x-amz-meta-note", "tab\tand \xc3\xbc and \"quotes\"");
    head.headers.add("x-amz-meta-empty", "");
    EXPECT_TRUE(validate(head));
}

TEST(validate, header_value_with_a_control_is_named_and_not_shown) {
    for (const char c : {'\r', '\n', '\0', '\x01', '\x1b', '\x7f'}) {
        auto head = get();
        head.headers.add("x-amz-meta-evil", std::string("hush") + c + "X-Injected: 1");
        const auto detail = fault(head);
        EXPECT_THAT(detail, HasSubstr("x-amz-meta-evil"));
        EXPECT_THAT(detail, Not(HasSubstr("hush")));
    }
}

TEST(validate, header_name_must_be_a_token) {
    for (const std::string_view name : {"", "a b", "a:b", "a\r\nb", "\xc3\xbc", "a\t", "(a)"}) {
        auto head = get();
        head.headers.add(name, "value");
        EXPECT_THAT(fault(head), HasSubstr("header name")) << name;
    }
}

TEST(validate, method_must_be_a_token) {
    for (const std::string_view method : {"", "GET ", "GE\nT", "G/T"}) {
        auto head = get();
        head.method = method;
        EXPECT_THAT(fault(head), HasSubstr("method")) << method;
    }
}

TEST(validate, target_must_be_visible_ascii) {
    for (const std::string_view target : {"", "/a b", "/a\r\nHost: evil", "/\x7f", "/\xc3\xbc"}) {
        auto head = get();
        head.target = target;
        EXPECT_THAT(fault(head), HasSubstr("target")) << target;
    }
}

}  // namespace
}  // namespace cairn::wire
