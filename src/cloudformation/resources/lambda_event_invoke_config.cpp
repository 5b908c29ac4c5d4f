#include "cloudformation/resources/lambda.hpp"
#include "cloudformation/resources/resources.hpp"
#include "cloudformation/resources/shared.hpp"

/// https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-lambda-eventinvokeconfig.html
namespace stator::cloudformation::resources {
namespace {

using namespace lambda;

json::Object target_of(const json::Object& properties) {
  return picked(properties, {"FunctionName", "Qualifier"});
}

json::Object input_of(const json::Object& properties) {
  json::Object input = target_of(properties);
  merge(input, picked(properties,
                      {"DestinationConfig", "MaximumEventAgeInSeconds", "MaximumRetryAttempts"}));
  return input;
}

/// Putting would write over a configuration that is not ours, so the first one must be new.
Result<void> create(ResourceContext& context, const json::Object& properties) {
  const std::string function = text_of(properties, "FunctionName");
  const std::string qualifier = text_of(properties, "Qualifier");
  const auto before =
      context.api.call(kService, "GetFunctionEventInvokeConfig", target_of(properties));
  if (before) {
    return Error{ErrorCode::kConflict,
                 "EventInvokeConfig of " + function + ":" + qualifier + " already exists.",
                 "AlreadyExists"};
  }
  if (before.error().code != ErrorCode::kNotFound) return before.error();
  STATOR_TRY_VOID(context.api.call(kService, "PutFunctionEventInvokeConfig", input_of(properties)));
  return context.exists({function + "|" + qualifier, {}, properties});
}

/// Putting replaces all of it.
Result<void> update(ResourceContext& context, const Existing& config,
                    const json::Object& properties) {
  STATOR_TRY_VOID(context.api.call(kService, "PutFunctionEventInvokeConfig", input_of(properties)));
  return context.exists({config.physical_id, config.attributes, properties});
}

Result<void> remove(ResourceContext& context, const Existing& config) {
  return gone(
      context.api.call(kService, "DeleteFunctionEventInvokeConfig", target_of(config.properties)));
}

Result<json::Object> read(ResourceContext& context, const Existing& config) {
  STATOR_TRY(const json::Object real, context.api.call(kService, "GetFunctionEventInvokeConfig",
                                                       target_of(config.properties)));
  return compared(config.properties, real,
                  {"DestinationConfig", "MaximumEventAgeInSeconds", "MaximumRetryAttempts"});
}

}  // namespace

ResourceType lambda_event_invoke_config() {
  constexpr auto kInPlace = OnChange::kInPlace;
  constexpr auto kReplace = OnChange::kReplace;
  return {.name = "AWS::Lambda::EventInvokeConfig",
          .properties = {{"FunctionName", true, kReplace},
                         {"Qualifier", true, kReplace},
                         {"DestinationConfig", false, kInPlace},
                         {"MaximumEventAgeInSeconds", false, kInPlace},
                         {"MaximumRetryAttempts", false, kInPlace}},
          .attributes = {},
          .create = create,
          .remove = remove,
          .update = update,
          .read = read};
}

}  // namespace stator::cloudformation::resources
