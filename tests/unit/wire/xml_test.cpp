#include "wire/xml.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace cairn::wire::xml {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

document parsed(std::string_view text, const limits& bounds = {}) {
    auto result = document::parse(text, bounds);
    if (!result) throw error_exception(result.error());
    return std::move(*result);
}

error refused(std::string_view text, const limits& bounds = {}) {
    const auto result = document::parse(text, bounds);
    EXPECT_FALSE(result) << text;
    return result.error();
}

std::string text_of(std::string_view document) {
    return parsed(document).root().text();
}

std::vector<std::string> names(const element& parent) {
    std::vector<std::string> all;
    for (const auto& child : parent) all.emplace_back(child.name());
    return all;
}

std::string repeated(std::string_view text, std::size_t times) {
    std::string all;
    for (std::size_t i = 0; i < times; ++i) all += text;
    return all;
}

TEST(XmlDocument, GivesElementsAndTheirText) {
    const auto doc = parsed(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<!-- seen -->\n"
        "<List><Name>photos</Name>\n<Key>a</Key><Key>b</Key></List>\n");
    EXPECT_EQ(doc.root().name(), "List");
    EXPECT_THAT(names(doc.root()), ElementsAre("Name", "Key", "Key"));
    EXPECT_EQ(doc.root().child("Name").text(), "photos");
    EXPECT_EQ(doc.root().child("Key").text(), "a");
}

TEST(XmlDocument, GivesNoneForWhatIsNotThere) {
    const auto doc = parsed("<a/>");
    const auto none = doc.root().child("b");
    EXPECT_FALSE(none);
    EXPECT_FALSE(none.child("c"));
    EXPECT_EQ(none.text(), "");
    EXPECT_EQ(none.name(), "");
    EXPECT_TRUE(names(none).empty());
}

TEST(XmlDocument, LeavesOutNamespacePrefixes) {
    const auto doc = parsed("<s3:List xmlns:s3=\"http://example\"><s3:Name>x</s3:Name></s3:List>");
    EXPECT_EQ(doc.root().name(), "List");
    EXPECT_EQ(doc.root().child("Name").text(), "x");
}

TEST(XmlDocument, KeepsBlanksOfTextAndNotThoseBetweenElements) {
    EXPECT_EQ(text_of("<a> </a>"), " ");
    EXPECT_EQ(text_of("<a>  b  c </a>"), "  b  c ");
    EXPECT_EQ(text_of("<a>\n  <b/>\n</a>"), "");
}

TEST(XmlDocument, ResolvesReferencesAndJoinsTextAroundMarkup) {
    EXPECT_EQ(text_of("<a>&lt;&amp;&gt;&quot;&apos;&#65;&#x42;&#13;</a>"), "<&>\"'AB\r");
    EXPECT_EQ(text_of("<a>b<!-- c -->d<![CDATA[<e>]]></a>"), "bd<e>");
    EXPECT_EQ(text_of("<a>&#x1F638;</a>"), "\xf0\x9f\x98\xb8");
}

TEST(XmlDocument, SkipsAByteOrderMark) {
    EXPECT_EQ(text_of("\xef\xbb\xbf<a>b</a>"), "b");
}

TEST(XmlDocument, RefusesWhatIsNotOneWellFormedElement) {
    for (const std::string_view text :
         {"", " ", "text", "<", "<a", "<a>", "<a><b></a>", "<a></b>", "</a>", "<a/><b/>",
          "<!-- -->", "<?xml version=\"1.0\"?>", "<a b></a>", "<a>&lt;</a",
          "<ListBucketResult><Contents><Key>x"})
        EXPECT_EQ(refused(text).code(), errc::malformed_reply) << text;
}

TEST(XmlDocument, RefusesANulRatherThanStopThere) {
    using namespace std::string_view_literals;
    EXPECT_EQ(refused("<a>b</a>\0<c/>"sv).code(), errc::malformed_reply);
    EXPECT_EQ(refused("<a>\0</a>"sv).code(), errc::malformed_reply);
}

TEST(XmlDocument, RefusesDocumentTypeDefinitions) {
    for (const std::string_view text :
         {"<!DOCTYPE a><a/>", "<!DOCTYPE a [<!ENTITY x \"y\">]><a>&x;</a>",
          "<!DOCTYPE a SYSTEM \"file:///etc/passwd\"><a/>"})
        EXPECT_THAT(refused(text).detail(), HasSubstr("document type definition")) << text;
}

TEST(XmlDocument, ExpandsNoEntities) {
    EXPECT_EQ(text_of("<a>&x;</a>"), "&x;");
}

TEST(XmlDocument, IsBoundedInBytes) {
    limits bounds;
    bounds.max_bytes = 7;
    EXPECT_NO_THROW(parsed("<a></a>", bounds));
    EXPECT_EQ(refused("<a>b</a>", bounds).code(), errc::limit_exceeded);
}

TEST(XmlDocument, IsBoundedInDepth) {
    limits bounds;
    bounds.max_depth = 3;
    EXPECT_NO_THROW(parsed("<a><b><c/></b><b/><b><c/><c/></b></a>", bounds));
    EXPECT_EQ(refused("<a><b/><b><c><d/></c></b></a>", bounds).code(), errc::limit_exceeded);
}

TEST(XmlDocument, SurvivesADocumentOfNothingButDepth) {
    const auto deep = repeated("<a>", 400'000) + repeated("</a>", 400'000);
    EXPECT_EQ(refused(deep).code(), errc::limit_exceeded);
}

TEST(XmlDocument, IsBoundedInElementsAndAttributes) {
    limits bounds;
    bounds.max_nodes = 100;
    EXPECT_NO_THROW(parsed("<a>" + repeated("<b/>", 98) + "</a>", bounds));
    EXPECT_EQ(refused("<a>" + repeated("<b/>", 99) + "</a>", bounds).code(), errc::limit_exceeded);
    EXPECT_EQ(refused("<a" + repeated(" b=\"\"", 101) + "/>", bounds).code(), errc::limit_exceeded);
}

std::string written(std::string_view text) {
    writer xml;
    xml.open("a");
    xml.text(text);
    xml.close();
    return std::move(xml).take();
}

TEST(Xml, LacksSomeCharacters) {
    for (const char* text : {"", "a\t\r\n ~\x7f", "\u00e4\uFFFD\U0001F638"})
        EXPECT_TRUE(can_hold(text)) << text;
    for (const char* text : {"\x01", "a\x1f", "\uFFFE", "a\uFFFFb"}) EXPECT_FALSE(can_hold(text));
    EXPECT_FALSE(can_hold(std::string_view("\0", 1)));
}

TEST(XmlWriter, NestsElements) {
    writer xml;
    xml.open("Delete", "http://example/?a&b");
    xml.open("Key");
    xml.text("x");
    xml.close();
    xml.open("Empty");
    xml.close();
    xml.close();
    EXPECT_EQ(std::move(xml).take(),
              "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
              "<Delete xmlns=\"http://example/?a&amp;b\"><Key>x</Key><Empty></Empty></Delete>");
}

TEST(XmlWriter, EscapesWhatAReaderWouldChange) {
    EXPECT_THAT(written("<&>\""), HasSubstr("<a>&lt;&amp;&gt;&quot;</a>"));
    EXPECT_THAT(written("\t\r\n\x1f"), HasSubstr("<a>&#x9;&#xD;&#xA;&#x1F;</a>"));
}

TEST(XmlWriter, WritesWhatTheParserReadsBack) {
    std::string every;
    for (int c = 1; c < 128; ++c) every += static_cast<char>(c);
    every += "\xc3\xa4\xe2\x82\xac\xf0\x9f\x98\xb8 ";
    EXPECT_EQ(text_of(written(every)), every);
}

}  // namespace
}  // namespace cairn::wire::xml
