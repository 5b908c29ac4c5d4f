#include "lambda/environment.hpp"

#include <gtest/gtest.h>

#include <map>

namespace stator::lambda {
namespace {

std::map<std::string, std::string> environment_of(const FunctionRecord& record,
                                                  const InstanceFacts& facts) {
  const auto list = instance_environment(record, facts);
  std::map<std::string, std::string> out(list.begin(), list.end());
  EXPECT_EQ(out.size(), list.size()) << "no variable stands there twice";
  return out;
}

FunctionRecord function_of(const std::string& runtime) {
  FunctionRecord record;
  record.key = {"000000000000", "us-east-1", "f"};
  record.runtime = runtime;
  record.handler = "app.handler";
  return record;
}

InstanceFacts inside() {
  return {.task_root = "/var/task",
          .layer_roots = {"/opt"},
          .runtime_root = "/var/runtime",
          .runtime_api_port = "9001",
          .endpoint_port = "4566"};
}

TEST(InstanceEnvironment, OfAProvidedRuntimeHasNoInterpretersVariables) {
  const auto found = environment_of(function_of("provided.al2023"), inside());
  EXPECT_EQ(found.at("_HANDLER"), "app.handler");
  EXPECT_EQ(found.at("AWS_LAMBDA_RUNTIME_API"), "127.0.0.1:9001");
  EXPECT_EQ(found.at("PATH"), "/usr/local/bin:/usr/bin/:/bin:/opt/bin");
  EXPECT_EQ(found.at("AWS_LAMBDA_LOG_FORMAT"), "Text");
  for (const char* name :
       {"AWS_EXECUTION_ENV", "PYTHONPATH", "NODE_PATH", "_STATOR_LAYERS", "AWS_LAMBDA_LOG_LEVEL"}) {
    EXPECT_FALSE(found.contains(name)) << name;
  }
}

TEST(InstanceEnvironment, OfPython) {
  const auto found = environment_of(function_of("python3.12"), inside());
  EXPECT_EQ(found.at("AWS_EXECUTION_ENV"), "AWS_Lambda_python3.12");
  EXPECT_EQ(found.at("PYTHONPATH"), "/var/runtime");
  EXPECT_FALSE(found.contains("_STATOR_LAYERS"));
  EXPECT_FALSE(found.contains("NODE_PATH"));
}

TEST(InstanceEnvironment, OfNodeBeginsItsPathAsAwsDoes) {
  const auto path = environment_of(function_of("nodejs20.x"), inside()).at("NODE_PATH");
  EXPECT_TRUE(
      path.starts_with("/opt/nodejs/node20/node_modules:/opt/nodejs/node_modules:"
                       "/var/runtime/node_modules:/var/runtime:/var/task:"))
      << path;
}

TEST(InstanceEnvironment, WithAnInterpreterAndLayersElsewhere) {
  auto facts = inside();
  facts.lang_root = "/var/lang";
  auto found = environment_of(function_of("python3.12"), facts);
  EXPECT_TRUE(found.at("PATH").starts_with("/var/lang/bin:/usr/local/bin:"));
  EXPECT_TRUE(found.at("LD_LIBRARY_PATH").starts_with("/var/lang/lib:/lib64:"));
  facts.layer_roots = {"/data/l1", "/data/l2"};
  found = environment_of(function_of("python3.12"), facts);
  EXPECT_EQ(found.at("_STATOR_LAYERS"), "/data/l1:/data/l2");
  found = environment_of(function_of("nodejs20.x"), facts);
  EXPECT_NE(found.at("NODE_PATH").find("/data/l2/nodejs/node_modules:"), std::string::npos);
}

TEST(InstanceEnvironment, TheFunctionsOwnVariablesWin) {
  auto record = function_of("python3.12");
  record.environment = EnvironmentVariables{{"PYTHONPATH", "/var/task/vendor"}, {"MINE", "1"}};
  record.logging = {.is_json = true, .application_level = "DEBUG"};
  const auto found = environment_of(record, inside());
  EXPECT_EQ(found.at("PYTHONPATH"), "/var/task/vendor");
  EXPECT_EQ(found.at("MINE"), "1");
  EXPECT_EQ(found.at("AWS_LAMBDA_LOG_FORMAT"), "JSON");
  EXPECT_EQ(found.at("AWS_LAMBDA_LOG_LEVEL"), "DEBUG");
}

TEST(ParseEnvironment, RefusesReservedNamesInAwssWords) {
  const auto parsed =
      parse_environment(json::Object{{"AWS_REGION", "x"}, {"_HANDLER", "y"}, {"FINE", "z"}});
  ASSERT_FALSE(parsed);
  EXPECT_NE(parsed.error().message.find("Reserved keys used in this request: AWS_REGION, _HANDLER"),
            std::string::npos)
      << parsed.error().message;
  EXPECT_FALSE(parse_environment(json::Object{{"1A", "x"}}));
  EXPECT_FALSE(parse_environment(json::Object{{"BIG", std::string(4096, 'x')}}));
  EXPECT_TRUE(parse_environment(json::Object{{"AWS_LAMBDA_EXEC_WRAPPER", "/opt/w"}}));
}

}  // namespace
}  // namespace stator::lambda
