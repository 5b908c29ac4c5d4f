#include "cloudformation/nested.hpp"

#include <gtest/gtest.h>

#include "cloudformation/engine_lab.hpp"

namespace stator::cloudformation {
namespace {

std::string inner(const std::string& more = "") {
  return "Parameters: {Text: {Type: String, Default: d}}\n"
         "Resources:\n"
         "  P: {Type: AWS::SSM::Parameter, Properties: {Type: String, Value: !Ref Text}}\n" +
         more + "Outputs: {Out: {Value: !Sub 'in-${P.Value}'}}\n";
}
constexpr const char* kMore =
    "  Q: {Type: AWS::SSM::Parameter, Properties: {Type: String, Value: q}}\n";

std::string outer(const std::string& url, const std::string& text, const std::string& more = "") {
  return "Resources:\n"
         "  N: {Type: AWS::CloudFormation::Stack, Properties: {TemplateURL: 'http://host/b/" +
         url + "', Parameters: {Text: " + text +
         "}}}\n"
         "  R: {Type: AWS::SSM::Parameter, Properties: {Type: String, Value: !GetAtt "
         "N.Outputs.Out}}\n" +
         more + "Outputs: {Nested: {Value: !Ref N}}\n";
}

struct NestedTest : public ::testing::Test {
  NestedTest() {
    lab.world.templates["b/one"] = inner();
    lab.world.templates["b/two"] = inner(kMore);
  }
  EngineLab lab;
};

TEST_F(NestedTest, IsMadeChangedAndRemovedWithTheOuterOne) {
  const auto made = lab.deploy("CreateStack", outer("one", "x"));
  ASSERT_TRUE(made) << made.error().message;
  ASSERT_EQ(lab.status(), "CREATE_COMPLETE");
  const std::string id = lab.output("Nested");
  const StackRecord nested = lab.record(id);
  EXPECT_TRUE(nested.identity.name.starts_with("s-N-")) << nested.identity.name;
  EXPECT_EQ(nested.status, "CREATE_COMPLETE");
  EXPECT_EQ(nested.parent_id, lab.record().identity.id);
  EXPECT_EQ(nested.root_id, lab.record().identity.id);
  EXPECT_NE(lab.world.state().find(R"("Value":"in-x")"), std::string::npos) << lab.world.state();

  ASSERT_TRUE(lab.deploy("UpdateStack", outer("two", "y")));
  EXPECT_EQ(lab.status(), "UPDATE_COMPLETE");
  EXPECT_EQ(lab.status(id), "UPDATE_COMPLETE");
  EXPECT_EQ(lab.record(id).resources.size(), 2u);
  EXPECT_NE(lab.world.state().find(R"("Value":"in-y")"), std::string::npos);
  ASSERT_TRUE(lab.deploy("UpdateStack", outer("one", "y")));
  EXPECT_EQ(lab.world.state().find(R"("Value":"q")"), std::string::npos) << lab.world.state();

  ASSERT_TRUE(lab.run("DeleteStack", {{"StackName", "s"}}));
  EXPECT_EQ(lab.status(id), "DELETE_COMPLETE");
  EXPECT_TRUE(lab.world.empty()) << lab.world.state();
}

TEST_F(NestedTest, WhatTheTemplateBehindTheUrlHasBecomeIsDeployed) {
  ASSERT_TRUE(lab.deploy("CreateStack", outer("one", "x")));
  lab.world.templates["b/one"] = inner(kMore);
  ASSERT_TRUE(lab.deploy("UpdateStack", outer("one", "x", kMore)));
  EXPECT_EQ(lab.record(lab.output("Nested")).resources.size(), 2u);
}

TEST_F(NestedTest, GoesBackWithTheOuterOne) {
  ASSERT_TRUE(lab.deploy("CreateStack", outer("two", "x")));
  const std::string world = lab.world.state(), seen = lab.description();
  const std::string id = lab.output("Nested"), nested = lab.description(id);
  // Calls of the update to "one": P, then R; of what it removes none, before the outer one is done.
  for (const std::size_t failing : {1u, 2u}) {
    const std::size_t wanted = lab.world.count() + failing;
    lab.world.before = [wanted](std::size_t now) -> Result<void> {
      if (now == wanted) return invalid("no luck");
      return {};
    };
    ASSERT_TRUE(lab.deploy("UpdateStack", outer("one", "y")));
    EXPECT_EQ(lab.status(), "UPDATE_ROLLBACK_COMPLETE") << failing;
    EXPECT_EQ(lab.status(id), "UPDATE_ROLLBACK_COMPLETE") << failing;
    EXPECT_EQ(lab.world.state(), world) << failing;
    EXPECT_EQ(lab.description(), seen) << failing;
    EXPECT_EQ(lab.description(id), nested) << failing;
  }
  const auto events = lab.run("DescribeStackEvents", {{"StackName", "s"}});
  EXPECT_NE(json::dump(*events).find("was not successfully updated. Currently in "
                                     "UPDATE_ROLLBACK_COMPLETE"),
            std::string::npos);
}

TEST_F(NestedTest, ThatCannotBeMadeTakesTheOuterOneBack) {
  lab.world.templates["b/bad"] = "Resources: {X: {Type: AWS::EC2::Instance}}";
  for (const char* url : {"bad", "nothing"}) {
    ASSERT_TRUE(lab.deploy("CreateStack", outer(url, "x")));
    EXPECT_EQ(lab.status(), "ROLLBACK_COMPLETE");
    EXPECT_TRUE(lab.world.empty());
    ASSERT_TRUE(lab.run("DeleteStack", {{"StackName", "s"}}));
  }
  EXPECT_TRUE(lab.stacks->records().list(lab.call.account, lab.call.region).value().size() >= 2u);
}

TEST_F(NestedTest, DepthIsBounded) {
  // A template that nests itself ends at the bound instead of going on for ever.
  lab.world.templates["b/self"] =
      "Resources: {N: {Type: AWS::CloudFormation::Stack, Properties: {TemplateURL: "
      "'http://host/b/self'}}}";
  ASSERT_TRUE(lab.deploy("CreateStack", lab.world.templates["b/self"]));
  EXPECT_EQ(lab.status(), "ROLLBACK_COMPLETE");
  const auto records = lab.stacks->records().list(lab.call.account, lab.call.region);
  EXPECT_LE(records->size(), kNestingMax + 2);
}

TEST_F(NestedTest, ACrashInItIsUndoneByTheOuterOne) {
  for (const bool is_update : {false, true}) {
    for (std::size_t at = 1; at <= 3; ++at) {
      EngineLab crashing;
      crashing.world.templates = lab.world.templates;
      if (is_update) {
        ASSERT_TRUE(crashing.deploy("CreateStack", outer("one", "x")));
      }
      const std::string world = crashing.world.state();
      const std::size_t wanted = crashing.world.count() + at;
      crashing.world.after = [&](std::size_t now) {
        if (now == wanted) crashing.crash();
      };
      (void)crashing.deploy(is_update ? "UpdateStack" : "CreateStack", outer("two", "y"));
      crashing.restart();
      EXPECT_EQ(crashing.status(), is_update ? "UPDATE_ROLLBACK_COMPLETE" : "ROLLBACK_COMPLETE");
      EXPECT_EQ(crashing.world.state(), world) << is_update << " at " << at;
    }
  }
}

}  // namespace
}  // namespace stator::cloudformation
