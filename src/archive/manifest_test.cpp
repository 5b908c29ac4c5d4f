#include "archive/manifest.hpp"

#include <gtest/gtest.h>

namespace stator::archive {
namespace {

using Kind = Manifest::Kind;

bool accepts(const std::vector<Manifest::Entry>& entries) {
  Manifest manifest;
  for (const auto& entry : entries) {
    if (!manifest.add(entry)) return false;
  }
  return manifest.check().has_value();
}

Manifest::Entry file(std::string path) {
  return {std::move(path)};
}
Manifest::Entry directory(std::string path) {
  return {std::move(path), Kind::kDirectory};
}
Manifest::Entry link(std::string path, std::string target) {
  return {std::move(path), Kind::kLink, false, std::move(target)};
}

TEST(NameParts, DropsWhatSaysNothing) {
  EXPECT_EQ(name_parts("./a//b/./c/").value(), (std::vector<std::string_view>{"a", "b", "c"}));
  EXPECT_TRUE(name_parts("./").value().empty());
  EXPECT_EQ(name_parts("..a/b..").value(), (std::vector<std::string_view>{"..a", "b.."}));
}

TEST(NameParts, RefusesWhatLeadsAstray) {
  using namespace std::string_view_literals;
  for (const auto name : {""sv, "/"sv, "/etc/passwd"sv, ".."sv, "../a"sv, "a/.."sv, "a/../../b"sv,
                          "a\\b"sv, "C:\\a"sv, "a\0b"sv}) {
    EXPECT_EQ(name_parts(name).error().code, ErrorCode::kInvalid) << name;
  }
  EXPECT_FALSE(name_parts(std::string(256, 'a')));
  std::string deep = "a";
  while (deep.size() <= 1'024) deep += "/a";
  EXPECT_FALSE(name_parts(deep));
}

TEST(Manifest, TakesLinksThatStayInside) {
  EXPECT_TRUE(accepts({file("lib/libx.so.1"), link("lib/libx.so", "libx.so.1")}));
  EXPECT_TRUE(accepts({file("a/f"), link("b/c/l", "../../a/f")}));
  EXPECT_TRUE(accepts({link("l", "nowhere")}));
  EXPECT_TRUE(accepts({link("self", ".")}));
  EXPECT_TRUE(accepts({link("l", "d/../x"), directory("d")}));
  EXPECT_TRUE(accepts({link("one", "two"), link("two", "three"), file("three")}));
}

TEST(Manifest, RefusesLinksThatLeave) {
  EXPECT_FALSE(accepts({link("l", "/etc/passwd")}));
  EXPECT_FALSE(accepts({link("l", "..")}));
  EXPECT_FALSE(accepts({link("a/l", "../..")}));
  EXPECT_FALSE(accepts({link("l", "a/../../x")}));
  EXPECT_FALSE(accepts({link("l", "")}));
  // Each target alone looks harmless: the first leads to the root, and from there up is out.
  EXPECT_FALSE(accepts({link("a/b/up", "../.."), link("l", "a/b/up/..")}));
  EXPECT_FALSE(accepts({link("x", "y/../secret"), link("y", "z/z"), link("z", "../..")}));
  EXPECT_FALSE(accepts({link("a", "b"), link("b", "a")})) << "a circle leads nowhere";
}

TEST(Manifest, RefusesWritingThroughALinkOrAFile) {
  EXPECT_FALSE(accepts({directory("d"), link("l", "d"), file("l/x")}));
  EXPECT_FALSE(accepts({file("l/x"), link("l", "d")})) << "whatever the order";
  EXPECT_FALSE(accepts({file("f"), file("f/x")}));
  EXPECT_FALSE(accepts({file("f"), directory("f/x/y")}));
}

TEST(Manifest, RefusesDoubledNames) {
  EXPECT_FALSE(accepts({file("a"), file("a")}));
  EXPECT_FALSE(accepts({file("a"), link("a", "b")}));
  EXPECT_FALSE(accepts({directory("a"), file("a")}));
}

TEST(Manifest, BoundsTheWorkThatLinksCanMake) {
  // Every link walks the one before it forty times over.
  std::vector<Manifest::Entry> entries = {link("l0", "x")};
  for (int i = 1; i < 4'000; ++i) {
    std::string target;
    for (int part = 0; part < 300; ++part) target += "./";
    entries.push_back(link("l" + std::to_string(i), target + "l" + std::to_string(i - 1)));
  }
  EXPECT_FALSE(accepts(entries));
}

}  // namespace
}  // namespace stator::archive
