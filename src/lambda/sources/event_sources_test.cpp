#include "lambda/sources/event_sources.hpp"

#include <gtest/gtest.h>

#include <set>

#include "lambda/test_support.hpp"

namespace stator::lambda::sources {
namespace {

using lambda::test::Lab;

constexpr const char* kFunctionArn = "arn:aws:lambda:us-east-1:000000000000:function:f";

/// A request for a mapping of kStream to f; further members as JSON text.
std::string request(const std::string& further = R"("StartingPosition":"TRIM_HORIZON")") {
  return R"({"FunctionName":"f","EventSourceArn":")" + std::string(test::kStream) + "\"" +
         (further.empty() ? "" : "," + further) + "}";
}

class EventSourcesTest : public testing::Test {
 protected:
  EventSourcesTest() { EXPECT_TRUE(lab_.create("f").has_value()); }
  std::string create(const std::string& further = R"("StartingPosition":"TRIM_HORIZON")") {
    const auto made = lab_.run("CreateEventSourceMapping", request(further));
    EXPECT_TRUE(made.has_value()) << made.error().message;
    return json::find_string(*made, "UUID").value();
  }
  Result<json::Object> get(const std::string& uuid) {
    return lab_.run("GetEventSourceMapping", R"({"UUID":")" + uuid + "\"}");
  }
  Lab lab_;
};

TEST_F(EventSourcesTest, AreMadeWithTheDefaultsOfStreams) {
  const auto made = lab_.run("CreateEventSourceMapping", request());
  ASSERT_TRUE(made.has_value()) << made.error().message;
  const std::string uuid = json::find_string(*made, "UUID").value();
  EXPECT_EQ(json::find_string(*made, "State"), "Creating");
  auto got = get(uuid);
  ASSERT_TRUE(got.has_value());
  EXPECT_TRUE(json::find(*got, "LastModified")->is_double());
  (*got)["LastModified"] = 0;
  EXPECT_EQ(
      json::dump(*got),
      R"({"UUID":")" + uuid +
          R"(","EventSourceMappingArn":"arn:aws:lambda:us-east-1:000000000000:)"
          R"(event-source-mapping:)" +
          uuid + R"(","EventSourceArn":")" + test::kStream + R"(","FunctionArn":")" + kFunctionArn +
          R"(","StartingPosition":"TRIM_HORIZON","BatchSize":100,)"
          R"("MaximumBatchingWindowInSeconds":0,"ParallelizationFactor":1,)"
          R"("MaximumRetryAttempts":-1,"MaximumRecordAgeInSeconds":-1,)"
          R"("TumblingWindowInSeconds":0,"BisectBatchOnFunctionError":false,)"
          R"("FunctionResponseTypes":[],"DestinationConfig":{"OnFailure":{}},"LastModified":0,)"
          R"("LastProcessingResult":"No records processed","State":"Enabled",)"
          R"("StateTransitionReason":"User action"})");
}

TEST_F(EventSourcesTest, SurviveARestartAsTheyAre) {
  const std::string uuid = create(
      R"("StartingPosition":"LATEST","Enabled":false,"BatchSize":7,)"
      R"("MaximumBatchingWindowInSeconds":5,"ParallelizationFactor":2,"MaximumRetryAttempts":3,)"
      R"("MaximumRecordAgeInSeconds":60,"TumblingWindowInSeconds":30,)"
      R"("BisectBatchOnFunctionError":true,"FunctionResponseTypes":["ReportBatchItemFailures"],)"
      R"("DestinationConfig":{"OnFailure":{"Destination":"arn:aws:s3:::bucket"}},)"
      R"("FilterCriteria":{"Filters":[{"Pattern":"{\"eventName\":[\"INSERT\"]}"}]})");
  const auto before = get(uuid);
  ASSERT_TRUE(before.has_value());
  EXPECT_EQ(json::find_string(*before, "State"), "Disabled");
  EXPECT_EQ(json::dump(*json::find(*before, "FilterCriteria")),
            R"({"Filters":[{"Pattern":"{\"eventName\":[\"INSERT\"]}"}]})");
  lab_.restart();
  const auto after = get(uuid);
  ASSERT_TRUE(after.has_value());
  EXPECT_EQ(json::dump(*after), json::dump(*before));
}

TEST_F(EventSourcesTest, BadRequestsAreRefusedAndLeaveNothing) {
  struct Case {
    const char* further;
    const char* type;
    const char* part;  ///< of the message
  };
  const Case cases[] = {
      {"", "InvalidParameterValueException", "startingPosition"},
      {R"("StartingPosition":"AT_TIMESTAMP")", "InvalidParameterValueException", "AT_TIMESTAMP"},
      {R"("StartingPosition":"NOW")", "ValidationException", "enum value set"},
      {R"("StartingPosition":"LATEST","BatchSize":0)", "ValidationException", "'0' at 'batchSize'"},
      {R"("StartingPosition":"LATEST","BatchSize":10001)", "ValidationException", "equal to 10000"},
      {R"("StartingPosition":"LATEST","ParallelizationFactor":11)", "ValidationException", "10"},
      {R"("StartingPosition":"LATEST","MaximumRetryAttempts":-2)", "ValidationException", "-1"},
      {R"("StartingPosition":"LATEST","MaximumRecordAgeInSeconds":59)",
       "InvalidParameterValueException", "60"},
      {R"("StartingPosition":"LATEST","TumblingWindowInSeconds":901)", "ValidationException",
       "900"},
      {R"("StartingPosition":"LATEST","MaximumBatchingWindowInSeconds":301)", "ValidationException",
       "300"},
      {R"("StartingPosition":"LATEST","FunctionResponseTypes":["All"])", "ValidationException",
       "ReportBatchItemFailures"},
      {R"("StartingPosition":"LATEST","FilterCriteria":{"Filters":[{"Pattern":"{}"}]})",
       "InvalidParameterValueException", "Invalid filter pattern definition."},
      {R"("StartingPosition":"LATEST","Queues":["q"])", "", "Queues"},
      {R"("StartingPosition":"LATEST","DestinationConfig":{"OnFailure":{"Destination":)"
       R"("arn:aws:sqs:us-east-1:000000000000:q"}})",
       "", "sqs"},
      {R"("StartingPosition":"LATEST","DestinationConfig":{"OnFailure":{"Destination":"x"}})",
       "InvalidParameterValueException", "invalid"},
      {R"("StartingPosition":"LATEST","DestinationConfig":{"OnSuccess":{"Destination":)"
       R"("arn:aws:s3:::b"}})",
       "InvalidParameterValueException", "OnSuccess"},
  };
  for (const Case& one : cases) {
    const auto made = lab_.run("CreateEventSourceMapping", request(one.further));
    ASSERT_FALSE(made.has_value()) << one.further;
    EXPECT_EQ(made.error().aws_type, one.type) << made.error().message;
    EXPECT_NE(made.error().message.find(one.part), std::string::npos) << made.error().message;
  }
  const auto list = lab_.run("ListEventSourceMappings", "{}");
  EXPECT_TRUE(json::find(*list, "EventSourceMappings")->get_array().empty());
}

TEST_F(EventSourcesTest, WhatTheyReferToMustBeThere) {
  const auto refused = [this](const std::string& text) {
    const auto made = lab_.run("CreateEventSourceMapping", text);
    EXPECT_FALSE(made.has_value()) << text;
    return made ? "" : made.error().aws_type + ": " + made.error().message;
  };
  const std::string position = R"(","StartingPosition":"LATEST"})";
  const std::string stream = test::kStream;
  EXPECT_EQ(refused(R"({"FunctionName":"g","EventSourceArn":")" + stream + position),
            "ResourceNotFoundException: Function not found: "
            "arn:aws:lambda:us-east-1:000000000000:function:g");
  EXPECT_EQ(refused(R"({"FunctionName":"f","EventSourceArn":")" + stream + "0" + position),
            "InvalidParameterValueException: Stream not found: " + stream + "0");
  EXPECT_EQ(refused(R"({"FunctionName":"f","EventSourceArn":"arn:aws:dynamodb:us-east-1:)"
                    R"(000000000000:table/things)" +
                    position),
            "InvalidParameterValueException: Unrecognized event source.");
  EXPECT_NE(
      refused(R"({"FunctionName":"f","EventSourceArn":"arn:aws:sqs:us-east-1:000000000000:q)" +
              position)
          .find("Amazon SQS"),
      std::string::npos);
  lab_.streams.is_enabled = false;
  EXPECT_NE(refused(request()).find("disabled"), std::string::npos);
  lab_.streams.is_enabled = true;
  lab_.rights.denied = {"dynamodb:DescribeStream"};
  EXPECT_EQ(refused(request()),
            "InvalidParameterValueException: Cannot access stream " + stream +
                ". Please ensure the role can perform the GetRecords, GetShardIterator, "
                "DescribeStream, ListStreams Actions on your stream in IAM.");
  // Policies that name the stream and nothing else are enough.
  for (const auto& one : lab_.rights.asked) EXPECT_TRUE(one.ends_with(" " + stream)) << one;
  lab_.rights.denied = {"s3:PutObject"};
  EXPECT_EQ(refused(request(R"("StartingPosition":"LATEST","DestinationConfig":{"OnFailure":)"
                            R"({"Destination":"arn:aws:s3:::bucket"}})")),
            "InvalidParameterValueException: The provided execution role does not have permissions "
            "to call PutObject on S3");
}

TEST_F(EventSourcesTest, OneFunctionHasAStreamOnce) {
  const std::string uuid = create();
  const auto again = lab_.run("CreateEventSourceMapping", request());
  ASSERT_FALSE(again.has_value());
  EXPECT_EQ(again.error().aws_type, "ResourceConflictException");
  EXPECT_EQ(again.error().message,
            "The event source arn (\" " + std::string(test::kStream) +
                " \") and function (\" f \") provided mapping already exists. Please update or "
                "delete the existing mapping with UUID " +
                uuid);
}

TEST_F(EventSourcesTest, AreChangedAndDeleted) {
  const std::string uuid = create();
  auto changed = lab_.run("UpdateEventSourceMapping",
                          R"({"UUID":")" + uuid + R"(","BatchSize":5,"Enabled":false})");
  ASSERT_TRUE(changed.has_value()) << changed.error().message;
  EXPECT_EQ(json::find_string(*changed, "State"), "Disabling");
  changed = get(uuid);
  EXPECT_EQ(json::find_string(*changed, "State"), "Disabled");
  EXPECT_EQ(json::find_int(*changed, "BatchSize"), 5);
  const auto bad = lab_.run("UpdateEventSourceMapping",
                            R"({"UUID":")" + uuid + R"(","StartingPosition":"LATEST"})");
  EXPECT_FALSE(bad.has_value());
  const auto missing =
      lab_.run("UpdateEventSourceMapping", R"({"UUID":")" + uuid + R"(","FunctionName":"g"})");
  ASSERT_FALSE(missing.has_value());
  EXPECT_EQ(missing.error().aws_type, "ResourceNotFoundException");
  EXPECT_EQ(json::find_string(*get(uuid), "FunctionArn"), kFunctionArn);

  const auto deleted = lab_.run("DeleteEventSourceMapping", R"({"UUID":")" + uuid + "\"}");
  ASSERT_TRUE(deleted.has_value());
  EXPECT_EQ(json::find_string(*deleted, "State"), "Deleting");
  const auto gone = get(uuid);
  ASSERT_FALSE(gone.has_value());
  EXPECT_EQ(gone.error().aws_type, "ResourceNotFoundException");
  EXPECT_EQ(gone.error().message, "The resource you requested does not exist.");
}

TEST_F(EventSourcesTest, AreListedInPages) {
  ASSERT_TRUE(lab_.create("g").has_value());
  std::set<std::string> uuids{create()};
  auto other = lab_.run("CreateEventSourceMapping",
                        R"({"FunctionName":"g","StartingPosition":"LATEST","EventSourceArn":")" +
                            std::string(test::kStream) + "\"}");
  ASSERT_TRUE(other.has_value());
  uuids.insert(json::find_string(*other, "UUID").value());
  std::set<std::string> seen;
  std::string marker;
  do {
    const auto page = lab_.run(
        "ListEventSourceMappings",
        marker.empty() ? R"({"MaxItems":"1"})" : R"({"MaxItems":"1","Marker":")" + marker + "\"}");
    ASSERT_TRUE(page.has_value());
    const auto& list = json::find(*page, "EventSourceMappings")->get_array();
    ASSERT_EQ(list.size(), 1u);
    seen.insert(json::find_string(list[0].get_object(), "UUID").value());
    marker = json::find_string(*page, "NextMarker").value_or("");
  } while (!marker.empty());
  EXPECT_EQ(seen, uuids);
  const auto of_g = lab_.run("ListEventSourceMappings", R"({"FunctionName":"g"})");
  EXPECT_EQ(json::find(*of_g, "EventSourceMappings")->get_array().size(), 1u);
  const auto of_none =
      lab_.run("ListEventSourceMappings", R"({"EventSourceArn":"arn:aws:sqs:::q"})");
  EXPECT_TRUE(json::find(*of_none, "EventSourceMappings")->get_array().empty());
}

TEST_F(EventSourcesTest, LatestBeginsAfterWhatIsThere) {
  lab_.streams.add("a", lab_.clock.wall());
  const std::string uuid = create(R"("StartingPosition":"LATEST")");
  const auto mapping = lab_.event_sources->mappings().find("000000000000", "us-east-1", uuid);
  ASSERT_TRUE(mapping.has_value());
  EXPECT_EQ(lab_.event_sources->mappings().positions(**mapping)->at(0).next, 102u);
}

}  // namespace
}  // namespace stator::lambda::sources
