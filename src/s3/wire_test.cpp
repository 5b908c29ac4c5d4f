#include <gtest/gtest.h>
#include <rapidcheck.h>
#include <rapidcheck/gtest.h>

#include "s3/bucket_settings.hpp"
#include "s3/byte_range.hpp"
#include "s3/checksum.hpp"
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

TEST(Xml, ReadsElementsWithin) {
  const auto xml = parse_xml(
      "<?xml version=\"1.0\"?>\n<Root a=\"1\">\n <One>a &lt;&amp; b</One>\n <Two/>"
      "<Three><Four>&#34;&#x20ac;&quot;</Four></Three></Root>\n",
      "Root");
  ASSERT_TRUE(xml);
  ASSERT_EQ(xml->children.size(), 3u);
  EXPECT_EQ(xml->text_of("One"), "a <& b");
  EXPECT_EQ(xml->text_of("Two"), "");
  EXPECT_EQ(xml->text_of("None"), "");
  EXPECT_EQ(xml->find("Three")->text_of("Four"), "\"\xe2\x82\xac\"");
  EXPECT_TRUE(xml->allow_only({"One", "Two", "Three"}));
  EXPECT_EQ(xml->allow_only({"One", "Two"}).error().aws_type, "NotImplemented");
  EXPECT_TRUE(parse_xml("<Root/>", "Root"));
  EXPECT_FALSE(parse_xml("<Root/>", "Other"));
}

TEST(Xml, RefusesTheRest) {
  std::string deep, closing;
  for (int i = 0; i < 20; ++i) {
    deep += "<a>";
    closing += "</a>";
  }
  for (const std::string& text : {std::string(),
                                  std::string("text"),
                                  std::string("<a>"),
                                  std::string("<a><b></a>"),
                                  std::string("<a><b>x</c></a>"),
                                  std::string("<a></a>more"),
                                  std::string("<a></b>"),
                                  std::string("<!DOCTYPE a [<!ENTITY x \"y\">]><a/>"),
                                  std::string("<a><b>&x;</b></a>"),
                                  std::string("<a>&#0;</a>"),
                                  std::string("<a>&#xd800;</a>"),
                                  std::string("<a>&#x;</a>"),
                                  std::string("<a>text<b/></a>"),
                                  std::string("<a><b/>text</a>"),
                                  std::string("<>"),
                                  std::string("<a"),
                                  std::string("<a><b"),
                                  std::string("<a><b>x"),
                                  std::string("</a>"),
                                  deep + closing}) {
    EXPECT_FALSE(parse_xml(text, "a")) << text;
  }
}

RC_GTEST_PROP(XmlProperty, ReadsWhatTheWriterWrote, ()) {
  const auto text = *rc::gen::container<std::string>(
      rc::gen::element('a', '<', '>', '&', '"', '\'', ' ', ';', '\n'));
  XmlDocument document("Root");
  document.element("Element", text);
  const auto xml = parse_xml(std::move(document).finish().body, "Root");
  RC_ASSERT(xml.has_value());
  RC_ASSERT(xml->text_of("Element") == text);
}

RC_GTEST_PROP(XmlProperty, DamageDoesNoHarm, (const std::string& noise)) {
  static_cast<void>(parse_xml("<a>" + noise + "</a>", "a"));
}

TEST(Checksum, KnowsTheAlgorithms) {
  // The check values of the catalogue of CRCs, and FIPS 180's.
  EXPECT_EQ(checksum_of("crc32", "123456789").value(), "y/Q5Jg==");
  EXPECT_EQ(checksum_of("crc32c", "123456789").value(), "4waSgw==");
  EXPECT_EQ(checksum_of("crc64nvme", "123456789").value(), "rosUhgp5mIg=");
  EXPECT_EQ(checksum_of("sha1", "abc").value(), "qZk+NkcGgWq6PiVxeFDCbJzQ2J0=");
  EXPECT_EQ(checksum_of("sha256", "abc").value(), "ungWv48Bz+pBQUDeXa4iI7ADYaOWF3qctBD/YfIAFa0=");
  EXPECT_FALSE(checksum_of("md4", "abc"));
}

TEST(Lifecycle, ReadsWhatItDoesAndRefusesTheRest) {
  const auto rules = parse_lifecycle(
      "<LifecycleConfiguration><Rule><ID>x</ID><Filter><Prefix>a/</Prefix></Filter>"
      "<Status>Enabled</Status><NoncurrentVersionExpiration><NoncurrentDays>30</NoncurrentDays>"
      "</NoncurrentVersionExpiration><AbortIncompleteMultipartUpload><DaysAfterInitiation>1"
      "</DaysAfterInitiation></AbortIncompleteMultipartUpload></Rule></LifecycleConfiguration>");
  ASSERT_TRUE(rules);
  EXPECT_EQ(rules->at(0).prefix, "a/");
  EXPECT_EQ(rules->at(0).noncurrent_days, 30);
  EXPECT_EQ(rules->at(0).abort_days, 1);
  for (const char* rule :
       {"<Status>Enabled</Status>", "<Status>On</Status><Expiration><Days>1</Days></Expiration>",
        "<Status>Enabled</Status><Expiration><Days>0</Days></Expiration>",
        "<Status>Enabled</Status><Expiration><Date>2026-01-01T00:00:00Z</Date></Expiration>",
        "<Status>Enabled</Status><Transition><Days>1</Days></Transition>",
        "<Status>Enabled</Status><Filter><Tag><Key>k</Key></Tag></Filter>"
        "<Expiration><Days>1</Days></Expiration>"}) {
    EXPECT_FALSE(parse_lifecycle("<LifecycleConfiguration><Rule>" + std::string(rule) +
                                 "</Rule></LifecycleConfiguration>"))
        << rule;
  }
}

TEST(Policies, ArePublicWhenAnybodyMayWithoutACondition) {
  EXPECT_TRUE(is_public_policy(R"({"Statement":{"Effect":"Allow","Principal":"*"}})"));
  EXPECT_TRUE(is_public_policy(R"({"Statement":[{"Effect":"Allow","Principal":{"AWS":["*"]}}]})"));
  EXPECT_FALSE(is_public_policy(R"({"Statement":{"Effect":"Deny","Principal":"*"}})"));
  EXPECT_FALSE(is_public_policy(
      R"({"Statement":{"Effect":"Allow","Principal":"*","Condition":{"Bool":{}}}})"));
  EXPECT_FALSE(is_public_policy(R"({"Statement":{"Effect":"Allow","Principal":{"AWS":"1"}}})"));
}

}  // namespace
}  // namespace stator::s3
