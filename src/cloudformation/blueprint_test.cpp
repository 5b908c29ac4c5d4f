#include "cloudformation/blueprint.hpp"

#include <gtest/gtest.h>

namespace stator::cloudformation {
namespace {

BlueprintInput input(std::string body) {
  return {std::move(body),
          {},
          {"CAPABILITY_NAMED_IAM", "CAPABILITY_AUTO_EXPAND"},
          {"s", "arn:s", "0", "r"}};
}

constexpr const char* kLogs = "AWS::Logs::LogGroup";

std::string order_of(const std::string& body) {
  const auto blueprint = make_blueprint(input(body));
  if (!blueprint) return blueprint.error().message;
  std::string order;
  for (const Declaration* resource : (*blueprint)->order) order += resource->logical_id + " ";
  return order;
}

TEST(Blueprint, PutsWhatIsNeededFirst) {
  EXPECT_EQ(order_of(R"(
Resources:
  A: {Type: AWS::Logs::LogGroup, Properties: {LogGroupName: !Sub 'x-${C.Arn}'}}
  B: {Type: AWS::Logs::LogGroup, DependsOn: [A, D]}
  C: {Type: AWS::Logs::LogGroup}
  D: {Type: AWS::Logs::LogGroup, Properties: {LogGroupName: !Ref A}}
)"),
            "C A D B ");
}

TEST(Blueprint, LeavesOutWhatItsConditionForbids) {
  EXPECT_EQ(order_of(R"(
Parameters: {Stage: {Type: String, Default: test}}
Conditions: {IsProd: !Equals [!Ref Stage, prod]}
Resources:
  A: {Type: AWS::KMS::Key, Properties: {Enabled: true}, Condition: IsProd}
  B: {Type: AWS::Logs::LogGroup, Properties: {LogGroupName: !If [IsProd, !GetAtt A.Arn, b]}}
Outputs:
  O: {Condition: IsProd, Value: !Ref A}
)"),
            "B ");
}

TEST(Blueprint, RefusesFaultyTemplatesBeforeAnythingIsMade) {
  struct Case {
    std::string body;
    const char* says;
  };
  const std::string group = std::string("{Type: ") + kLogs + "}";
  const Case cases[] = {
      {"", "Template format error"},
      {"Resources: {}", "At least one Resources member must be defined."},
      {"Resources: [a]", "[/Resources] must be an object."},
      {"Resources: {A: {}}", "[/Resources/A] Every Resources object must contain a Type member."},
      {"Resources: {A: 1}", "[/Resources/A]"},
      {"Resources: {a-b: " + group + "}", "Resource name a-b is non alphanumeric."},
      {"Resources: {A: " + group + "}\nHooks: {}", "[Hooks]"},
      {"Resources: {A: {Type: AWS::EC2::Instance}}", "AWS::EC2::Instance"},
      {"Resources: {A: {Type: AWS::Logs::LogGroup, Properties: {Bogus: 1}}}",
       "Resource A (AWS::Logs::LogGroup): stator does not support the property Bogus"},
      {"Resources: {A: {Type: AWS::Lambda::Permission, Properties: {Action: a, Principal: p}}}",
       "Property FunctionName is required"},
      {"Resources: {A: {Type: AWS::Logs::LogGroup, DeletionPolicy: Snapshot}}", "Snapshot"},
      {"Resources: {A: {Type: AWS::Logs::LogGroup, CreationPolicy: {}}}", "'CreationPolicy'"},
      {"Resources: {A: {Type: AWS::Logs::LogGroup, DependsOn: Nobody}}",
       "Unresolved resource dependencies [Nobody] in the Resources block"},
      {"Resources: {A: {Type: AWS::Logs::LogGroup, Properties: {LogGroupName: !Ref B}}}",
       "Unresolved resource dependencies [B] in the Resources block"},
      {"Resources: {A: " + group + "}\nOutputs: {O: {Value: !GetAtt X.Arn}}",
       "Unresolved resource dependencies [X] in the Outputs block"},
      {"Resources: {A: " + group + "}\nOutputs: {O: {Value: !GetAtt A.Size}}",
       "does not support attribute type Size"},
      {"Resources: {A: " + group + "}\nOutputs: {O: {Value: [a]}}", "must evaluate to a String"},
      {"Resources: {A: " + group + "}\nOutputs: {O: {Value: a, Export: {Nom: x}}}",
       "Export must contain a Name and nothing else (line 2)"},
      {"Resources: {A: " + group + "}\nOutputs: {O: {Value: a, Export: {Name: [x]}}}",
       "The Export Name field of every Outputs member must evaluate to a String"},
      {"Resources: {A: " + group + "}\nOutputs: {O: {}}", "must contain a Value object"},
      {"Resources: {A: {Type: AWS::Logs::LogGroup, Condition: No}}",
       "Unresolved condition dependency No"},
      {"Resources: {A: {Type: AWS::Logs::LogGroup, DependsOn: B}, B: {Type: AWS::Logs::LogGroup, "
       "DependsOn: A}}",
       "Circular dependency between resources: [A, B]"},
      {"Resources: {A: {Type: AWS::Logs::LogGroup, Properties: {LogGroupName: !Sub '${A}'}}}",
       "Circular dependency between resources: [A]"},
      {"Resources: {A: {Type: AWS::Logs::LogGroup, Properties: {LogGroupName: !Select [3, [a]]}}}",
       "nonexistent value at index 3"},
      {"Conditions: {C: !Equals [a, b]}\nResources: {A: {Type: AWS::Logs::LogGroup, Condition: C}, "
       "B: {Type: AWS::Logs::LogGroup, Properties: {LogGroupName: !Ref A}}}",
       "its condition is false"},
      {"Parameters: {P: {Type: String}}\nResources: {A: " + group + "}",
       "Parameters: [P] must have values"},
      {"Parameters: {P: {Type: 'AWS::EC2::VPC::Id'}}\nResources: {A: " + group + "}",
       "parameters of type 'AWS::EC2::VPC::Id' (line 1)"},
      {"Parameters: {P: {Type: 'AWS::SSM::Parameter::Value<String>', Default: /a}}\nResources: "
       "{A: " +
           group + "}",
       "Unable to fetch parameters [/a] from parameter store"},
      {"AWSTemplateFormatVersion: 2011-01-01\nResources: {A: " + group + "}",
       "unsupported value for AWSTemplateFormatVersion. (line 1)"},
      {"Description: " + std::string(1025, 'x') + "\nResources: {A: " + group + "}",
       "description is longer than 1024 bytes. (line 1)"},
      {"Resources: {A: {Type: AWS::Logs::LogGroup, UpdatePolicy: {}}}", "'UpdatePolicy' (line 1)"},
      {"Transform: Mine\nResources: {A: " + group + "}", "the transform Mine (line 1)"},
      {"Transform: [AWS::Serverless-2016-10-31, AWS::LanguageExtensions]\nResources: {A: " + group +
           "}",
       "must come before"},
      {"Rules: {R: {Assertions: [{Assert: !Equals [a, b], AssertDescription: no way}]}}\n"
       "Resources: {A: " +
           group + "}",
       "Rule R is not satisfied: no way"},
  };
  for (const Case& test : cases) {
    const auto blueprint = make_blueprint(input(test.body));
    ASSERT_FALSE(blueprint) << test.body;
    EXPECT_NE(blueprint.error().message.find(test.says), std::string::npos)
        << test.body << "\n"
        << blueprint.error().message;
    EXPECT_EQ(blueprint.error().code, ErrorCode::kInvalid) << test.body;
  }
}

TEST(Blueprint, NamesTheLineOfAFault) {
  struct Case {
    const char* body;
    const char* ends;
  };
  for (const Case& test : {
           Case{"Resources:\n  A:\n    Type: AWS::EC2::Instance\n", " (line 3)"},
           Case{"Resources:\n  A:\n    Type: AWS::Logs::LogGroup\n    Properties:\n"
                "      RetentionInDays: 1\n      Bogus: 1\n",
                "Bogus (line 6)"},
           Case{"{\"Resources\": {\n\"A\": {\"Type\": \"AWS::Logs::LogGroup\",\n"
                "\"Properties\": {\n\"LogGroupName\": {\"Ref\": \"B\"}}}}}",
                "block of the template (line 4)"},
           Case{"Resources:\n  A:\n    Type: AWS::Logs::LogGroup\n    Condition: C\n", " (line 4)"},
           Case{"Transform: AWS::Serverless-2016-10-31\nResources:\n  A:\n"
                "    Type: AWS::Serverless::Api\n",
                " (line 4)"},
       }) {
    const auto blueprint = make_blueprint(input(test.body));
    ASSERT_FALSE(blueprint);
    EXPECT_TRUE(blueprint.error().message.ends_with(test.ends)) << blueprint.error().message;
    EXPECT_EQ(blueprint.error().detail_json, "");
  }
}

TEST(Blueprint, ReadsWhatBecomesOfResourcesThatAreNotWanted) {
  const auto blueprint = make_blueprint(input(R"(
Resources:
  A: {Type: AWS::Logs::LogGroup, DeletionPolicy: RetainExceptOnCreate}
  B: {Type: AWS::Logs::LogGroup, DeletionPolicy: Retain, UpdateReplacePolicy: Retain}
  C: {Type: AWS::Logs::LogGroup, DeletionPolicy: Delete}
Outputs:
  O: {Value: !Ref A, Export: {Name: !Sub '${AWS::StackName}-a'}}
)"));
  ASSERT_TRUE(blueprint) << blueprint.error().message;
  const std::vector<Declaration>& made = (*blueprint)->body.resources;
  EXPECT_TRUE(made[0].is_retained && made[0].is_removed_when_creation_fails);
  EXPECT_TRUE(made[1].is_retained && made[1].is_retained_when_replaced);
  EXPECT_FALSE(made[1].is_removed_when_creation_fails || made[2].is_retained);
  EXPECT_EQ(json::dump((*blueprint)->body.outputs[0].export_name.value()),
            R"({"Fn::Sub":"${AWS::StackName}-a"})");
}

TEST(Blueprint, AsksForTheCapabilitiesThatTheTemplateNeeds) {
  struct Case {
    const char* body;
    Capabilities given;
    const char* needed;  ///< "" when they suffice
  };
  const char* role =
      "Resources: {R: {Type: AWS::IAM::Role, Properties: {AssumeRolePolicyDocument: {}}}}";
  const char* named =
      "Resources: {R: {Type: AWS::IAM::Role, Properties: {AssumeRolePolicyDocument: {}, RoleName: "
      "r}}}";
  const char* sam =
      "Transform: AWS::Serverless-2016-10-31\n"
      "Resources: {T: {Type: AWS::Serverless::SimpleTable}}";
  const Case cases[] = {
      {role, {}, "CAPABILITY_IAM"},          {role, {"CAPABILITY_IAM"}, ""},
      {role, {"CAPABILITY_NAMED_IAM"}, ""},  {named, {"CAPABILITY_IAM"}, "CAPABILITY_NAMED_IAM"},
      {named, {"CAPABILITY_NAMED_IAM"}, ""}, {sam, {"CAPABILITY_IAM"}, "CAPABILITY_AUTO_EXPAND"},
      {sam, {"CAPABILITY_AUTO_EXPAND"}, ""},
  };
  for (const Case& test : cases) {
    BlueprintInput wanted = input(test.body);
    wanted.capabilities = test.given;
    const auto blueprint = make_blueprint(wanted);
    if (*test.needed == '\0') {
      EXPECT_TRUE(blueprint) << blueprint.error().message;
    } else {
      ASSERT_FALSE(blueprint);
      EXPECT_EQ(blueprint.error().aws_type, "InsufficientCapabilitiesException");
      EXPECT_EQ(blueprint.error().message,
                std::string("Requires capabilities : [") + test.needed + "]");
    }
  }
}

Result<Parameters> resolve_yaml(const std::string& declared, const GivenParameters& given) {
  return resolve_parameters(json::parse_object(declared).value(), given);
}

TEST(ParametersOfATemplate, TakeTheGivenValueOrTheDefault) {
  const std::string declared =
      R"({"S":{"Type":"String","Default":"d","AllowedValues":["d","e"]},)"
      R"("N":{"Type":"Number","Default":5,"MinValue":1,"MaxValue":"9"},)"
      R"("L":{"Type":"CommaDelimitedList","Default":"a, b"},"H":{"Type":"String","NoEcho":true}})";
  const auto parameters = resolve_yaml(declared, {{"S", "e"}, {"H", "secret"}});
  ASSERT_TRUE(parameters) << parameters.error().message;
  EXPECT_EQ(parameters->at("S").value, json::Value("e"));
  EXPECT_EQ(parameters->at("N").text, "5");
  EXPECT_EQ(json::dump(parameters->at("L").value), R"(["a","b"])");
  EXPECT_TRUE(parameters->at("H").is_hidden);
  EXPECT_FALSE(parameters->at("S").is_hidden);
}

TEST(ParametersOfATemplate, TakeListsOfNumbersAndWhatTheStoreHas) {
  Outside outside;
  outside.parameter = [](std::string_view name) -> Result<StoredParameter> {
    if (name == "/list") return StoredParameter{"StringList", "a,b"};
    if (name == "/text") return StoredParameter{"String", "t"};
    if (name == "/secret") return StoredParameter{"SecureString", "s"};
    return not_found("there is none");
  };
  const auto resolve_one = [&](const std::string& type, const std::string& text) {
    const json::Object declared = {{"P", json::Object{{"Type", type}}}};
    const auto parameters = resolve_parameters(declared, {{"P", text}}, outside);
    return parameters ? json::dump(parameters->at("P").value) : parameters.error().message;
  };
  EXPECT_EQ(resolve_one("List<Number>", "1, 2"), R"(["1","2"])");
  EXPECT_EQ(resolve_one("List<Number>", "1,x"), "Parameter 'P' must be a number.");
  EXPECT_EQ(resolve_one("AWS::SSM::Parameter::Name", "/text"), R"("/text")");
  EXPECT_EQ(resolve_one("AWS::SSM::Parameter::Value<String>", "/text"), R"("t")");
  EXPECT_EQ(resolve_one("AWS::SSM::Parameter::Value<List<String>>", "/list"), R"(["a","b"])");
  EXPECT_EQ(resolve_one("AWS::SSM::Parameter::Value<CommaDelimitedList>", "/list"), R"(["a","b"])");
  for (const char* name : {"/secret", "/list", "/none"}) {
    EXPECT_NE(resolve_one("AWS::SSM::Parameter::Value<String>", name).find("arameters ["),
              std::string::npos)
        << name;
  }
}

TEST(ParametersOfATemplate, RefuseWhatTheDeclarationForbids) {
  struct Case {
    const char* declared;
    GivenParameters given;
    const char* says;
  };
  const Case cases[] = {
      {R"({})", {{"X", "1"}}, "Parameters: [X] do not exist in the template"},
      {R"({"P":{"Type":"String","AllowedValues":["a"]}})", {{"P", "b"}}, "must be one of"},
      {R"({"P":{"Type":"Number"}})", {{"P", "x"}}, "must be a number"},
      {R"({"P":{"Type":"Number","MinValue":2}})", {{"P", "1"}}, "not less than"},
      {R"({"P":{"Type":"Number","MaxValue":2}})", {{"P", "3"}}, "not greater than"},
      {R"({"P":{"Type":"String","MinLength":2}})", {{"P", "x"}}, "at least"},
      {R"({"P":{"Type":"String","MaxLength":2}})", {{"P", "xyz"}}, "at most"},
      {R"({"P":{"Type":"String","MaxLength":1,"ConstraintDescription":"one letter"}})",
       {{"P", "xy"}},
       "Parameter P failed to satisfy constraint: one letter"},
      {R"({"P":7})", {}, "malformed"},
      {R"({"P":{"Type":"String","AllowedPattern":"[a-z]+"}})", {{"P", "a1"}}, "match pattern"},
      {R"({"P":{"Type":"String","AllowedPattern":"[a-z"}})", {{"P", "a"}}, "AllowedPattern]"},
      {R"({"P":{"Type":"CommaDelimitedList","AllowedValues":["a"]}})", {{"P", "a,b"}}, "one of"},
      {R"({"P":{"Type":"String"}})", {{"P", std::string(4097, 'x')}}, "longer than 4096"},
      {R"({"P":{"Type":"String"},"Q":{"Type":"String"}})", {}, "[P, Q] must have values"},
  };
  for (const Case& test : cases) {
    const auto parameters = resolve_yaml(test.declared, test.given);
    ASSERT_FALSE(parameters) << test.declared;
    EXPECT_NE(parameters.error().message.find(test.says), std::string::npos)
        << parameters.error().message;
  }
}

}  // namespace
}  // namespace stator::cloudformation
