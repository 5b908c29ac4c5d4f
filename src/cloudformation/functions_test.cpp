#include "cloudformation/functions.hpp"

#include <gtest/gtest.h>

#include "cloudformation/yaml_loader.hpp"

namespace stator::cloudformation {
namespace {

Scope make_scope() {
  Scope scope;
  scope.parameters["Stage"] = {json::Value("prod"), "prod"};
  scope.parameters["Names"] = {json::Value(json::Array{"a", "b"}), "a,b"};
  scope.pseudo = pseudo_parameters({"items", "arn:stack", "111122223333", "eu-west-1"});
  scope.mappings =
      json::parse_object(R"({"M":{"eu-west-1":{"size":7,"zones":["x","y"]}}})").value();
  scope.conditions = {{"Yes", true}, {"No", false}};
  scope.resource = [](std::string_view id, std::string_view attribute) -> Result<json::Value> {
    if (id == "Missing") return invalid("no such resource");
    return json::Value(std::string(id) + (attribute.empty() ? "" : "/" + std::string(attribute)));
  };
  return scope;
}

/// The value of `expression` in YAML, as JSON text; the message where it is an error.
std::string evaluate(const std::string& expression) {
  const auto loaded = load_template("Value: " + expression + "\n");
  if (!loaded) return "unreadable: " + loaded.error().message;
  const auto value = resolve(*json::find(*loaded, "Value"), make_scope());
  if (!value) return "error: " + value.error().message;
  return *value ? json::dump(**value) : "no value";
}

struct Case {
  const char* expression;
  const char* expected;
};

TEST(Functions, GiveWhatCloudFormationGives) {
  const Case cases[] = {
      {"plain", R"("plain")"},
      {"7", "7"},
      {"!Ref Stage", R"("prod")"},
      {"!Ref Names", R"(["a","b"])"},
      {"!Ref Table", R"("Table")"},
      {"!Ref AWS::Region", R"("eu-west-1")"},
      {"!Ref AWS::AccountId", R"("111122223333")"},
      {"!Ref AWS::StackName", R"("items")"},
      {"!Ref AWS::NoValue", "no value"},
      {"[a, !Ref AWS::NoValue, b]", R"(["a","b"])"},
      {"{a: !Ref AWS::NoValue, b: 1}", R"({"b":1})"},
      {"!GetAtt Table.Arn", R"("Table/Arn")"},
      {"!GetAtt Nested.Outputs.Url", R"("Nested/Outputs.Url")"},
      {"{'Fn::GetAtt': [Table, Arn]}", R"("Table/Arn")"},
      {"!Sub 'x ${Stage}-${Table} ${Table.Arn} ${AWS::Partition} ${!Kept} $ {'",
       R"("x prod-Table Table/Arn aws ${Kept} $ {")"},
      {"!Sub ['${A}-${Stage}', {A: !GetAtt T.Arn}]", R"("T/Arn-prod")"},
      {"!Join ['-', [a, !Ref Stage, 7, true]]", R"("a-prod-7-true")"},
      {"!Join [',', !Ref Names]", R"("a,b")"},
      {"!If [Yes, 1, !Ref Missing]", "1"},
      {"!If [No, 1, !Ref AWS::NoValue]", "no value"},
      {"!FindInMap [M, !Ref AWS::Region, size]", "7"},
      {"!Select [1, [a, b]]", R"("b")"},
      {"!Select ['0', !FindInMap [M, eu-west-1, zones]]", R"("x")"},
      {"!Split [', ', 'a, b, , c']", R"(["a","b","","c"])"},
      {"!Select [1, !Split ['/', 'a/b']]", R"("b")"},
      {"{'Fn::Base64': !Sub '${Stage}'}", R"("cHJvZA==")"},
      {"{Ref: Stage, Other: 1}", R"({"Ref":"Stage","Other":1})"},
      {"{deep: [{er: !Ref Stage}]}", R"({"deep":[{"er":"prod"}]})"},
  };
  for (const Case& test : cases) EXPECT_EQ(evaluate(test.expression), test.expected);
}

TEST(Functions, NameWhatIsWrong) {
  const Case cases[] = {
      {"!Ref [a]", "every Ref object must have a single String value"},
      {"!Ref Missing", "no such resource"},
      {"!Ref AWS::Elsewhere", "pseudo parameter AWS::Elsewhere"},
      {"{'Fn::GetAtt': Table}", "every Fn::GetAtt object requires two"},
      {"{'Fn::GetAtt': [Table]}", "every Fn::GetAtt object requires two"},
      {"!Sub [a, b]", "Fn::Sub intrinsic functions don't specify expected arguments"},
      {"!Sub '${Open'", "without its '}'"},
      {"!Sub '${Names}'", "${Names} is not text"},
      {"!Join [a]", "every Fn::Join object requires two parameters"},
      {"!Join [',', [[a]]]", "every Fn::Join object requires two parameters"},
      {"!If [Yes, 1]", "three elements"},
      {"!If [Unknown, 1, 2]", "unresolved condition dependency Unknown"},
      {"!FindInMap [M, us-east-1, size]", "Unable to get mapping for M::us-east-1"},
      {"!FindInMap [M, eu-west-1]", "requires three parameters"},
      {"!FindInMap [M, eu-west-1, size, more]", "three parameters"},
      {"!Select [2, [a, b]]", "nonexistent value at index 2"},
      {"!Select [-1, [a, b]]", "nonexistent value at index -1"},
      {"!Select [99999999999, [a]]", "nonexistent value"},
      {"!Split ['', a]", "delimiter cannot be empty"},
      {"!ImportValue a", "does not support the function Fn::ImportValue"},
      {"{'Fn::Transform': {}}", "does not support the function Fn::Transform"},
  };
  for (const Case& test : cases) {
    const std::string got = evaluate(test.expression);
    EXPECT_TRUE(got.starts_with("error: ")) << test.expression << " gave " << got;
    EXPECT_NE(got.find(test.expected), std::string::npos) << got;
  }
}

Result<bool> condition(const std::string& conditions) {
  const auto loaded = load_template(conditions);
  if (!loaded) return loaded.error();
  Scope scope = make_scope();
  scope.conditions.clear();
  STATOR_TRY_VOID(evaluate_conditions(*loaded, scope));
  return scope.conditions.at("C");
}

TEST(Conditions, AreEvaluatedInAnyOrder) {
  const auto is = [](const std::string& conditions) {
    const auto outcome = condition(conditions);
    EXPECT_TRUE(outcome) << conditions;
    return outcome && *outcome;
  };
  EXPECT_TRUE(is("C: !Equals [!Ref Stage, prod]"));
  EXPECT_FALSE(is("C: !Equals [!Ref Stage, test]"));
  EXPECT_TRUE(is("C: !Equals [1, '1']"));
  EXPECT_TRUE(is("C: !Not [{Condition: D}]\nD: !Equals [a, b]"));
  EXPECT_FALSE(is("C: !And [{Condition: D}, !Equals [a, a]]\nD: !Equals [a, b]"));
  EXPECT_TRUE(is("C: !Or [{Condition: D}, !Equals [a, a]]\nD: !Equals [a, b]"));
}

TEST(Conditions, RefuseWhatIsNone) {
  for (const char* conditions :
       {"C: true", "C: {Condition: Nowhere}", "C: {Condition: C}",
        "C: {Condition: D}\nD: {Condition: C}", "C: !Equals [a]", "C: !Not [true]", "C: !Ref Stage",
        "C: !And [!Equals [a, a]]", "C: !Equals [!Ref Missing, a]"}) {
    EXPECT_FALSE(condition(conditions)) << conditions;
  }
}

TEST(References, AreFoundWhereverTheyStand) {
  const auto loaded = load_template(
      "V: [!Ref A, {x: !GetAtt B.Arn}, !Sub '${C} ${D.Arn} ${!E}', !Sub ['${F} ${Own}', "
      "{Own: !Ref G}], !If [Cond, !Ref H, 1]]");
  ASSERT_TRUE(loaded);
  std::string found;
  visit_references(*json::find(*loaded, "V"), [&](std::string_view id, std::string_view attribute) {
    found.append(id).append(attribute.empty() ? "" : ".").append(attribute).append(" ");
  });
  EXPECT_EQ(found, "A B.Arn C D.Arn F G H ");
}

}  // namespace
}  // namespace stator::cloudformation
