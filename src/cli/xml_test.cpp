#include "cli/xml.hpp"

#include <gtest/gtest.h>

namespace stator::cli {
namespace {

TEST(Xml, TurnsAnswersIntoJson) {
  const auto read =
      read_xml(R"(<R xmlns="u"><Op><Stacks><member><Name>a &amp; b</Name><Empty/></member>)"
               R"(<member><Name>c</Name></member></Stacks></Op><ResponseMetadata/></R>)");
  ASSERT_TRUE(read);
  EXPECT_EQ(json::dump(*read), R"({"Op":{"Stacks":[{"Name":"a & b","Empty":""},{"Name":"c"}]},)"
                               R"("ResponseMetadata":""})");
}

TEST(Xml, RefusesWhatIsNotXml) {
  EXPECT_FALSE(read_xml("<a><b></a>"));
  EXPECT_FALSE(read_xml("{}"));
}

}  // namespace
}  // namespace stator::cli
