#include "lambda/runtimes/identifiers.hpp"

#include <gtest/gtest.h>

namespace stator::lambda::runtimes {
namespace {

TEST(RuntimeIdentifiers, AreReadWithTheirVersion) {
  const std::tuple<const char*, Family, int> cases[] = {
      {"provided.al2023", Family::kProvided, 0}, {"provided.al2", Family::kProvided, 0},
      {"python3.9", Family::kPython, 9},         {"python3.12", Family::kPython, 12},
      {"python3.14", Family::kPython, 14},       {"nodejs18.x", Family::kNode, 18},
      {"nodejs24.x", Family::kNode, 24}};
  for (const auto& [identifier, family, version] : cases) {
    const auto wanted = parse_identifier(identifier);
    ASSERT_TRUE(wanted) << identifier;
    EXPECT_EQ(wanted->family, family) << identifier;
    EXPECT_EQ(wanted->version, version) << identifier;
    EXPECT_EQ(is_provided(identifier), family == Family::kProvided) << identifier;
  }
}

TEST(RuntimeIdentifiers, AreRefusedInAwssWords) {
  const std::pair<const char*, const char*> cases[] = {
      {"python3.7", "The runtime parameter of python3.7 is no longer supported"},
      {"nodejs16.x", "The runtime parameter of nodejs16.x is no longer supported"},
      {"provided", "The runtime parameter of provided is no longer supported"},
      {"java21", "Value java21 at 'runtime' is not supported by stator"},
      {"python3",
       "Value python3 at 'runtime' failed to satisfy constraint: Member must satisfy "
       "enum value set: ["},
      {"Python3.12", "failed to satisfy constraint"},
      {"", "failed to satisfy constraint"},
      {"python3.12 ", "failed to satisfy constraint"}};
  for (const auto& [identifier, words] : cases) {
    const auto wanted = parse_identifier(identifier);
    ASSERT_FALSE(wanted) << identifier;
    EXPECT_EQ(wanted.error().aws_type, "InvalidParameterValueException") << identifier;
    EXPECT_NE(wanted.error().message.find(words), std::string::npos) << wanted.error().message;
  }
}

}  // namespace
}  // namespace stator::lambda::runtimes
