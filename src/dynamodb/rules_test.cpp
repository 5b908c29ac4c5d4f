#include "dynamodb/rules.hpp"

#include <gtest/gtest.h>

#include <algorithm>

#include "dynamodb/item_request_reader.hpp"
#include "dynamodb/service_model.hpp"
#include "dynamodb/test_support.hpp"

namespace stator::dynamodb {
namespace {

using namespace model;
using Type = Rule::Type;

constexpr std::string_view kColourNames[] = {"RED", "BLUE"};
constexpr Rule kText[] = {text("", 1, 3)};
constexpr Rule kPairMembers[] = {required(text("Left", 2, 4)), values("Right")};
constexpr Rule kPair[] = {structure("", kPairMembers, "Pair")};
constexpr Rule kPairs[] = {list("", kPair, 1, 2)};
constexpr Rule kKeyOfMap = optional_table_name("");
constexpr Rule kRules[] = {one_of("Colour", kColourNames),
                           typed(Type::kInteger, "Count", 1, 10),
                           resource_name("Name"),
                           list("Texts", kText, Rule::kNoMin, 2),
                           structure("Pair", kPairMembers, "Pair"),
                           of(typed(Type::kMap, "Each"), kPair),
                           map("Lists", kKeyOfMap, kPairs)};

/// What both interpreters say of the document; they must agree.
std::string judged(const std::string& body, std::span<const Rule> rules = kRules) {
  const auto text_of = [](const Result<void>& verdict) {
    return verdict ? std::string() : verdict.error().message;
  };
  const auto object = json::parse_object(body);
  const auto document = parse_document(body);
  if (!object || !document) return "not JSON";
  const std::string text = text_of(check_constraints(*object, rules));
  EXPECT_EQ(text, text_of(check_constraints(*document, rules))) << body;
  return text;
}

/// The message of one broken constraint.
std::string broken(const std::string& value, const std::string& path, const std::string& what) {
  return "1 validation error detected: Value " + value + " at '" + path +
         "' failed to satisfy constraint: " + what;
}

TEST(Rules, SayWhatIsWrongAndWhere) {
  const std::string present = "Member must not be null";
  const std::string keys =
      "Map keys must satisfy constraint: [Member must have length less than or equal to 255, "
      "Member must have length greater than or equal to 3, Member must satisfy regular expression "
      "pattern: [a-zA-Z0-9_.-]+]";
  const std::string lengths =
      "Map value must satisfy constraint: [Member must have length less than or equal to 2, Member "
      "must have length greater than or equal to 1]";
  const auto least = [](int n) {
    return "Member must have length greater than or equal to " + std::to_string(n);
  };
  const auto most = [](int n) {
    return "Member must have length less than or equal to " + std::to_string(n);
  };
  const struct {
    std::string body;
    std::string message;
  } cases[] = {
      {"{}", ""},
      {R"({"Colour":null,"Pair":null})", ""},
      {R"({"Colour":"RED","Count":10,"Name":"abc","Texts":["a","b"],"Pair":{"Left":"ab"}})", ""},
      {R"({"Colour":"red"})",
       broken("'red'", "colour", "Member must satisfy enum value set: [RED, BLUE]")},
      {R"({"Count":0})",
       broken("'0'", "count", "Member must have value greater than or equal to 1")},
      {R"({"Count":11})",
       broken("'11'", "count", "Member must have value less than or equal to 10")},
      {R"({"Count":1e30})",
       broken("'9200000000000000000'", "count", "Member must have value less than or equal to 10")},
      {R"({"Name":"a-"})", broken("'a-'", "name", least(3))},
      {R"({"Name":"a b"})",
       broken("'a b'", "name", "Member must satisfy regular expression pattern: [a-zA-Z0-9_.-]+")},
      {R"({"Texts":["a","b","c"]})", broken("'[a, b, c]'", "texts", most(2))},
      {R"({"Texts":["a","abcd"]})", broken("'abcd'", "texts.2.member", most(3))},
      {R"({"Pair":{}})", broken("null", "pair.left", present)},
      {R"({"Each":{"Some":{"Left":"ab"},"Other":{"Left":"a"}}})",
       broken("'a'", "each.Other.member.left", least(2))},
      {R"({"Lists":{"tab":[{"Left":"ab"}],"arn:aws:dynamodb:us-east-1:000000000000:table/tab":)"
       R"([{"Left":"ab"}]}})",
       ""},
      {R"({"Lists":{"tab":[{"Left":"ab"},{"Right":1}]}})",
       broken("null", "lists.tab.member.2.member.left", present)},
      {R"({"Lists":{"ab":[{"Left":"ab"}],"c":[{"Left":"abc","Right":{"S":["x",2,true]}}]}})",
       broken("'{ab=[Pair(left=ab)], c=[Pair(left=abc, right={S=[x, 2, true]})]}'", "lists", keys)},
      {R"({"Lists":{"tab":[]}})", broken("'{tab=[]}'", "lists", lengths)},
      {R"({"Lists":{"one":[{"Left":"ab"},{"Left":"cd"},{"Left":"ef"}],"two":[]}})",
       broken("'{one=[Pair(left=ab), Pair(left=cd), Pair(left=ef)], two=[]}'", "lists", lengths)},
      // In the order of the rules, not of the document.
      {R"({"Pair":{},"Count":0})",
       "2 validation errors detected: Value '0' at 'count' failed to satisfy constraint: Member "
       "must have value greater than or equal to 1; Value null at 'pair.left' failed to satisfy "
       "constraint: Member must not be null"},
  };
  for (const auto& one : cases) EXPECT_EQ(judged(one.body), one.message) << one.body;
}

TEST(Rules, PassOverWhatIsOfAnotherType) {
  EXPECT_EQ(judged(R"({"Colour":1,"Count":"x","Texts":{},"Pair":[],"Each":1,"Lists":[1]})"), "");
  EXPECT_EQ(judged(R"({"Texts":[1,null],"Lists":{"tab":1}})"), "");
}

TEST(Rules, ListTenViolationsAtMost) {
  std::string body = R"({"Lists":{"tab":[{}],"two":[{})";
  for (int i = 0; i < 50; ++i) body += ",{}";
  const std::string message = judged(body + "]}}");
  EXPECT_TRUE(message.starts_with("10 validation errors detected: ")) << message;
  EXPECT_NE(message.find("'lists.two.member.8.member.left'"), std::string::npos) << message;
  EXPECT_EQ(message.find("'lists.two.member.9.member.left'"), std::string::npos) << message;
}

TEST(Rules, ShowNoMoreThanAnAnswerCanCarry) {
  std::string body = R"({"Lists":{"tab":[{"Left":"ab"})";
  for (int i = 0; i < 10'000; ++i) body += R"(,{"Left":"ab"})";
  const std::string many = judged(body + "]}}");
  EXPECT_TRUE(many.starts_with("1 validation error detected: Value '{tab=[Pair(left=ab), "));
  EXPECT_LT(many.size(), 10'000u);
  const std::string large = judged(R"({"Texts":[")" + std::string(1 << 20, 'x') + R"("]})");
  EXPECT_TRUE(large.starts_with("1 validation error detected: Value 'xxx"));
  EXPECT_LT(large.size(), 10'000u);
}

TEST(Rules, AreFoundByNameAtAnyDepth) {
  EXPECT_EQ(find_rule(kRules, "Count")->max, 10);
  EXPECT_EQ(find_rule(kRules, "count"), nullptr);
  EXPECT_EQ(rules_inside(kRules, "Pair").data(), kPairMembers);
  EXPECT_EQ(rules_inside(kRules, "Each").data(), kPairMembers);
  EXPECT_EQ(rules_inside(kRules, "Lists").data(), kPairMembers);
}

/// What any rule must be for the interpreters to make sense of it.
void check_rule(const Rule& rule, const std::string& at) {
  EXPECT_LE(rule.min, rule.max) << at;
  EXPECT_EQ(rule.type == Type::kStructure && rule.class_name.empty(), false) << at;
  EXPECT_EQ(rule.type == Type::kList && rule.inner.size() > 1, false) << at;
  EXPECT_EQ(rule.type == Type::kMap && rule.inner.size() != 1, false) << at;
  EXPECT_EQ(rule.type != Type::kMap && rule.key != nullptr, false) << at;
  for (const Rule& inner : rule.inner) {
    EXPECT_EQ(inner.name.empty(), rule.type != Type::kStructure) << at;
    check_rule(inner, at + "." + std::string(inner.name));
  }
}

TEST(ServiceModel, HasRulesForEveryOperation) {
  testing::Harness harness;
  std::size_t count = 0;
  for (const auto& services : {make_service(harness.tables(), harness.recovery()),
                               make_streams_service(harness.tables())}) {
    for (const aws::Operation& operation : services.operations) {
      ++count;
      std::vector<std::string_view> names;
      for (const Rule& rule : model_of(operation.name())) {
        EXPECT_FALSE(rule.name.empty()) << operation.name();
        EXPECT_EQ(std::count(names.begin(), names.end(), rule.name), 0)
            << operation.name() << "." << rule.name;
        names.push_back(rule.name);
        check_rule(rule, operation.name() + "." + std::string(rule.name));
      }
    }
  }
  EXPECT_GE(count, 43u);
}

TEST(ServiceModel, IsAskedByEveryOperation) {
  // A member that no operation has is refused by name, by DescribeEndpoints alone passed over: the
  // service takes any body there.
  testing::Harness harness;
  for (const auto& services : {make_service(harness.tables(), harness.recovery()),
                               make_streams_service(harness.tables())}) {
    for (const aws::Operation& operation : services.operations) {
      if (operation.name() == "DescribeEndpoints") continue;
      EXPECT_EQ(harness.run(operation.name(), R"({"Colour":"red"})"),
                "ValidationException: The operation has no parameter Colour")
          << operation.name();
    }
  }
}

}  // namespace
}  // namespace stator::dynamodb
