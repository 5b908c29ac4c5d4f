#include <gtest/gtest.h>

#include "dynamodb/test_support.hpp"
#include "dynamodb/test_tables.hpp"

namespace stator::dynamodb {
namespace {

using testing::Harness;

constexpr const char* kTable = "arn:aws:dynamodb:us-east-1:000000000000:table/items";

std::string policy(const std::string& action, const std::string& effect = "Allow") {
  return json::dump(json::Object{
      {"Version", "2012-10-17"},
      {"Statement",
       json::Array{json::Object{
           {"Effect", effect},
           {"Principal", json::Object{{"AWS", "arn:aws:iam::000000000000:user/reader"}}},
           {"Action", action},
           {"Resource", kTable}}}}});
}

std::string put(const std::string& arn, const std::string& document, json::Object more = {}) {
  more["ResourceArn"] = arn;
  more["Policy"] = document;
  return json::dump(more);
}

std::string on(const std::string& arn) {
  return json::dump(json::Object{{"ResourceArn", arn}});
}

std::string revision_in(const std::string& answer) {
  const auto object = json::parse_object(answer);
  return object ? json::find_string(*object, "RevisionId").value_or("none") : answer;
}

bool has_policy(const Harness& harness) {
  return harness.last_needs().at(0).resource_policy != nullptr;
}

TEST(TablePolicies, ArePutReadAndDeleted) {
  Harness harness;
  harness.make_table("items");
  EXPECT_TRUE(harness.run("GetResourcePolicy", on(kTable)).starts_with("PolicyNotFoundException"));
  const std::string first =
      revision_in(harness.run("PutResourcePolicy", put(kTable, policy("dynamodb:GetItem"))));
  EXPECT_EQ(revision_in(harness.run("PutResourcePolicy", put(kTable, policy("dynamodb:GetItem")))),
            first);
  const auto read = json::parse_object(harness.run("GetResourcePolicy", on(kTable)));
  EXPECT_EQ(json::find_string(*read, "Policy"), policy("dynamodb:GetItem"));
  EXPECT_EQ(json::find_string(*read, "RevisionId"), first);
  const std::string second =
      revision_in(harness.run("PutResourcePolicy", put(kTable, policy("dynamodb:Query"))));
  EXPECT_NE(second, first);
  EXPECT_EQ(revision_in(harness.run("DeleteResourcePolicy", on(kTable))), second);
  EXPECT_EQ(revision_in(harness.run("DeleteResourcePolicy", on(kTable))), "");
}

TEST(TablePolicies, GoIntoWhatRequestsNeedAndSurviveARestart) {
  Harness harness;
  harness.make_table("items");
  const std::string get = R"({"TableName":"items","Key":{"id":{"S":"a"}}})";
  harness.run("GetItem", get);
  EXPECT_FALSE(has_policy(harness));
  harness.run("PutResourcePolicy", put(kTable, policy("dynamodb:GetItem")));
  harness.reopen();
  for (const auto& [operation, body] : std::initializer_list<std::pair<std::string, std::string>>{
           {"GetItem", get},
           {"DescribeTable", R"({"TableName":"items"})"},
           {"GetResourcePolicy", on(kTable)},
           {"ExecuteStatement", R"({"Statement":"SELECT * FROM items"})"}}) {
    harness.run(operation, body);
    EXPECT_TRUE(has_policy(harness)) << operation;
  }
  harness.run("DeleteResourcePolicy", on(kTable));
  harness.run("GetItem", get);
  EXPECT_FALSE(has_policy(harness));
}

TEST(TablePolicies, AreExpectedToHaveARevision) {
  Harness harness;
  harness.make_table("items");
  const auto attempt = [&](const char* operation, const std::string& expected) {
    json::Object more{{"ExpectedRevisionId", expected}};
    if (operation == std::string("PutResourcePolicy")) {
      return harness.run(operation, put(kTable, policy("dynamodb:GetItem"), more));
    }
    more["ResourceArn"] = kTable;
    return harness.run(operation, json::dump(more));
  };
  EXPECT_TRUE(attempt("PutResourcePolicy", "1").starts_with("PolicyNotFoundException"));
  EXPECT_TRUE(attempt("DeleteResourcePolicy", "1").starts_with("PolicyNotFoundException"));
  const std::string revision = revision_in(attempt("PutResourcePolicy", "NO_POLICY"));
  EXPECT_TRUE(attempt("PutResourcePolicy", "NO_POLICY").starts_with("PolicyNotFoundException"));
  EXPECT_EQ(revision_in(attempt("PutResourcePolicy", revision)), revision);
  EXPECT_EQ(revision_in(attempt("DeleteResourcePolicy", revision)), revision);
}

TEST(TablePolicies, AreRefusedWithTheReason) {
  Harness harness;
  harness.make_table("items");
  const std::string nobody = std::string(kTable) + "/backup/01";
  EXPECT_TRUE(harness.run("PutResourcePolicy", put(kTable, "{}")).starts_with("ValidationEx"));
  EXPECT_TRUE(harness.run("PutResourcePolicy", put(kTable, std::string(20'481, ' ')))
                  .starts_with("ValidationException: The resource-based policy document exceeds"));
  EXPECT_TRUE(harness.run("GetResourcePolicy", on(nobody)).starts_with("ValidationException"));
  EXPECT_TRUE(
      harness.run("PutResourcePolicy", put(std::string(kTable) + "2", policy("dynamodb:GetItem")))
          .starts_with("ResourceNotFoundException"));
}

TEST(TablePolicies, ShutOutTheirAuthorOnlyWhenThatIsConfirmed) {
  Harness harness;
  harness.make_table("items");
  const std::string everyone = json::dump(
      json::Object{{"Version", "2012-10-17"},
                   {"Statement", json::Array{json::Object{{"Effect", "Deny"},
                                                          {"Principal", "*"},
                                                          {"Action", "dynamodb:PutResourcePolicy"},
                                                          {"Resource", "*"}}}}});
  EXPECT_TRUE(harness.run("PutResourcePolicy", put(kTable, everyone)).starts_with("Validation"));
  EXPECT_NE(
      revision_in(harness.run("PutResourcePolicy",
                              put(kTable, everyone, {{"ConfirmRemoveSelfResourceAccess", true}}))),
      "none");
}

TEST(TablePolicies, ComeWithANewTable) {
  Harness harness;
  json::Object table = testing::table("id", "id");
  table["ResourcePolicy"] = policy("dynamodb:GetItem");
  EXPECT_NE(harness.run("CreateTable", json::dump(table)).find("CREATING"), std::string::npos);
  ASSERT_EQ(harness.last_needs().size(), 2U);
  EXPECT_EQ(harness.last_needs()[1].action, "dynamodb:PutResourcePolicy");
  EXPECT_NE(revision_in(harness.run("GetResourcePolicy", on(kTable))), "none");
}

TEST(StreamPolicies, AreTheStreamsOwn) {
  Harness harness;
  json::Object table = testing::table("id", "id");
  table["StreamSpecification"] =
      json::Object{{"StreamEnabled", true}, {"StreamViewType", "NEW_IMAGE"}};
  const auto made = json::parse_object(harness.run("CreateTable", json::dump(table)));
  const std::string stream =
      json::find_string(made->at("TableDescription").as_object(), "LatestStreamArn").value();
  EXPECT_NE(revision_in(harness.run("PutResourcePolicy", put(stream, policy("dynamodb:*")))),
            "none");
  EXPECT_TRUE(harness.run("GetResourcePolicy", on(kTable)).starts_with("PolicyNotFoundException"));
  const std::string describe = json::dump(json::Object{{"StreamArn", stream}});
  harness.reopen();
  EXPECT_NE(harness.run("DescribeStream", describe).find("StreamDescription"), std::string::npos);
  EXPECT_TRUE(has_policy(harness));
  EXPECT_TRUE(harness.run("GetResourcePolicy", on(stream + "1")).starts_with("ResourceNotFound"));
  EXPECT_NE(revision_in(harness.run("DeleteResourcePolicy", on(stream))), "");
  harness.run("DescribeStream", describe);
  EXPECT_FALSE(has_policy(harness));
}

}  // namespace
}  // namespace stator::dynamodb
