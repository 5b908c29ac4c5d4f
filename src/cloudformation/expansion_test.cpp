#include "cloudformation/expansion.hpp"

#include <gtest/gtest.h>

namespace stator::cloudformation {
namespace {

constexpr const char* kExtended = "Transform: AWS::LanguageExtensions\n";

/// The expanded template as JSON, or the message.
std::string expanded(const std::string& text, const GivenParameters& given = {}) {
  const auto expansion = expand_text(text, given, {"s", "arn:s", "0", "eu-west-1"});
  return expansion ? json::dump(expansion->body) : expansion.error().message;
}

TEST(LanguageExtensions, UnrollLoops) {
  EXPECT_EQ(expanded(std::string(kExtended) + R"(
Resources:
  Fn::ForEach::Topics:
    - Name
    - [a, b-2]
    - 'Topic&{Name}':
        Type: T
        Properties: {Name: !Ref Name, Text: !Sub '${Name}-x', Plain: '${Name}'}
)"),
            R"({"Resources":{"Topica":{"Type":"T","Properties":{"Name":"a","Text":)"
            R"({"Fn::Sub":"a-x"},"Plain":"a"}},"Topicb2":{"Type":"T","Properties":)"
            R"({"Name":"b-2","Text":{"Fn::Sub":"b-2-x"},"Plain":"b-2"}}}})");
}

TEST(LanguageExtensions, UnrollLoopsInLoopsPropertiesAndOutputs) {
  EXPECT_EQ(expanded(std::string(kExtended) + R"(
Parameters: {Letters: {Type: CommaDelimitedList, Default: 'x,y'}}
Mappings: {M: {K: {V: [p]}}}
Conditions:
  Fn::ForEach::C: [I, !Ref Letters, {'Is${I}': !Equals [a, !Ref I]}]
Resources:
  R:
    Type: T
    Properties:
      Fn::ForEach::P: [I, !FindInMap [M, K, V], {'P${I}': !Ref I}]
Outputs:
  Fn::ForEach::O:
    - I
    - !Ref Letters
    - Fn::ForEach::Q:
        - J
        - [Arn]
        - '${I}${J}': {Value: !GetAtt ['R', !Ref J]}
)"),
            R"({"Parameters":{"Letters":{"Type":"CommaDelimitedList","Default":"x,y"}},)"
            R"("Mappings":{"M":{"K":{"V":["p"]}}},"Conditions":{"Isx":{"Fn::Equals":["a","x"]},)"
            R"("Isy":{"Fn::Equals":["a","y"]}},"Resources":{"R":{"Type":"T","Properties":)"
            R"({"Pp":"p"}}},"Outputs":{"xArn":{"Value":{"Fn::GetAtt":["R","Arn"]}},)"
            R"("yArn":{"Value":{"Fn::GetAtt":["R","Arn"]}}}})");
}

TEST(LanguageExtensions, SettleNamesAndPolicies) {
  EXPECT_EQ(expanded(std::string(kExtended) + R"(
Parameters: {Env: {Type: String, Default: prod}}
Conditions: {IsProd: !Equals [!Ref Env, prod]}
Resources:
  Rprod: {Type: T, DeletionPolicy: !If [IsProd, Retain, Delete], UpdateReplacePolicy: !Ref Env}
  B: {Type: T, DependsOn: !Sub 'R${Env}', Properties: {X: !GetAtt [!Sub 'R${Env}', Arn]}}
)"),
            R"({"Parameters":{"Env":{"Type":"String","Default":"prod"}},"Conditions":{"IsProd":)"
            R"({"Fn::Equals":[{"Ref":"Env"},"prod"]}},"Resources":{"Rprod":{"Type":"T",)"
            R"("DeletionPolicy":"Retain","UpdateReplacePolicy":"prod"},"B":{"Type":"T",)"
            R"("DependsOn":"Rprod","Properties":{"X":{"Fn::GetAtt":["Rprod","Arn"]}}}}})");
}

TEST(LanguageExtensions, NameTheLoopThatIsMalformed) {
  struct Case {
    const char* resources;
    const char* says;
  };
  for (const Case& test : {
           Case{"{'Fn::ForEach::L': [I, [a]]}", "Fn::ForEach::L takes an identifier"},
           Case{"{'Fn::ForEach::L': [I, a, {}]}", "takes a collection that is a list"},
           Case{"{'Fn::ForEach::L': [I, [{}], {}]}", "takes a collection of texts"},
           Case{"{'Fn::ForEach::L': [I, [a, b], {Same: {}}]}", "gives the member 'Same' twice"},
           Case{"{'Fn::ForEach::L': [I, [a], {B: {}}], 'Fn::ForEach::M': [I, [a], {B: {}}]}",
                "gives the member 'B' twice"},
           Case{"{'Fn::ForEach::L': [I, !Ref Unknown, {}]}", "Unknown"},
           Case{"{'Fn::ForEach::A': [I, [a], {'Fn::ForEach::B': [J, [a], {'Fn::ForEach::C': [K, "
                "[a], {'Fn::ForEach::D': [L, [a], {'Fn::ForEach::E': [M, [a], {'Fn::ForEach::F': "
                "[N, [a], {X: 1}]}]}]}]}]}]}",
                "Fn::ForEach::F nests deeper than 5"},
       }) {
    const std::string said = expanded(std::string(kExtended) + "Resources: " + test.resources);
    EXPECT_NE(said.find(test.says), std::string::npos) << test.resources << " gave " << said;
  }
}

TEST(LanguageExtensions, BoundWhatLoopsGive) {
  std::string list;
  for (int i = 0; i < 200; ++i) list += (i == 0 ? "" : ",") + std::to_string(i);
  const std::string said =
      expanded(std::string(kExtended) + "Resources: {'Fn::ForEach::A': [I, [" + list +
               "], {'Fn::ForEach::B': [J, [" + list + "], {'X&{I}x&{J}': {}}]}]}");
  EXPECT_NE(said.find("gives more than 10000 members"), std::string::npos) << said;
}

TEST(LanguageExtensions, AreLeftAloneWithoutTheirTransform) {
  EXPECT_EQ(expanded("Resources: {'Fn::ForEach::L': [I, [a], {}]}"),
            R"({"Resources":{"Fn::ForEach::L":["I",["a"],{}]}})");
}

TEST(Expansion, KnowsParametersByTheirDefaultsAndWhatIsGiven) {
  const json::Object declared =
      json::parse_object(R"({"A":{"Type":"String","Default":"a"},"B":{"Type":"String"},)"
                         R"("C":{"Type":"String"},"D":7,"E":{"Type":"Odd","Default":"e"}})")
          .value();
  const Parameters known = known_parameters(declared, {{"C", "c"}});
  ASSERT_EQ(known.size(), 2u);
  EXPECT_EQ(known.at("A").text, "a");
  EXPECT_EQ(known.at("C").text, "c");
}

TEST(Expansion, NamesTheLineOfATransformThatIsNotThere) {
  EXPECT_EQ(expanded("Resources: {}\nTransform:\n- AWS::Include\n"),
            "stator does not support the transform AWS::Include (line 2)");
}

}  // namespace
}  // namespace stator::cloudformation
