#include "cloudformation/resources/lambda.hpp"
#include "cloudformation/resources/resources.hpp"
#include "cloudformation/resources/shared.hpp"

/// https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-lambda-url.html
namespace stator::cloudformation::resources {
namespace {

using namespace lambda;

json::Object target_of(const json::Object& properties) {
  return renamed(properties, {{"TargetFunctionArn", "FunctionName"}, {"Qualifier", "Qualifier"}});
}

json::Object input_of(const json::Object& properties) {
  json::Object input = target_of(properties);
  merge(input, picked(properties, {"AuthType", "Cors", "InvokeMode"}));
  return input;
}

Result<void> create(ResourceContext& context, const json::Object& properties) {
  STATOR_TRY(const json::Object made,
             context.api.call(kService, "CreateFunctionUrlConfig", input_of(properties)));
  const std::string arn = text_of(made, "FunctionArn");
  return context.exists(
      {arn, {{"FunctionUrl", text_of(made, "FunctionUrl")}, {"FunctionArn", arn}}, properties});
}

Result<void> update(ResourceContext& context, const Existing& url, const json::Object& properties) {
  json::Object input = input_of(properties);
  if (!input.contains("Cors")) input["Cors"] = json::Object();
  if (!input.contains("InvokeMode")) input["InvokeMode"] = "BUFFERED";
  STATOR_TRY_VOID(context.api.call(kService, "UpdateFunctionUrlConfig", std::move(input)));
  return context.exists({url.physical_id, url.attributes, properties});
}

Result<void> remove(ResourceContext& context, const Existing& url) {
  return gone(context.api.call(kService, "DeleteFunctionUrlConfig", target_of(url.properties)));
}

Result<json::Object> read(ResourceContext& context, const Existing& url) {
  STATOR_TRY(const json::Object real,
             context.api.call(kService, "GetFunctionUrlConfig", target_of(url.properties)));
  return compared(url.properties, real, {"AuthType", "Cors", "InvokeMode"});
}

}  // namespace

ResourceType lambda_url() {
  constexpr auto kInPlace = OnChange::kInPlace;
  constexpr auto kReplace = OnChange::kReplace;
  return {.name = "AWS::Lambda::Url",
          .properties = {{"TargetFunctionArn", true, kReplace},
                         {"Qualifier", false, kReplace},
                         {"AuthType", true, kInPlace},
                         {"Cors", false, kInPlace},
                         {"InvokeMode", false, kInPlace}},
          .attributes = {"FunctionUrl", "FunctionArn"},
          .create = create,
          .remove = remove,
          .update = update,
          .read = read};
}

}  // namespace stator::cloudformation::resources
