#include <gtest/gtest.h>

#include "cloudformation/test_lab.hpp"

namespace stator::cloudformation {
namespace {

constexpr const char* kTemplate = R"(
Parameters:
  Days: {Type: Number, Default: 7, NoEcho: true}
Resources:
  Group:
    Type: AWS::Logs::LogGroup
    Properties: {LogGroupName: /g, RetentionInDays: 7}
  Other:
    Type: AWS::Logs::LogGroup
    Properties: {LogGroupName: /h, RetentionInDays: !Ref Days}
)";

/// A stack of two log groups, the second of which has a secret retention.
class DriftTest : public StackLab {
 protected:
  DriftTest() {
    is({group("/g", 7), group("/h", 7)});
    world_.answers["logs:ListTagsForResource"] = {json::Object{{"tags", json::Object()}}};
  }
  static json::Object group(const char* name, int days) {
    return {{"logGroupName", name}, {"retentionInDays", days}, {"arn", std::string("arn:") + name}};
  }
  void is(json::Array groups) {
    world_.answers["logs:DescribeLogGroups"] = {json::Object{{"logGroups", std::move(groups)}}};
  }
  void make() {
    ASSERT_TRUE(deploy("CreateStack", kTemplate));
    ASSERT_EQ(status(), "CREATE_COMPLETE");
  }
  /// What DescribeStackDriftDetectionStatus says of a new detection.
  json::Object detect(json::Object more = {}) {
    more["StackName"] = "items";
    const auto begun = run("DetectStackDrift", more);
    EXPECT_TRUE(begun) << (begun ? "" : begun.error().message);
    if (!begun) return {};
    const auto found = run("DescribeStackDriftDetectionStatus",
                           {{"StackDriftDetectionId", begun->at("StackDriftDetectionId")}});
    EXPECT_TRUE(found) << (found ? "" : found.error().message);
    return found ? *found : json::Object();
  }
  json::Array drifts(json::Object more = {}) {
    more["StackName"] = "items";
    const auto found = run("DescribeStackResourceDrifts", more);
    EXPECT_TRUE(found) << (found ? "" : found.error().message);
    return found ? found->at("StackResourceDrifts").get_array() : json::Array();
  }
  static std::string text(const json::Value& object, const char* name) {
    return json::find_string(object.get_object(), name).value_or("");
  }
};

TEST_F(DriftTest, NobodyHasLookedAtANewStack) {
  make();
  EXPECT_EQ(json::dump(stack().at("DriftInformation")), R"({"StackDriftStatus":"NOT_CHECKED"})");
  EXPECT_TRUE(drifts().empty());
}

TEST_F(DriftTest, AStackThatIsAsItWasMadeIsInSync) {
  make();
  const json::Object found = detect();
  EXPECT_EQ(text(found, "DetectionStatus"), "DETECTION_COMPLETE");
  EXPECT_EQ(text(found, "StackDriftStatus"), "IN_SYNC");
  EXPECT_EQ(found.at("DriftedStackResourceCount"), json::Value(0));
  EXPECT_EQ(text(stack().at("DriftInformation"), "StackDriftStatus"), "IN_SYNC");
  ASSERT_EQ(drifts().size(), 2u);
}

TEST_F(DriftTest, SaysWhatDiffersAndWhere) {
  make();
  is({group("/g", 30), group("/h", 7)});
  EXPECT_EQ(text(detect(), "StackDriftStatus"), "DRIFTED");
  const json::Array list = drifts({{"StackResourceDriftStatusFilters", json::Array{"MODIFIED"}}});
  ASSERT_EQ(list.size(), 1u);
  EXPECT_EQ(text(list[0], "LogicalResourceId"), "Group");
  EXPECT_EQ(json::dump(list[0].at("PropertyDifferences")),
            R"([{"PropertyPath":"/RetentionInDays","ExpectedValue":"7","ActualValue":"30",)"
            R"("DifferenceType":"NOT_EQUAL"}])");
  EXPECT_EQ(text(list[0], "ExpectedProperties"), R"({"LogGroupName":"/g","RetentionInDays":7})");
  EXPECT_EQ(text(list[0], "ActualProperties"), R"({"LogGroupName":"/g","RetentionInDays":30})");
  const auto listed = run("ListStackResources", {{"StackName", "items"}});
  for (const json::Value& entry : listed->at("StackResourceSummaries").get_array()) {
    EXPECT_EQ(text(entry.at("DriftInformation"), "StackResourceDriftStatus"),
              text(entry, "LogicalResourceId") == "Group" ? "MODIFIED" : "IN_SYNC");
  }
}

TEST_F(DriftTest, KeepsSecretsToItself) {
  make();
  is({group("/g", 7), group("/h", 1827)});
  EXPECT_EQ(text(detect(), "StackDriftStatus"), "DRIFTED");
  const json::Array list = drifts({{"StackResourceDriftStatusFilters", json::Array{"MODIFIED"}}});
  ASSERT_EQ(list.size(), 1u);
  EXPECT_EQ(json::dump(list).find("1827"), std::string::npos) << json::dump(list);
  EXPECT_EQ(text(list[0].at("PropertyDifferences").get_array()[0], "PropertyPath"),
            "/RetentionInDays");
}

TEST_F(DriftTest, FindsWhatIsGone) {
  make();
  is({group("/h", 7)});
  EXPECT_EQ(text(detect(), "StackDriftStatus"), "DRIFTED");
  EXPECT_EQ(text(drifts()[0], "StackResourceDriftStatus"), "DELETED");
}

TEST_F(DriftTest, LooksAtOneResourceAlone) {
  make();
  is({group("/g", 30), group("/h", 30)});
  const auto one =
      run("DetectStackResourceDrift", {{"StackName", "items"}, {"LogicalResourceId", "Group"}});
  ASSERT_TRUE(one) << one.error().message;
  EXPECT_EQ(text(one->at("StackResourceDrift"), "StackResourceDriftStatus"), "MODIFIED");
  EXPECT_EQ(drifts().size(), 1u);
  EXPECT_EQ(detect({{"LogicalResourceIds", json::Array{"Other"}}}).at("DriftedStackResourceCount"),
            json::Value(1));
  EXPECT_FALSE(
      run("DetectStackResourceDrift", {{"StackName", "items"}, {"LogicalResourceId", "None"}}));
  EXPECT_FALSE(
      run("DetectStackDrift", {{"StackName", "items"}, {"LogicalResourceIds", json::Array{"X"}}}));
}

TEST_F(DriftTest, SaysWhyItCouldNotLook) {
  make();
  world_.answers["logs:DescribeLogGroups"] = {
      Error{ErrorCode::kAccessDenied, "not for you", "AccessDeniedException"}};
  const json::Object found = detect();
  EXPECT_EQ(text(found, "DetectionStatus"), "DETECTION_FAILED");
  EXPECT_EQ(text(found, "DetectionStatusReason"),
            "Failed to detect drift on resource(s) [Group, Other]");
  EXPECT_EQ(text(drifts()[0], "DriftStatusReason"), "not for you");
}

TEST_F(DriftTest, IsRefusedForWhatCannotDrift) {
  EXPECT_FALSE(run("DetectStackDrift", {{"StackName", "items"}}));
  EXPECT_FALSE(run("DescribeStackDriftDetectionStatus", {{"StackDriftDetectionId", "x"}}));
  ASSERT_TRUE(
      deploy("CreateChangeSet", kTemplate, {{"ChangeSetName", "c"}, {"ChangeSetType", "CREATE"}}));
  EXPECT_FALSE(run("DetectStackDrift", {{"StackName", "items"}}));
  EXPECT_FALSE(run("DescribeStackResourceDrifts", {{"StackName", "items"}, {"MaxResults", "101"}}));
}

}  // namespace
}  // namespace stator::cloudformation
