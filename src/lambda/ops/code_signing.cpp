#include <utility>

#include "lambda/errors.hpp"
#include "lambda/ops/ops.hpp"
#include "lambda/ops/support.hpp"

/// Code signing is not here. Its operations stand in one file because none of them does anything:
/// what would make a configuration or use one is refused by name, and there is none to be found.
namespace stator::lambda::ops {
namespace {

constexpr const char* kConfigs = "/2020-04-22/code-signing-configs";
constexpr const char* kConfig = "/2020-04-22/code-signing-configs/{CodeSigningConfigArn}";
constexpr const char* kOfFunction = "/2020-06-30/functions/{FunctionName}/code-signing-config";

Result<json::Object> refuse(const char* name) {
  return unsupported(std::string("Lambda's ") + name +
                     " is not supported: there is no code signing here.");
}

Result<json::Object> no_such_config(const aws::Input& input) {
  STATOR_TRY(const auto arn, input.required_text("CodeSigningConfigArn"));
  return resource_missing(
      "The code signing configuration cannot be found. Check that the provided configuration is "
      "not deleted: " +
      arn + ".");
}

aws::Operation::JsonNeeds needs_config(std::string action) {
  return [action = std::move(action)](const aws::Call&,
                                      const aws::Input& input) -> Result<aws::Needs> {
    STATOR_TRY(const auto arn, input.required_text("CodeSigningConfigArn"));
    return aws::Needs{{action, arn}};
  };
}

aws::Operation of_config(const char* name, aws::ByPath path) {
  return aws::Operation::json(
      name, std::move(path), needs_config(std::string("lambda:") + name),
      [](aws::Call&, const aws::Input& input) { return no_such_config(input); });
}

aws::Operation of_none(const char* name, aws::ByPath path,
                       std::function<Result<json::Object>()> answer) {
  return aws::Operation::json(
      name, std::move(path),
      [name](const aws::Call&, const aws::Input&) -> Result<aws::Needs> {
        return aws::Needs{{std::string("lambda:") + name, "*"}};
      },
      [answer = std::move(answer)](aws::Call&, const aws::Input&) { return answer(); });
}

}  // namespace

std::vector<aws::Operation> code_signing(Functions& functions) {
  std::vector<aws::Operation> all;
  all.push_back(of_none("CreateCodeSigningConfig", {.method = "POST", .path = kConfigs},
                        [] { return refuse("CreateCodeSigningConfig"); }));
  all.push_back(of_none("ListCodeSigningConfigs", {.method = "GET", .path = kConfigs},
                        []() -> Result<json::Object> {
                          return json::Object{{"CodeSigningConfigs", json::Array{}}};
                        }));
  all.push_back(of_config("DeleteCodeSigningConfig", {.method = "DELETE", .path = kConfig}));
  all.push_back(of_config("GetCodeSigningConfig", {.method = "GET", .path = kConfig}));
  all.push_back(of_config("UpdateCodeSigningConfig", {.method = "PUT", .path = kConfig}));
  all.push_back(of_config("ListFunctionsByCodeSigningConfig",
                          {.method = "GET", .path = std::string(kConfig) + "/functions"}));
  all.push_back(aws::Operation::json(
      "PutFunctionCodeSigningConfig", aws::ByPath{.method = "PUT", .path = kOfFunction},
      needs_function(functions, "lambda:PutFunctionCodeSigningConfig"),
      [](aws::Call&, const aws::Input&) { return refuse("PutFunctionCodeSigningConfig"); }));
  all.push_back(aws::Operation::json(
      "DeleteFunctionCodeSigningConfig",
      aws::ByPath{.method = "DELETE", .path = kOfFunction, .status = 204},
      needs_function(functions, "lambda:DeleteFunctionCodeSigningConfig"),
      [&functions](aws::Call& call, const aws::Input& input) -> Result<json::Object> {
        // A function has none, so there is nothing to take away.
        STATOR_TRY(const auto reference, read_reference(call, input));
        STATOR_TRY_VOID(find_function(functions, reference));
        return json::Object{};
      }));
  return all;
}

}  // namespace stator::lambda::ops
