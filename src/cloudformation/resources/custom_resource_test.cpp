#include "cloudformation/resources/test_types.hpp"

namespace stator::cloudformation::resources {
namespace {

constexpr const char* kThing =
    R"({"ServiceToken":"arn:aws:lambda:r:1:function:f","ServiceTimeout":"1","Count":3,"On":true,)"
    R"("List":[1,{"a":false}]})";

class CustomResources : public TypeLab {
 protected:
  CustomResources() {
    world_.watch = [this](const std::string&, const json::Object& input) {
      event_ = object(text_of(input, "Body"));
      if (reply_.empty()) return;
      json::Object answer = object(reply_);
      for (const char* member : {"StackId", "RequestId", "LogicalResourceId"}) {
        if (!answer.contains(member)) answer[member] = event_.at(member);
      }
      const std::string url = text_of(event_, "ResponseURL");
      responses_.put(url.substr(url.rfind('/') + 1), json::dump(answer) + padding_);
    };
  }

  json::Object event_;
  std::string reply_ =
      R"({"Status":"SUCCESS","PhysicalResourceId":"one","Data":{"A":"1","B.C":2}})";
  std::string padding_;
};

TEST_F(CustomResources, AskTheirFunctionAsAwsDoes) {
  ASSERT_EQ(create("Custom::Thing", kThing), "");
  EXPECT_EQ(world_.listed(), "lambda:Invoke ");
  EXPECT_EQ(json::dump(world_.last_input("lambda:Invoke").at("Headers")),
            R"({"X-Amz-Invocation-Type":"Event"})");
  EXPECT_EQ(text_of(event_, "RequestType"), "Create");
  EXPECT_EQ(text_of(event_, "ResourceType"), "Custom::Thing");
  EXPECT_EQ(text_of(event_, "LogicalResourceId"), "Thing");
  EXPECT_FALSE(event_.contains("PhysicalResourceId"));
  EXPECT_EQ(json::dump(event_.at("ResourceProperties")),
            R"({"ServiceToken":"arn:aws:lambda:r:1:function:f","ServiceTimeout":"1","Count":"3",)"
            R"("On":"true","List":["1",{"a":"false"}]})");
  EXPECT_EQ(existing_->physical_id, "one");
  EXPECT_EQ(attribute("A"), "1");
  EXPECT_TRUE(type_->has_attribute("B.C"));
}

TEST_F(CustomResources, UpdatesTellTheOldPropertiesAndMayReplace) {
  ASSERT_EQ(create("Custom::Thing", kThing), "");
  reply_ = R"({"Status":"SUCCESS","PhysicalResourceId":"two"})";
  ASSERT_EQ(update(R"({"ServiceToken":"arn:aws:lambda:r:1:function:f","Count":4})"), "");
  EXPECT_EQ(text_of(event_, "RequestType"), "Update");
  EXPECT_EQ(text_of(event_, "PhysicalResourceId"), "one");
  EXPECT_EQ(text_of(event_.at("OldResourceProperties").get_object(), "Count"), "3");
  EXPECT_EQ(existing_->physical_id, "two");
  EXPECT_EQ(update(R"({"ServiceToken":"arn:aws:lambda:r:1:function:g"})"),
            "Modifying service token is not allowed.");
  EXPECT_TRUE(world_.calls.empty());
}

TEST_F(CustomResources, AreDeletedByTheirFunction) {
  ASSERT_EQ(create("Custom::Thing", kThing), "");
  ASSERT_EQ(remove(), "");
  EXPECT_EQ(text_of(event_, "RequestType"), "Delete");
  EXPECT_EQ(text_of(event_, "PhysicalResourceId"), "one");
  reply_ = R"({"Status":"FAILED","PhysicalResourceId":"one","Reason":"no"})";
  const std::string failure = remove();
  EXPECT_EQ(failure,
            "Received response status [FAILED] from custom resource. Message returned: no "
            "(RequestId: " +
                text_of(event_, "RequestId") + ")");
}

TEST_F(CustomResources, ThatFailAreThereToBeDeleted) {
  reply_ = R"({"Status":"FAILED","PhysicalResourceId":"half","Reason":"no"})";
  EXPECT_NE(create("Custom::Thing", kThing), "");
  EXPECT_EQ(existing_->physical_id, "half");
}

TEST_F(CustomResources, ThatDoNotAnswerInTimeAreDeletedUnderAnIdOfOurs) {
  reply_ = "";
  EXPECT_TRUE(create("Custom::Thing", kThing)
                  .starts_with("CloudFormation did not receive a response from your Custom "
                               "Resource. Please check your logs for requestId ["));
  EXPECT_TRUE(existing_->physical_id.starts_with("stack-Thing-"));
}

TEST_F(CustomResources, AnswersAreHeldToTheirForm) {
  const std::pair<const char*, const char*> kCases[] = {
      {R"({"Status":"SUCCESS"})", "Invalid PhysicalResourceId"},
      {R"({"Status":"MAYBE","PhysicalResourceId":"x"})",
       "Invalid Response object: Value of property Status must be SUCCESS or FAILED."},
      {R"({"Status":"SUCCESS","PhysicalResourceId":"x","StackId":"other"})",
       "Invalid Response object: Value of property StackId must be the request's."}};
  for (const auto& [reply, message] : kCases) {
    reply_ = reply;
    EXPECT_EQ(create("Custom::Thing", kThing), message);
  }
  padding_ = std::string(5'000, ' ');
  EXPECT_EQ(create("Custom::Thing", kThing), "Response object is too long.");
}

TEST_F(CustomResources, RefuseWhatTheyCannotAsk) {
  EXPECT_EQ(create("Custom::Thing", R"({"ServiceToken":"arn:aws:sns:r:1:topic"})"),
            "stator knows no other ServiceToken than a Lambda function's ARN: "
            "'arn:aws:sns:r:1:topic'");
  EXPECT_EQ(create("Custom::Thing",
                   R"({"ServiceToken":"arn:aws:lambda:r:1:function:f","ServiceTimeout":"0"})"),
            "ServiceTimeout must be a number of seconds from 1 to 3600");
  EXPECT_FALSE(existing_);
}

TEST_F(CustomResources, DoNotHoldUpAServerThatStops) {
  reply_ = "";
  is_stopping_ = true;
  EXPECT_EQ(create("Custom::Thing", kThing), "the server is stopping");
}

TEST(CustomResponses, CountOnceAndOnlyWhileAwaited) {
  SystemRandom random;
  CustomResponses responses(random, "http://h");
  std::string token;
  {
    const auto awaited = responses.open();
    EXPECT_TRUE(awaited->url().starts_with("http://h/_stator/cloudformation/"));
    token = awaited->url().substr(awaited->url().rfind('/') + 1);
    EXPECT_FALSE(awaited->wait(std::chrono::milliseconds(0)));
    EXPECT_TRUE(responses.put(token, "first"));
    EXPECT_TRUE(responses.put(token, "second"));
    EXPECT_EQ(awaited->wait(std::chrono::milliseconds(0)), "first");
  }
  EXPECT_FALSE(responses.put(token, "late"));
}

}  // namespace
}  // namespace stator::cloudformation::resources
