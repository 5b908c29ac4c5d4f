#include "cloudformation/exports.hpp"

#include <gtest/gtest.h>

#include "cloudformation/engine_lab.hpp"

namespace stator::cloudformation {
namespace {

std::string exporter(const std::string& value, const std::string& name = "shared") {
  return "Resources: {A: {Type: AWS::SSM::Parameter, Properties: {Type: String, Value: " + value +
         "}}}\nOutputs: {O: {Value: !GetAtt A.Value, Export: {Name: " + name + "}}}\n";
}
constexpr const char* kImporter =
    "Resources: {B: {Type: AWS::SSM::Parameter, Properties: {Name: b, Type: String, "
    "Value: !ImportValue shared}}}\n";

TEST(Exports, GoFromStackToStack) {
  EngineLab lab;
  const auto early = lab.deploy("CreateStack", kImporter, {}, "user");
  ASSERT_FALSE(early);
  EXPECT_NE(early.error().message.find("No export named shared found"), std::string::npos)
      << early.error().message;
  ASSERT_TRUE(lab.deploy("CreateStack", exporter("one"), {}, "base"));
  const auto made = lab.deploy("CreateStack", kImporter, {}, "user");
  ASSERT_TRUE(made) << made.error().message;
  EXPECT_NE(lab.world.state().find(R"(parameter b = {"Value":"one")"), std::string::npos)
      << lab.world.state();
  const auto exports = lab.run("ListExports", {});
  EXPECT_EQ(json::dump(exports->at("Exports")), R"([{"ExportingStackId":")" +
                                                    lab.record("base").identity.id +
                                                    R"(","Name":"shared","Value":"one"}])");
  const auto imports = lab.run("ListImports", {{"ExportName", "shared"}});
  EXPECT_EQ(json::dump(imports->at("Imports")), R"(["user"])");
}

TEST(Exports, InUseTheyNeitherChangeNorGo) {
  EngineLab lab;
  ASSERT_TRUE(lab.deploy("CreateStack", exporter("one"), {}, "base"));
  ASSERT_TRUE(lab.deploy("CreateStack", kImporter, {}, "user"));
  const std::string world = lab.world.state();
  ASSERT_TRUE(lab.deploy("UpdateStack", exporter("two"), {}, "base"));
  EXPECT_EQ(lab.status("base"), "UPDATE_ROLLBACK_COMPLETE");
  EXPECT_EQ(lab.world.state(), world);
  const auto events = lab.run("DescribeStackEvents", {{"StackName", "base"}});
  EXPECT_NE(json::dump(*events).find("Export shared cannot be updated as it is in use by user"),
            std::string::npos);
  ASSERT_TRUE(lab.run("DeleteStack", {{"StackName", "base"}}));
  EXPECT_EQ(lab.status("base"), "DELETE_FAILED");
  EXPECT_EQ(lab.record("base").reason, "Export shared cannot be deleted as it is in use by user");
  EXPECT_EQ(lab.world.state(), world);
  ASSERT_TRUE(lab.run("DeleteStack", {{"StackName", "user"}}));
  ASSERT_TRUE(lab.run("DeleteStack", {{"StackName", "base"}}));
  EXPECT_TRUE(lab.world.empty());
}

TEST(Exports, HaveOneOwner) {
  EngineLab lab;
  ASSERT_TRUE(lab.deploy("CreateStack", exporter("one"), {}, "base"));
  ASSERT_TRUE(lab.deploy("CreateStack", exporter("two"), {}, "other"));
  EXPECT_EQ(lab.status("other"), "ROLLBACK_COMPLETE");
  ASSERT_TRUE(lab.run("DeleteStack", {{"StackName", "other"}}));
  ASSERT_TRUE(lab.deploy("CreateStack", exporter("two", "another"), {}, "other"));
  EXPECT_EQ(lab.status("other"), "CREATE_COMPLETE");
  const auto exports = list_exports(lab.stacks->records(), lab.call.account, lab.call.region);
  ASSERT_EQ(exports->size(), 2u);
  EXPECT_EQ((*exports)[0].name, "another");
}

}  // namespace
}  // namespace stator::cloudformation
