#include "lambda/events/destination.hpp"

#include <gtest/gtest.h>

#include "lambda/test_support.hpp"

namespace stator::lambda::test {
namespace {

constexpr const char* kEvent = "X-Amz-Invocation-Type";

std::string arn(const std::string& rest) {
  return "arn:aws:lambda:us-east-1:000000000000:function:" + rest;
}

/// "" when f may send there, else what AWS's error says.
std::string judge(Lab& lab, const std::string& target, events::DestinationParts parts) {
  const auto source = lab.functions->catalog().find({"000000000000", "us-east-1", "f"});
  const auto reference = events::check_destination(parts, *source, target);
  if (reference) return "";
  EXPECT_EQ(reference.error().aws_type, "InvalidParameterValueException");
  return reference.error().message;
}

TEST(Destination, IsAFunctionThatTheRoleMayInvoke) {
  Lab lab;
  ASSERT_TRUE(lab.create("f"));
  ASSERT_TRUE(lab.create("g"));
  const events::DestinationParts parts{lab.functions->catalog(), lab.credentials, lab.authorizer,
                                       lab.clock};
  EXPECT_EQ(judge(lab, arn("g"), parts), "");
  EXPECT_EQ(judge(lab, arn("g:$LATEST"), parts), "");
  EXPECT_NE(judge(lab, arn("g:live"), parts), "") << "no such alias";
  EXPECT_NE(judge(lab, arn("f"), parts), "") << "itself";
  EXPECT_NE(judge(lab, arn("f:live"), parts), "") << "itself";
  EXPECT_NE(judge(lab, arn("h"), parts), "") << "nobody";
  EXPECT_NE(judge(lab, "g", parts), "") << "no ARN";
  EXPECT_NE(judge(lab, "arn:aws:lambda:eu-west-1:000000000000:function:g", parts), "");
  EXPECT_NE(judge(lab, "arn:aws:lambda:us-east-1:111111111111:function:g", parts), "");
  EXPECT_NE(judge(lab, "arn:aws:sqs:us-east-1:000000000000:q", parts).find("sqs"),
            std::string::npos);
  lab.authorizer.denied = "lambda:InvokeFunction";
  EXPECT_EQ(judge(lab, arn("g"), parts),
            "The function execution role does not have permissions to call InvokeFunction on " +
                arn("g"));
}

TEST(DeadLetterConfig, TakesAFunctionAndNamesWhatItDoesNotTake) {
  Lab lab;
  ASSERT_TRUE(lab.create("f", R"("DeadLetterConfig":{"TargetArn":")" + arn("d") + "\"}"));
  const auto get = [&lab] {
    return lab.run("GetFunctionConfiguration", R"({"FunctionName":"f"})");
  };
  EXPECT_EQ(json::dump(get()->at("DeadLetterConfig")), R"({"TargetArn":")" + arn("d") + "\"}");
  const auto update = [&lab](const std::string& target) {
    return lab.run("UpdateFunctionConfiguration",
                   R"({"FunctionName":"f","DeadLetterConfig":{"TargetArn":")" + target + "\"}}");
  };
  for (const char* target : {"arn:aws:sqs:us-east-1:000000000000:q", "arn:aws:sns:us-east-1:0:t",
                             "arn:aws:lambda:us-east-1:111111111111:function:d", "d"}) {
    const auto refused = update(target);
    ASSERT_FALSE(refused) << target;
    EXPECT_NE(refused.error().message.find("OnFailure"), std::string::npos);
  }
  EXPECT_TRUE(get()->contains("DeadLetterConfig")) << "as it was";
  ASSERT_TRUE(update(""));
  EXPECT_FALSE(get()->contains("DeadLetterConfig"));
}

TEST(AsynchronousInvoke, IsAcceptedAndKeptUntilTheFunctionCanRun) {
  Lab lab;
  ASSERT_TRUE(lab.create("f"));
  const auto answer = lab.invoke("f", "{}", {{kEvent, "Event"}});
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->status, 202);
  EXPECT_EQ(answer->body, "");
  lab.restart();
  lab.serve();
  const auto started = lab.launcher.next();
  EXPECT_NE(started, nullptr) << "the event starts an instance";
}

TEST(AsynchronousInvoke, GoesWithItsFunction) {
  Lab lab;
  ASSERT_TRUE(lab.create("f"));
  ASSERT_TRUE(lab.invoke("f", "{}", {{kEvent, "Event"}}));
  ASSERT_TRUE(lab.run("DeleteFunction", R"({"FunctionName":"f"})"));
  const auto left = lab.store->iterate(storage::Family::kEvents, {});
  left->seek_first();
  EXPECT_FALSE(left->valid());
}

}  // namespace
}  // namespace stator::lambda::test
