#include <gtest/gtest.h>
#include <rapidcheck.h>
#include <rapidcheck/gtest.h>

#include "s3/byte_range.hpp"
#include "s3/xml.hpp"

namespace stator::s3 {
namespace {

TEST(ByteRange, ReadsWhatRfc9110Says) {
  using Kind = ByteRange::Kind;
  struct Case {
    const char* header;
    Kind kind;
    std::uint64_t first = 0, last = 0;
  };
  for (const Case& test :
       {Case{"", Kind::kWhole}, Case{"bytes=0-0", Kind::kPart, 0, 0},
        Case{"bytes=2-4", Kind::kPart, 2, 4}, Case{"bytes=5-", Kind::kPart, 5, 9},
        Case{"bytes=5-99", Kind::kPart, 5, 9}, Case{"bytes=-3", Kind::kPart, 7, 9},
        Case{"bytes=-99", Kind::kPart, 0, 9}, Case{"bytes=-0", Kind::kUnsatisfiable},
        Case{"bytes=10-", Kind::kUnsatisfiable}, Case{"bytes=4-2", Kind::kWhole},
        Case{"bytes=-", Kind::kWhole}, Case{"bytes=0-1,3-4", Kind::kWhole},
        Case{"bytes=a-b", Kind::kWhole}, Case{"items=0-1", Kind::kWhole},
        Case{"bytes=99999999999999999999-", Kind::kWhole}}) {
    const auto range = read_byte_range(test.header, 10);
    EXPECT_EQ(range.kind, test.kind) << test.header;
    EXPECT_EQ(range.first, test.first) << test.header;
    EXPECT_EQ(range.last, test.last) << test.header;
  }
  EXPECT_EQ(read_byte_range("bytes=-1", 0).kind, Kind::kUnsatisfiable);
  EXPECT_EQ(read_byte_range("bytes=0-", 0).kind, Kind::kUnsatisfiable);
}

TEST(FlatXml, ReadsElementsWithText) {
  const auto xml = parse_flat_xml(
      "<?xml version=\"1.0\"?>\n<Root a=\"1\">\n <One>a &lt;&amp; b</One>\n <Two/></Root>\n");
  ASSERT_TRUE(xml);
  EXPECT_EQ(xml->root, "Root");
  ASSERT_EQ(xml->elements.size(), 2u);
  EXPECT_EQ(xml->elements[0], std::make_pair(std::string("One"), std::string("a <& b")));
  EXPECT_EQ(xml->elements[1], std::make_pair(std::string("Two"), std::string()));
  EXPECT_TRUE(parse_flat_xml("<Root/>"));
}

TEST(FlatXml, RefusesTheRest) {
  for (const char* text :
       {"", "text", "<a>", "<a><b></a>", "<a><b>x</c></a>", "<a>text</a>", "<a></a>more", "<a></b>",
        "<!DOCTYPE a [<!ENTITY x \"y\">]><a/>", "<a><b>&x;</b></a>", "<a><b><c/></b></a>", "<>",
        "<a", "<a><b", "<a><b>x", "<a><b>x</b>", "</a>"}) {
    EXPECT_FALSE(parse_flat_xml(text)) << text;
  }
}

RC_GTEST_PROP(FlatXmlProperty, ReadsWhatTheWriterWrote, ()) {
  const auto text = *rc::gen::container<std::string>(
      rc::gen::element('a', '<', '>', '&', '"', '\'', ' ', ';', '\n'));
  XmlDocument document("Root");
  document.element("Element", text);
  const auto xml = parse_flat_xml(std::move(document).finish().body);
  RC_ASSERT(xml.has_value());
  RC_ASSERT(xml->elements.size() == 1u);
  RC_ASSERT(xml->elements[0].second == text);
}

RC_GTEST_PROP(FlatXmlProperty, DamageDoesNoHarm, (const std::string& noise)) {
  static_cast<void>(parse_flat_xml("<a>" + noise + "</a>"));
}

}  // namespace
}  // namespace stator::s3
