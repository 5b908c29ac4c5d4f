#include <gtest/gtest.h>

#include "cloudformation/test_lab.hpp"

namespace stator::cloudformation {
namespace {

/// A table and a function that is told its name; Name replaces, Memory changes in place.
constexpr const char* kTemplate = R"(
Parameters:
  Name: {Type: String, Default: one}
  Memory: {Type: String, Default: "128"}
  Secret: {Type: String, Default: s1, NoEcho: true}
Resources:
  Table:
    Type: AWS::DynamoDB::Table
    Properties: {TableName: !Ref Name, KeySchema: [], AttributeDefinitions: []}
  Fn:
    Type: AWS::Lambda::Function
    Properties:
      Role: arn:aws:iam::111122223333:role/r
      Code: {S3Bucket: b, S3Key: k}
      MemorySize: !Ref Memory
      Environment: {Variables: {TABLE: !Ref Table, SECRET: !Ref Secret, FIXED: f}}
)";

class ChangeSetTest : public StackLab {
 protected:
  Result<json::Object> create(const std::string& type, json::Object more = {},
                              const std::string& name = "c1") {
    more["ChangeSetName"] = name;
    more["ChangeSetType"] = type;
    return deploy("CreateChangeSet", kTemplate, std::move(more));
  }
  json::Object described(const std::string& name = "c1", bool with_values = true) {
    const auto answer = run(
        "DescribeChangeSet",
        {{"StackName", "items"}, {"ChangeSetName", name}, {"IncludePropertyValues", with_values}});
    EXPECT_TRUE(answer) << (answer ? "" : answer.error().message);
    return answer ? *answer : json::Object();
  }
  Result<json::Object> execute(const std::string& name = "c1", json::Object more = {}) {
    more["StackName"] = "items";
    more["ChangeSetName"] = name;
    return run("ExecuteChangeSet", more);
  }
  void make_stack() {
    ASSERT_TRUE(create("CREATE"));
    ASSERT_TRUE(execute());
    ASSERT_EQ(status(), "CREATE_COMPLETE");
  }
  static std::string text(const json::Object& object, const char* name) {
    return json::find_string(object, name).value_or("");
  }
  static json::Object parameter(const char* key, const char* value) {
    return {{"ParameterKey", key}, {"ParameterValue", value}};
  }
};

TEST_F(ChangeSetTest, MakesAStackThatIsInReviewUntilThen) {
  const auto made = create("CREATE", {{"Description", "first"}});
  ASSERT_TRUE(made) << made.error().message;
  EXPECT_TRUE(
      text(*made, "Id").starts_with("arn:aws:cloudformation:eu-west-1:111122223333:changeSet/c1/"));
  EXPECT_EQ(status(), "REVIEW_IN_PROGRESS");
  EXPECT_EQ(events(), std::vector<std::string>{"REVIEW_IN_PROGRESS items"});
  EXPECT_TRUE(world_.calls.empty());

  const json::Object set = described();
  EXPECT_EQ(text(set, "Status"), "CREATE_COMPLETE");
  EXPECT_EQ(text(set, "ExecutionStatus"), "AVAILABLE");
  EXPECT_EQ(text(set, "Description"), "first");
  ASSERT_EQ(set.at("Changes").get_array().size(), 2u);
  EXPECT_EQ(json::dump(set.at("Changes").get_array()[0]),
            R"({"Type":"Resource","ResourceChange":{"Action":"Add","LogicalResourceId":"Table",)"
            R"("ResourceType":"AWS::DynamoDB::Table","Scope":[],"Details":[],"AfterContext":)"
            R"("{\"Properties\":{\"TableName\":\"one\",\"KeySchema\":[],)"
            R"(\"AttributeDefinitions\":[]}}"}})");

  const std::string id(stack().at("StackId").get_string());
  ASSERT_TRUE(execute());
  EXPECT_EQ(status(), "CREATE_COMPLETE");
  EXPECT_EQ(stack().at("StackId"), json::Value(id));
  EXPECT_EQ(text(stack(), "ChangeSetId"), text(*made, "Id"));
  EXPECT_EQ(text(described(), "ExecutionStatus"), "EXECUTE_COMPLETE");
  EXPECT_EQ(run("ListChangeSets", {{"StackName", "items"}})->at("Summaries").get_array().size(),
            0u);
}

TEST_F(ChangeSetTest, ShowsWhatWouldChangeAndWhy) {
  make_stack();
  world_.forget();
  ASSERT_TRUE(create(
      "UPDATE", {{"Parameters", json::Array{parameter("Name", "two"), parameter("Memory", "256"),
                                            parameter("Secret", "s2")}}}));
  EXPECT_TRUE(world_.calls.empty());
  const json::Object set = described();
  const json::Array& changes = set.at("Changes").get_array();
  ASSERT_EQ(changes.size(), 2u);
  const json::Object& table = changes[0].at("ResourceChange").get_object();
  EXPECT_EQ(text(table, "Action"), "Modify");
  EXPECT_EQ(text(table, "Replacement"), "True");
  EXPECT_EQ(text(table, "PolicyAction"), "ReplaceAndDelete");
  EXPECT_EQ(text(table, "PhysicalResourceId"), "one");
  EXPECT_EQ(json::dump(table.at("Details")),
            R"([{"Target":{"Attribute":"Properties","Name":"TableName","RequiresRecreation":)"
            R"("Always","Path":"/Properties/TableName","AttributeChangeType":"Modify",)"
            R"("BeforeValue":"one","AfterValue":"two"},"Evaluation":"Static","ChangeSource":)"
            R"("ParameterReference","CausingEntity":"Name"}])");
  const json::Object& function = changes[1].at("ResourceChange").get_object();
  EXPECT_EQ(text(function, "Replacement"), "False");
  std::vector<std::string> details;
  for (const json::Value& item : function.at("Details").get_array()) {
    const json::Object& detail = item.get_object();
    const json::Object& target = detail.at("Target").get_object();
    details.push_back(text(target, "Path") + " " + text(target, "BeforeValue") + " " +
                      text(target, "AfterValue") + " " + text(detail, "Evaluation") + " " +
                      text(detail, "CausingEntity"));
  }
  EXPECT_EQ(details[0], "/Properties/MemorySize 128 256 Static Memory");
  EXPECT_NE(std::find(details.begin(), details.end(),
                      "/Properties/Environment/Variables/TABLE one "
                      "{{changeSet:KNOWN_AFTER_APPLY}} Dynamic Table"),
            details.end());
  // Nothing of the hidden parameter is to be seen, here or in the contexts.
  const std::string all = json::dump(set);
  EXPECT_EQ(all.find("s1"), std::string::npos) << all;
  EXPECT_EQ(all.find("s2"), std::string::npos) << all;

  ASSERT_TRUE(execute());
  EXPECT_EQ(status(), "UPDATE_COMPLETE");
  EXPECT_TRUE(world_.alive.contains("table two"));
  EXPECT_FALSE(world_.alive.contains("table one"));
}

TEST_F(ChangeSetTest, LeavesValuesOutUnlessAskedFor) {
  make_stack();
  ASSERT_TRUE(create("UPDATE", {{"Parameters", json::Array{parameter("Memory", "256")}}}));
  const json::Object set = described("c1", false);
  EXPECT_EQ(json::dump(set.at("Changes")),
            R"([{"Type":"Resource","ResourceChange":{"Action":"Modify","LogicalResourceId":"Fn",)"
            R"("ResourceType":"AWS::Lambda::Function","Scope":["Properties"],"Details":[)"
            R"({"Target":{"Attribute":"Properties","Name":"MemorySize","RequiresRecreation":)"
            R"("Never"},"Evaluation":"Static","ChangeSource":"ParameterReference",)"
            R"("CausingEntity":"Memory"}],"PhysicalResourceId":")" +
                text(set.at("Changes").get_array()[0].at("ResourceChange").get_object(),
                     "PhysicalResourceId") +
                R"(","Replacement":"False"}}])");
}

TEST_F(ChangeSetTest, FailsWhereThereIsNothingToDo) {
  make_stack();
  ASSERT_TRUE(create("UPDATE"));
  const json::Object set = described();
  EXPECT_EQ(text(set, "Status"), "FAILED");
  EXPECT_EQ(text(set, "ExecutionStatus"), "UNAVAILABLE");
  EXPECT_EQ(text(set, "StatusReason"),
            "The submitted information didn't contain changes. Submit different information to "
            "create a change set.");
  const auto refused = execute();
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().aws_type, "InvalidChangeSetStatus");
  // Its name is free for one that has something to do.
  EXPECT_TRUE(create("UPDATE", {{"Parameters", json::Array{parameter("Memory", "256")}}}));
  EXPECT_EQ(text(described(), "Status"), "CREATE_COMPLETE");
}

TEST_F(ChangeSetTest, ShowsWhoBearsTheStacksNewTags) {
  make_stack();
  ASSERT_TRUE(
      create("UPDATE", {{"Tags", json::Array{json::Object{{"Key", "k"}, {"Value", "v"}}}}}));
  const json::Object set = described("c1", false);
  ASSERT_EQ(set.at("Changes").get_array().size(), 2u) << json::dump(set);
  const json::Object& table = set.at("Changes").get_array()[0].at("ResourceChange").get_object();
  EXPECT_EQ(text(table, "LogicalResourceId"), "Table");
  EXPECT_EQ(json::dump(table.at("Scope")), R"(["Tags"])");
  EXPECT_EQ(json::dump(table.at("Details")),
            R"([{"Target":{"Attribute":"Tags","RequiresRecreation":"Never"},"Evaluation":)"
            R"("Static","ChangeSource":"DirectModification"}])");
}

TEST_F(ChangeSetTest, TakesPreviousTemplateAndValues) {
  make_stack();
  ASSERT_TRUE(run("CreateChangeSet",
                  {{"StackName", "items"},
                   {"ChangeSetName", "c1"},
                   {"UsePreviousTemplate", "true"},
                   {"Capabilities", ""},
                   {"Parameters", json::Array{parameter("Memory", "256"),
                                              json::Object{{"ParameterKey", "Secret"},
                                                           {"UsePreviousValue", "true"}}}}}));
  EXPECT_EQ(described().at("Changes").get_array().size(), 1u);
  EXPECT_NE(json::dump(described().at("Parameters"))
                .find(R"({"ParameterKey":"Secret","ParameterValue":"****"})"),
            std::string::npos);
}

TEST_F(ChangeSetTest, IsObsoleteOnceItsStackHasChanged) {
  make_stack();
  const json::Array more{parameter("Memory", "256")}, less{parameter("Memory", "64")};
  ASSERT_TRUE(create("UPDATE", {{"Parameters", more}}, "c1"));
  ASSERT_TRUE(create("UPDATE", {{"Parameters", less}}, "c2"));
  ASSERT_TRUE(
      deploy("UpdateStack", kTemplate, {{"Parameters", json::Array{parameter("Memory", "512")}}}));
  EXPECT_EQ(text(described("c1"), "ExecutionStatus"), "OBSOLETE");
  const auto refused = execute("c1");
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().aws_type, "InvalidChangeSetStatus");

  // The others go when one is executed.
  ASSERT_TRUE(create("UPDATE", {{"Parameters", more}}, "c3"));
  ASSERT_TRUE(execute("c3"));
  EXPECT_FALSE(run("DescribeChangeSet", {{"StackName", "items"}, {"ChangeSetName", "c1"}}));
  EXPECT_FALSE(execute("c3"));
}

TEST_F(ChangeSetTest, IsFoundByItsIdAlone) {
  const auto made = create("CREATE");
  const std::string id = text(*made, "Id");
  EXPECT_TRUE(run("DescribeChangeSet", {{"ChangeSetName", id}}));
  EXPECT_EQ(authorizer_.asked, "cloudformation:DescribeChangeSet " + text(*made, "StackId"));
  EXPECT_FALSE(run("DescribeChangeSet", {{"ChangeSetName", "c1"}}));
  EXPECT_TRUE(run("DeleteChangeSet", {{"ChangeSetName", id}}));
  const auto gone = run("DescribeChangeSet", {{"ChangeSetName", id}});
  ASSERT_FALSE(gone);
  EXPECT_EQ(gone.error().aws_type, "ChangeSetNotFound");
  // Clients delete what may not be there; the stack in review stays.
  EXPECT_TRUE(run("DeleteChangeSet", {{"StackName", "items"}, {"ChangeSetName", "c1"}}));
  EXPECT_EQ(status(), "REVIEW_IN_PROGRESS");
}

TEST_F(ChangeSetTest, GoesWithItsStack) {
  const auto made = create("CREATE");
  ASSERT_TRUE(run("DeleteStack", {{"StackName", "items"}}));
  EXPECT_FALSE(run("DescribeChangeSet", {{"ChangeSetName", text(*made, "Id")}}));
  EXPECT_FALSE(run("DescribeStacks", {{"StackName", "items"}}));
}

TEST_F(ChangeSetTest, IsMadeOnceForOneToken) {
  const auto first = create("CREATE", {{"ClientToken", "t"}});
  const auto second = create("CREATE", {{"ClientToken", "t"}});
  ASSERT_TRUE(second) << second.error().message;
  EXPECT_EQ(text(*first, "Id"), text(*second, "Id"));
  const auto other = create("CREATE");
  ASSERT_FALSE(other);
  EXPECT_EQ(other.error().aws_type, "AlreadyExistsException");
}

TEST_F(ChangeSetTest, IsReadFromTheServersOwnBuckets) {
  world_.objects["b/k"] = kTemplate;
  ASSERT_TRUE(run("CreateChangeSet", {{"StackName", "items"},
                                      {"ChangeSetName", "c1"},
                                      {"ChangeSetType", "CREATE"},
                                      {"TemplateURL", "http://127.0.0.1/b/k"}}));
  EXPECT_EQ(described().at("Changes").get_array().size(), 2u);
}

TEST_F(ChangeSetTest, IsRefusedBeforeAnythingIsKept) {
  struct Case {
    json::Object members;
    const char* says;
  };
  const json::Object base{{"StackName", "items"},
                          {"ChangeSetName", "c1"},
                          {"ChangeSetType", "CREATE"},
                          {"TemplateBody", kTemplate}};
  const Case cases[] = {
      {{{"ChangeSetType", "IMPORT"}}, "ChangeSetType IMPORT"},
      {{{"ChangeSetType", "OTHER"}}, "CREATE or UPDATE"},
      {{{"ChangeSetType", "UPDATE"}}, "Stack [items] does not exist"},
      {{{"ChangeSetName", "1"}}, "'changeSetName'"},
      {{{"ChangeSetName", nullptr}}, "'changeSetName'"},
      {{{"StackName", "a_b"}}, "'stackName'"},
      {{{"TemplateBody", "Resources: {}"}}, "At least one Resources member"},
      {{{"TemplateBody", nullptr}}, "Either Template URL or Template Body"},
      {{{"TemplateBody", nullptr}, {"TemplateURL", "http://h/b/none"}}, "S3 error"},
      {{{"TemplateBody", nullptr}, {"UsePreviousTemplate", "true"}}, "usePreviousTemplate"},
      {{{"ImportExistingResources", "perhaps"}}, "ImportExistingResources"},
      {{{"ResourcesToImport", json::Array()}}, "ResourcesToImport"},
      {{{"OnStackFailure", "PANIC"}}, "OnStackFailure"},
      {{{"DeploymentConfig", json::Object{{"Mode", "EXPRESS"}}}}, "EXPRESS"},
      {{{"DeploymentMode", "REVERT_DRIFT"}}, "DeploymentMode"},
  };
  for (const Case& test : cases) {
    json::Object members = base;
    for (const auto& member : test.members) members[member.key()] = member.value();
    const auto refused = run("CreateChangeSet", members);
    ASSERT_FALSE(refused) << test.says;
    EXPECT_NE(refused.error().message.find(test.says), std::string::npos)
        << refused.error().message;
  }
  EXPECT_FALSE(run("DescribeStacks", {{"StackName", "items"}}));
}

TEST_F(ChangeSetTest, CannotMakeAStackThatIsThere) {
  make_stack();
  const auto refused = create("CREATE", {}, "c2");
  ASSERT_FALSE(refused);
  EXPECT_NE(refused.error().message.find("already exists and cannot be created again"),
            std::string::npos);
}

TEST_F(ChangeSetTest, KeepsAStackInReviewForItself) {
  ASSERT_TRUE(create("CREATE"));
  const auto refused = deploy("CreateStack", kTemplate);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().aws_type, "AlreadyExistsException");
  EXPECT_FALSE(deploy("UpdateStack", kTemplate));
  EXPECT_FALSE(create("UPDATE", {}, "c2"));
}

TEST_F(ChangeSetTest, ListsWhatWaits) {
  ASSERT_TRUE(create("CREATE", {}, "b"));
  ASSERT_TRUE(create("CREATE", {}, "a"));
  const auto listed = run("ListChangeSets", {{"StackName", "items"}});
  const json::Array& summaries = listed->at("Summaries").get_array();
  ASSERT_EQ(summaries.size(), 2u);
  EXPECT_EQ(text(summaries[0].get_object(), "ChangeSetName"), "a");
  EXPECT_EQ(text(summaries[1].get_object(), "ExecutionStatus"), "AVAILABLE");
  EXPECT_FALSE(run("ListChangeSets", {{"StackName", "nobody"}}));
}

}  // namespace
}  // namespace stator::cloudformation
