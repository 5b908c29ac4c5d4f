#include <gtest/gtest.h>

#include "lambda/test_support.hpp"

namespace stator::lambda::test {
namespace {

std::string outcome(const Result<json::Object>& result) {
  return result ? json::dump(*result) : result.error().aws_type + ": " + result.error().message;
}

std::string text_of(const json::Object& object, std::string_view name) {
  return json::find_string(object, name).value_or("(absent)");
}

constexpr const char* kFunction = R"({"FunctionName":"f"})";

/// With the alias "live".
void add_alias(Lab& lab) {
  ASSERT_TRUE(lab.functions->catalog().change_settings(
      FunctionKeyView{"000000000000", "us-east-1", "f"}, [](FunctionSettings& settings) {
        settings.aliases["live"] = {"$LATEST", "", "r", {}};
        return Result<void>();
      }));
}

TEST(UrlOps, AUrlIsMadeShownChangedAndDeleted) {
  Lab lab;
  ASSERT_TRUE(lab.create("f"));
  const auto made =
      lab.run("CreateFunctionUrlConfig", R"({"FunctionName":"f","AuthType":"NONE",)"
                                         R"("Cors":{"AllowOrigins":["*"],"MaxAge":5}})");
  ASSERT_TRUE(made) << outcome(made);
  const std::string url = text_of(*made, "FunctionUrl");
  EXPECT_EQ(url.substr(url.find('.')), ".lambda-url.us-east-1.localhost/");
  EXPECT_EQ(url.find('.'), std::string("http://").size() + 32);
  EXPECT_EQ(text_of(*made, "FunctionArn"), "arn:aws:lambda:us-east-1:000000000000:function:f");
  EXPECT_EQ(text_of(*made, "InvokeMode"), "BUFFERED");
  EXPECT_EQ(json::dump(made->at("Cors")), R"({"AllowOrigins":["*"],"MaxAge":5})");
  EXPECT_EQ(
      outcome(lab.run("CreateFunctionUrlConfig", R"({"FunctionName":"f","AuthType":"NONE"})")),
      "ResourceConflictException: Failed to create function url config for [functionArn = "
      "arn:aws:lambda:us-east-1:000000000000:function:f]. Error message:  FunctionUrlConfig "
      "exists for this Lambda function");

  lab.restart();
  const auto changed = lab.run(
      "UpdateFunctionUrlConfig",
      R"({"FunctionName":"f","AuthType":"AWS_IAM","InvokeMode":"RESPONSE_STREAM","Cors":{}})");
  ASSERT_TRUE(changed) << outcome(changed);
  const auto got = lab.run("GetFunctionUrlConfig", kFunction);
  EXPECT_EQ(outcome(got), outcome(changed));
  EXPECT_EQ(text_of(*got, "FunctionUrl"), url);
  EXPECT_EQ(text_of(*got, "AuthType"), "AWS_IAM");
  EXPECT_EQ(text_of(*got, "InvokeMode"), "RESPONSE_STREAM");
  EXPECT_FALSE(got->contains("Cors"));

  EXPECT_EQ(outcome(lab.run("DeleteFunctionUrlConfig", kFunction)), "{}");
  for (const auto* operation :
       {"GetFunctionUrlConfig", "UpdateFunctionUrlConfig", "DeleteFunctionUrlConfig"}) {
    EXPECT_EQ(outcome(lab.run(operation, kFunction)),
              "ResourceNotFoundException: The resource you requested does not exist.");
  }
}

TEST(UrlOps, AliasesHaveUrlsOfTheirOwn) {
  Lab lab;
  ASSERT_TRUE(lab.create("f"));
  add_alias(lab);
  const std::string at_alias = R"({"FunctionName":"f","Qualifier":"live","AuthType":"AWS_IAM"})";
  const auto made = lab.run("CreateFunctionUrlConfig", at_alias);
  ASSERT_TRUE(made) << outcome(made);
  EXPECT_EQ(text_of(*made, "FunctionArn"), "arn:aws:lambda:us-east-1:000000000000:function:f:live");
  ASSERT_TRUE(lab.run("CreateFunctionUrlConfig", R"({"FunctionName":"f","AuthType":"NONE"})"));
  const auto first = lab.run("ListFunctionUrlConfigs", R"({"FunctionName":"f","MaxItems":1})");
  ASSERT_TRUE(first) << outcome(first);
  EXPECT_EQ(first->at("FunctionUrlConfigs").as_array().size(), 1u);
  const auto rest = lab.run("ListFunctionUrlConfigs", R"({"FunctionName":"f","Marker":")" +
                                                          text_of(*first, "NextMarker") + "\"}");
  ASSERT_TRUE(rest) << outcome(rest);
  EXPECT_EQ(rest->at("FunctionUrlConfigs").as_array().size(), 1u);
  EXPECT_NE(json::dump(rest->at("FunctionUrlConfigs")),
            json::dump(first->at("FunctionUrlConfigs")));
  EXPECT_FALSE(rest->contains("NextMarker"));
}

TEST(UrlOps, RefusesWhatAwsRefuses) {
  Lab lab;
  ASSERT_TRUE(lab.create("f"));
  std::string many = R"("*")";
  for (int i = 0; i < 100; ++i) many += R"(,"a")";
  for (const auto& [members, part] : std::vector<std::pair<std::string, std::string>>{
           {R"("Cors":{})", "'authType'"},
           {R"("AuthType":"OPEN")", "enum value set: [NONE, AWS_IAM]"},
           {R"("AuthType":"NONE","InvokeMode":"FAST")", "[BUFFERED, RESPONSE_STREAM]"},
           {R"("AuthType":"NONE","Qualifier":"1")", "'qualifier' failed"},
           {R"("AuthType":"NONE","Qualifier":"$LATEST")", "'qualifier' failed"},
           {R"("AuthType":"NONE","Qualifier":"gone")", "Function not found: arn"},
           {R"("AuthType":"NONE","Cors":{"MaxAge":86401})", "less than or equal to 86400"},
           {R"("AuthType":"NONE","Cors":{"MaxAge":-1})", "greater than or equal to 0"},
           {R"("AuthType":"NONE","Cors":{"AllowMethods":["OPTIONS"]})", "cors.allowMethods"},
           {R"("AuthType":"NONE","Cors":{"AllowMethods":["FLY"]})", "cors.allowMethods"},
           {R"("AuthType":"NONE","Cors":{"AllowHeaders":[")" + std::string(1'025, 'h') + "\"]}",
            "cors.allowHeaders"},
           {R"("AuthType":"NONE","Cors":{"AllowHeaders":["a\r\nb: c"]})", "cors.allowHeaders"},
           {R"("AuthType":"NONE","Cors":{"AllowOrigins":[)" + many + "]}", "cors.allowOrigins"},
           {R"("AuthType":"NONE","Cors":{"Unheard":1})", "Unheard"},
           {R"("AuthType":"NONE","Unheard":1)", "Unheard"}}) {
    const auto result =
        lab.run("CreateFunctionUrlConfig", R"({"FunctionName":"f",)" + members + "}");
    ASSERT_FALSE(result) << members.substr(0, 100);
    EXPECT_NE(outcome(result).find(part), std::string::npos) << outcome(result);
  }
  EXPECT_EQ(outcome(lab.run("ListFunctionUrlConfigs", kFunction)), R"({"FunctionUrlConfigs":[]})");
  EXPECT_NE(outcome(lab.run("ListFunctionUrlConfigs", R"({"FunctionName":"f","MaxItems":51})"))
                .find("'maxItems'"),
            std::string::npos);
  EXPECT_EQ(lab.run("CreateFunctionUrlConfig", R"({"FunctionName":"g","AuthType":"NONE"})")
                .error()
                .aws_type,
            "ResourceNotFoundException");
}

TEST(UrlOps, ConditionsSeeTheAuthTypeThatIsAskedForOrThere) {
  class KeyReader final : public aws::Authorizer {
   public:
    Result<void> authorize(const aws::Call&, std::span<const aws::Permission> needs) override {
      keys.clear();
      for (const auto& key : needs[0].keys()) {
        if (key.name == "lambda:FunctionUrlAuthType") keys = key.values;
      }
      return {};
    }
    std::vector<std::string> keys;
  };
  Lab lab;
  ASSERT_TRUE(lab.create("f"));
  ASSERT_TRUE(lab.run("CreateFunctionUrlConfig", R"({"FunctionName":"f","AuthType":"NONE"})"));
  KeyReader reader;
  const auto service = make_service(*lab.functions, *lab.event_sources);
  const auto keys_of = [&](std::string_view operation, const char* input) {
    aws::Call call = make_call(lab.clock);
    for (const auto& one : service.operations) {
      if (one.name() != operation) continue;
      (void)one.run_json(call, aws::Input(*json::parse_object(input)), reader);
    }
    return reader.keys;
  };
  EXPECT_EQ(keys_of("GetFunctionUrlConfig", kFunction), std::vector<std::string>{"NONE"});
  EXPECT_EQ(keys_of("UpdateFunctionUrlConfig", R"({"FunctionName":"f","AuthType":"AWS_IAM"})"),
            std::vector<std::string>{"AWS_IAM"});
  EXPECT_EQ(keys_of("DeleteFunctionUrlConfig", kFunction), std::vector<std::string>{"AWS_IAM"});
}

}  // namespace
}  // namespace stator::lambda::test
