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
    if (id == "Later") return json::Value(kUnknownYet);
    return json::Value(std::string(id) + (attribute.empty() ? "" : "/" + std::string(attribute)));
  };
  scope.notification_arns = {"arn:topic"};
  scope.outside.parameter = [](std::string_view name) -> Result<StoredParameter> {
    if (name == "/none") return invalid("there is no /none");
    if (name == "/secret") return StoredParameter{"SecureString", "hush"};
    return StoredParameter{"String", "[" + std::string(name) + "]"};
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
      {"!Ref AWS::NotificationARNs", R"(["arn:topic"])"},
      {"!GetAZs eu-west-1", R"(["eu-west-1a","eu-west-1b","eu-west-1c"])"},
      {"!Select [0, !GetAZs '']", R"("eu-west-1a")"},
      {"!Cidr [10.0.0.0/16, 3, 8]", R"(["10.0.0.0/24","10.0.1.0/24","10.0.2.0/24"])"},
      {"!Cidr [10.0.255.0/23, 2, '8']", R"(["10.0.254.0/24","10.0.255.0/24"])"},
      {"!Cidr ['fd00::/48', 2, 64]", R"(["fd00::/64","fd00:0:0:1::/64"])"},
      {"!Cidr [10.0.0.0/24, 1, 8]", R"(["10.0.0.0/24"])"},
      {"!Sub 'x-{{resolve:ssm:/${Stage}/a:3}}-{{resolve:ssm:/b}}'", R"("x-[/prod/a:3]-[/b]")"},
      {"!Select [3, !Split ['/', !GetAtt Later.Arn]]", R"("{{changeSet:KNOWN_AFTER_APPLY}}")"},
      {"{'Fn::Base64': !Sub 'x${Later}'}", R"("{{changeSet:KNOWN_AFTER_APPLY}}")"},
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
      {"!ImportValue a", "No export named a found."},
      {"{'Fn::Length': [a]}", "Fn::Length needs the transform AWS::LanguageExtensions"},
      {"!Cidr [10.0.0.0/16, 2, 8, 1]", "every Fn::Cidr object"},
      {"!Cidr [10.0.0.0, 2, 8]", "'10.0.0.0' is not a CIDR block"},
      {"!Cidr [10.0.0.0/24, 2, 8]", "do not fit"},
      {"!Cidr [10.0.0.0/24, 0, 4]", "between 1 and 256"},
      {"!Cidr [10.0.0.0/24, x, 4]", "every Fn::Cidr object"},
      {"'{{resolve:ssm:/none}}'", "there is no /none"},
      {"'{{resolve:ssm:/secret}}'", "SSM Secure reference is not supported"},
      {"'{{resolve:ssm:a b}}'", "Incorrect format"},
      {"'{{resolve:ssm-secure:/a}}'", "dynamic reference {{resolve:ssm-secure:/a}}"},
      {"'{{resolve:secretsmanager:/a}}'", "it keeps no secrets"},
      {"{'Fn::Transform': {}}", "does not support the function Fn::Transform"},
  };
  for (const Case& test : cases) {
    const std::string got = evaluate(test.expression);
    EXPECT_TRUE(got.starts_with("error: ")) << test.expression << " gave " << got;
    EXPECT_NE(got.find(test.expected), std::string::npos) << got;
  }
}

TEST(Functions, OfTheLanguageExtensions) {
  Scope scope = make_scope();
  scope.has_language_extensions = true;
  scope.outside.exported = [](std::string_view name) -> Result<std::string> {
    if (name == "gone") return invalid("No export named gone found.");
    return "exported " + std::string(name);
  };
  const auto get = [&](const std::string& expression) {
    const auto value = resolve(*json::find(*load_template("V: " + expression), "V"), scope);
    return value ? json::dump(**value) : value.error().message;
  };
  EXPECT_EQ(get("{'Fn::Length': !Ref Names}"), "2");
  EXPECT_EQ(get("{'Fn::Length': !Split [',', 'a,b,c']}"), "3");
  EXPECT_NE(get("{'Fn::Length': abc}").find("only supports values of type array"),
            std::string::npos);
  EXPECT_EQ(get("{'Fn::ToJsonString': {a: !Ref Stage, b: [1]}}"),
            R"("{\"a\":\"prod\",\"b\":[1]}")");
  EXPECT_NE(get("{'Fn::ToJsonString': abc}").find("object or array"), std::string::npos);
  EXPECT_EQ(get("!FindInMap [M, nowhere, size, {DefaultValue: !Ref Stage}]"), R"("prod")");
  EXPECT_EQ(get("!FindInMap [M, eu-west-1, size, {DefaultValue: 1}]"), "7");
  EXPECT_EQ(get("!ImportValue {'Fn::Sub': '${Stage}-url'}"), R"("exported prod-url")");
  EXPECT_EQ(get("!ImportValue gone"), "No export named gone found.");
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
