#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "cloudformation/expansion.hpp"

/// The expansions of AWS's translator (aws-sam-translator), checked in under golden/ beside the
/// templates. tests/e2e/test_sam_translator.py makes them anew where the translator is installed.
namespace stator::cloudformation::sam {
namespace {

std::string read(const std::filesystem::path& path) {
  std::ifstream file(path);
  return {std::istreambuf_iterator<char>(file), {}};
}

std::vector<std::string> names() {
  std::vector<std::string> names;
  for (const auto& entry : std::filesystem::directory_iterator(STATOR_SAM_GOLDENS)) {
    if (entry.path().extension() == ".yaml") names.push_back(entry.path().stem());
  }
  std::sort(names.begin(), names.end());
  return names;
}

/// Where two documents differ, a line each; the order of members does not count.
void compare(const json::Value& ours, const json::Value& theirs, const std::string& place,
             std::string& out) {
  if (ours.is_object() && theirs.is_object()) {
    for (const auto& member : ours.get_object()) {
      const std::string name(member.key());
      const json::Value* other = theirs.get_object().if_contains(name);
      if (other == nullptr) {
        out += place + "/" + name + " is ours alone: " + json::dump(member.value()) + "\n";
      } else {
        compare(member.value(), *other, place + "/" + name, out);
      }
    }
    for (const auto& member : theirs.get_object()) {
      if (ours.get_object().contains(member.key())) continue;
      out += place + "/" + std::string(member.key()) +
             " is the translator's alone: " + json::dump(member.value()) + "\n";
    }
  } else if (ours.is_array() && theirs.is_array() &&
             ours.get_array().size() == theirs.get_array().size()) {
    for (std::size_t i = 0; i < ours.get_array().size(); ++i) {
      compare(ours.get_array()[i], theirs.get_array()[i], place + "/" + std::to_string(i), out);
    }
  } else if (ours != theirs) {
    out +=
        place + ": ours is " + json::dump(ours) + ", the translator's " + json::dump(theirs) + "\n";
  }
}

class SamGolden : public testing::TestWithParam<std::string> {};

TEST_P(SamGolden, ExpandsAsAwsTranslatorDoes) {
  const std::filesystem::path golden = std::filesystem::path(STATOR_SAM_GOLDENS) / GetParam();
  const auto expansion =
      expand_text(read(golden.string() + ".yaml"), {}, {"s", "arn:s", "0", "us-east-1"});
  ASSERT_TRUE(expansion) << expansion.error().message;
  const auto theirs = json::parse(read(golden.string() + ".json"));
  ASSERT_TRUE(theirs) << theirs.error().message;
  std::string differences;
  compare(json::Value(expansion->body), *theirs, "", differences);
  EXPECT_EQ(differences, "");
}

INSTANTIATE_TEST_SUITE_P(Templates, SamGolden, testing::ValuesIn(names()),
                         [](const auto& info) { return info.param; });

}  // namespace
}  // namespace stator::cloudformation::sam
