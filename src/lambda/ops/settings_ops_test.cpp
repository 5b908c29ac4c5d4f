#include <gtest/gtest.h>

#include "lambda/test_support.hpp"

namespace stator::lambda::test {
namespace {

constexpr const char* kFunction = R"({"FunctionName":"f"})";
constexpr const char* kOther = "arn:aws:lambda:us-east-1:000000000000:function:other";

std::string outcome(const Result<json::Object>& result) {
  return result ? json::dump(*result) : result.error().aws_type + ": " + result.error().message;
}

std::string input(const std::string& members) {
  return R"({"FunctionName":"f",)" + members + "}";
}

TEST(EventInvokeOps, PutReplacesAndUpdateKeeps) {
  Lab lab;
  ASSERT_TRUE(lab.create("f"));
  ASSERT_TRUE(lab.create("other"));
  const std::string missing =
      "ResourceNotFoundException: The function arn:aws:lambda:us-east-1:000000000000:function:f:"
      "$LATEST doesn't have an EventInvokeConfig";
  for (const auto* operation :
       {"GetFunctionEventInvokeConfig", "DeleteFunctionEventInvokeConfig"}) {
    EXPECT_EQ(outcome(lab.run(operation, kFunction)), missing);
  }
  EXPECT_EQ(
      outcome(lab.run("UpdateFunctionEventInvokeConfig", input(R"("MaximumRetryAttempts":1)"))),
      missing);
  const auto put = lab.run(
      "PutFunctionEventInvokeConfig",
      input(R"("MaximumRetryAttempts":0,"DestinationConfig":{"OnFailure":{"Destination":")" +
            std::string(kOther) + R"("},"OnSuccess":{}})"));
  ASSERT_TRUE(put) << outcome(put);
  EXPECT_EQ(json::find_string(*put, "FunctionArn"),
            "arn:aws:lambda:us-east-1:000000000000:function:f:$LATEST");
  EXPECT_EQ(json::dump(put->at("DestinationConfig")),
            R"({"OnSuccess":{},"OnFailure":{"Destination":")" + std::string(kOther) + "\"}}");
  EXPECT_EQ(json::find_int(*put, "MaximumRetryAttempts"), 0);
  EXPECT_FALSE(put->contains("MaximumEventAgeInSeconds")) << "what was not given is not shown";
  EXPECT_TRUE(put->at("LastModified").is_double());

  ASSERT_TRUE(lab.run("UpdateFunctionEventInvokeConfig",
                      input(R"("MaximumEventAgeInSeconds":60,"Qualifier":"$LATEST")")));
  lab.restart();
  const auto got = lab.run("GetFunctionEventInvokeConfig", kFunction);
  ASSERT_TRUE(got) << outcome(got);
  EXPECT_EQ(json::find_int(*got, "MaximumRetryAttempts"), 0);
  EXPECT_EQ(json::find_int(*got, "MaximumEventAgeInSeconds"), 60);
  const auto listed = lab.run("ListFunctionEventInvokeConfigs", kFunction);
  EXPECT_EQ(json::dump(listed->at("FunctionEventInvokeConfigs")), "[" + outcome(got) + "]");

  ASSERT_TRUE(lab.run("PutFunctionEventInvokeConfig", input(R"("MaximumRetryAttempts":2)")));
  const auto replaced = lab.run("GetFunctionEventInvokeConfig", kFunction);
  EXPECT_EQ(json::dump(replaced->at("DestinationConfig")), R"({"OnSuccess":{},"OnFailure":{}})");
  EXPECT_FALSE(replaced->contains("MaximumEventAgeInSeconds"));
  EXPECT_EQ(outcome(lab.run("DeleteFunctionEventInvokeConfig", kFunction)), "{}");
  EXPECT_EQ(outcome(lab.run("GetFunctionEventInvokeConfig", kFunction)), missing);
}

TEST(EventInvokeOps, RefusesWhatItCannotKeep) {
  Lab lab;
  ASSERT_TRUE(lab.create("f"));
  const auto to = [](const std::string& arn) {
    return R"("DestinationConfig":{"OnSuccess":{"Destination":")" + arn + "\"}}";
  };
  for (const auto& [members, part] : std::vector<std::pair<std::string, std::string>>{
           {R"("Qualifier":"$LATEST")", "at least one of error handling or destination"},
           {R"("MaximumRetryAttempts":3)", "less than or equal to 2"},
           {R"("MaximumRetryAttempts":-1)", "greater than or equal to 0"},
           {R"("MaximumEventAgeInSeconds":59)", "greater than or equal to 60"},
           {R"("MaximumEventAgeInSeconds":21601)", "less than or equal to 21600"},
           {to("arn:aws:sqs:us-east-1:000000000000:q"), "Amazon SQS are not supported"},
           {to("arn:aws:sns:us-east-1:000000000000:t"), "Amazon SNS are not supported"},
           {to("arn:aws:events:us-east-1:000000000000:event-bus/b"), "Amazon EventBridge are not"},
           {to("arn:aws:s3:::b"), "Amazon S3 are not supported"},
           {to("arn:aws:dynamodb:us-east-1:000000000000:table/t"), "is invalid."},
           {to("f"), "The destination ARN f is invalid."},
           {to(kOther), "is invalid."},
           {R"("DestinationConfig":{"OnNothing":{}})", "OnNothing"},
           {R"("MaximumRetryAttempts":1,"Unheard":1)", "Unheard"}}) {
    const auto result = lab.run("PutFunctionEventInvokeConfig", input(members));
    ASSERT_FALSE(result) << members;
    EXPECT_NE(outcome(result).find(part), std::string::npos) << outcome(result);
  }
  EXPECT_FALSE(lab.run("PutFunctionEventInvokeConfig",
                       input(R"("MaximumRetryAttempts":1,"Qualifier":"gone")")));
  EXPECT_EQ(outcome(lab.run("ListFunctionEventInvokeConfigs", kFunction)),
            R"({"FunctionEventInvokeConfigs":[]})");
}

TEST(RecursionOps, TerminateUnlessToldOtherwise) {
  Lab lab;
  ASSERT_TRUE(lab.create("f"));
  EXPECT_EQ(outcome(lab.run("GetFunctionRecursionConfig", kFunction)),
            R"({"RecursiveLoop":"Terminate"})");
  EXPECT_EQ(outcome(lab.run("PutFunctionRecursionConfig", input(R"("RecursiveLoop":"Allow")"))),
            R"({"RecursiveLoop":"Allow"})");
  lab.restart();
  EXPECT_EQ(outcome(lab.run("GetFunctionRecursionConfig", kFunction)),
            R"({"RecursiveLoop":"Allow"})");
  EXPECT_FALSE(lab.run("PutFunctionRecursionConfig", input(R"("RecursiveLoop":"Maybe")")));
  EXPECT_FALSE(lab.run("PutFunctionRecursionConfig", kFunction));
  EXPECT_EQ(lab.run("GetFunctionRecursionConfig", R"({"FunctionName":"g"})").error().aws_type,
            "ResourceNotFoundException");
}

TEST(RuntimeManagementOps, ManualPinsTheRuntimeThatIsHere) {
  Lab lab;
  const auto made = lab.create("f");
  ASSERT_TRUE(made);
  const std::string arn = "arn:aws:lambda:us-east-1:000000000000:function:f";
  EXPECT_EQ(outcome(lab.run("GetRuntimeManagementConfig", kFunction)),
            R"({"UpdateRuntimeOn":"Auto","FunctionArn":")" + arn + "\"}");
  const std::string runtime =
      *json::find_string(made->at("RuntimeVersionConfig").as_object(), "RuntimeVersionArn");
  const auto manual = [&](const std::string& version) {
    return lab.run("PutRuntimeManagementConfig",
                   input(R"("UpdateRuntimeOn":"Manual","RuntimeVersionArn":")" + version + "\""));
  };
  EXPECT_NE(outcome(manual("arn:aws:lambda:us-east-1::runtime:abc")).find("not on this machine"),
            std::string::npos);
  ASSERT_TRUE(manual(runtime)) << outcome(manual(runtime));
  EXPECT_EQ(outcome(lab.run("GetRuntimeManagementConfig", kFunction)),
            R"({"UpdateRuntimeOn":"Manual","FunctionArn":")" + arn + R"(","RuntimeVersionArn":")" +
                runtime + "\"}");
  for (const auto* members :
       {R"("UpdateRuntimeOn":"Manual")", R"("UpdateRuntimeOn":"Never")",
        R"("UpdateRuntimeOn":"Auto","RuntimeVersionArn":"arn:aws:lambda:us-east-1::runtime:a")"}) {
    EXPECT_FALSE(lab.run("PutRuntimeManagementConfig", input(members))) << members;
  }
  ASSERT_TRUE(
      lab.run("PutRuntimeManagementConfig", input(R"("UpdateRuntimeOn":"FunctionUpdate")")));
  EXPECT_EQ(json::find_string(*lab.run("GetRuntimeManagementConfig", kFunction), "UpdateRuntimeOn"),
            "FunctionUpdate");
}

void publish(Lab& lab, const std::string& name, const std::string& runtimes) {
  ASSERT_TRUE(lab.run("PublishLayerVersion",
                      R"({"LayerName":")" + name + R"(","CompatibleRuntimes":)" + runtimes +
                          R"(,"Content":{"ZipFile":")" + make_zip_base64({{"x", name}}) + "\"}}"));
}

TEST(LayerOps, ListsEachLayerWithItsNewestMatch) {
  Lab lab;
  publish(lab, "b", R"(["python3.12"])");
  publish(lab, "a", R"(["python3.12","nodejs22.x"])");
  publish(lab, "a", R"(["nodejs22.x"])");
  const auto names = [&](const std::string& filter) {
    std::string out;
    const auto listed = lab.run("ListLayers", filter);
    EXPECT_TRUE(listed) << outcome(listed);
    for (const auto& layer : listed->at("Layers").as_array()) {
      const auto& latest = layer.as_object().at("LatestMatchingVersion").as_object();
      out += *json::find_string(layer.as_object(), "LayerName") +
             std::to_string(*json::find_int(latest, "Version")) + " ";
    }
    return out;
  };
  EXPECT_EQ(names("{}"), "a2 b1 ");
  EXPECT_EQ(names(R"({"CompatibleRuntime":"python3.12"})"), "a1 b1 ");
  EXPECT_EQ(names(R"({"CompatibleRuntime":"java21"})"), "");
  const auto first = lab.run("ListLayers", R"({"MaxItems":1})");
  EXPECT_EQ(names(R"({"Marker":")" + *json::find_string(*first, "NextMarker") + "\"}"), "b1 ");
  EXPECT_FALSE(lab.run("ListLayers", R"({"Marker":"!"})"));
}

TEST(LayerOps, ALayerVersionIsFoundByItsArn) {
  Lab lab;
  publish(lab, "a", "[]");
  const auto by_arn = [&](const std::string& region, const std::string& version) {
    return lab.run("GetLayerVersionByArn", R"({"find":"LayerVersion","Arn":"arn:aws:lambda:)" +
                                               region + ":000000000000:layer:a:" + version + "\"}");
  };
  EXPECT_EQ(outcome(by_arn("us-east-1", "1")),
            outcome(lab.run("GetLayerVersion", R"({"LayerName":"a","VersionNumber":1})")));
  EXPECT_EQ(by_arn("us-east-1", "2").error().aws_type, "ResourceNotFoundException");
  EXPECT_EQ(by_arn("eu-west-1", "1").error().aws_type, "ResourceNotFoundException");
  EXPECT_EQ(by_arn("us-east-1", "x").error().aws_type, "InvalidParameterValueException");
  EXPECT_FALSE(lab.run("GetLayerVersionByArn", "{}"));
}

TEST(AccountOps, SettingsCountWhatIsThere) {
  Lab lab;
  const auto first = lab.create("f");
  ASSERT_TRUE(first);
  publish(lab, "a", "[]");
  const auto layer = lab.run("GetLayerVersion", R"({"LayerName":"a","VersionNumber":1})");
  const std::int64_t limit = lab.functions->concurrency_max();
  ASSERT_TRUE(lab.functions->catalog().change_settings(
      FunctionKeyView{"000000000000", "us-east-1", "f"}, [](FunctionSettings& settings) {
        settings.reserved_concurrency = 7;
        return Result<void>();
      }));
  const auto settings = lab.run("GetAccountSettings", "{}");
  ASSERT_TRUE(settings) << outcome(settings);
  const auto& bounds = settings->at("AccountLimit").as_object();
  EXPECT_EQ(json::find_int(bounds, "ConcurrentExecutions"), limit);
  EXPECT_EQ(json::find_int(bounds, "UnreservedConcurrentExecutions"), limit - 7);
  EXPECT_EQ(json::find_int(bounds, "CodeSizeZipped"), 52'428'800);
  const auto& usage = settings->at("AccountUsage").as_object();
  EXPECT_EQ(json::find_int(usage, "FunctionCount"), 1);
  EXPECT_EQ(json::find_int(usage, "TotalCodeSize"),
            *json::find_int(*first, "CodeSize") +
                *json::find_int(layer->at("Content").as_object(), "CodeSize"));
}

TEST(CodeSigningOps, NothingIsSigned) {
  Lab lab;
  ASSERT_TRUE(lab.create("f"));
  const std::string config =
      R"("CodeSigningConfigArn":"arn:aws:lambda:us-east-1:000000000000:code-signing-config:c")";
  EXPECT_EQ(lab.run("CreateCodeSigningConfig", "{}").error().code, ErrorCode::kUnsupported);
  EXPECT_EQ(lab.run("PutFunctionCodeSigningConfig", input(config)).error().code,
            ErrorCode::kUnsupported);
  for (const auto* operation : {"GetCodeSigningConfig", "UpdateCodeSigningConfig",
                                "DeleteCodeSigningConfig", "ListFunctionsByCodeSigningConfig"}) {
    EXPECT_EQ(lab.run(operation, "{" + config + "}").error().aws_type, "ResourceNotFoundException");
  }
  EXPECT_EQ(outcome(lab.run("ListCodeSigningConfigs", "{}")), R"({"CodeSigningConfigs":[]})");
  EXPECT_EQ(outcome(lab.run("DeleteFunctionCodeSigningConfig", kFunction)), "{}");
  EXPECT_FALSE(lab.run("DeleteFunctionCodeSigningConfig", R"({"FunctionName":"g"})"));
}

}  // namespace
}  // namespace stator::lambda::test
