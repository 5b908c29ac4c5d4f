#include "cloudformation/sam/context.hpp"

namespace stator::cloudformation::sam {

/// https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/sam-property-function-dynamodb.html
Result<void> expand_dynamodb_event(const Resource& function, std::string_view event_id,
                                   const json::Object& event, Context& context) {
  const std::string prefix = "Event with id [" + std::string(event_id) + "] is invalid. ";
  const json::Value* given = json::find(event, "Properties");
  if (given == nullptr || !given->is_object()) {
    return invalid_resource(function.id(), prefix + "Properties is not a map.");
  }
  json::Object properties{{"FunctionName", ref_to(function.id())}};
  for (const auto& member : given->get_object()) {
    const std::string name(member.key());
    if (name == "Stream") {
      properties["EventSourceArn"] = member.value();
      continue;
    }
    bool is_known = false;
    for (const char* known :
         {"StartingPosition", "BatchSize", "BisectBatchOnFunctionError", "DestinationConfig",
          "Enabled", "FilterCriteria", "FunctionResponseTypes", "MaximumBatchingWindowInSeconds",
          "MaximumRecordAgeInSeconds", "MaximumRetryAttempts", "ParallelizationFactor",
          "TumblingWindowInSeconds"}) {
      is_known = is_known || name == known;
    }
    if (!is_known) {
      return invalid_resource(function.id(),
                              prefix + "Property '" + name + "' is not supported by stator.");
    }
    properties[name] = member.value();
  }
  for (const char* required : {"EventSourceArn", "StartingPosition"}) {
    if (properties.contains(required)) continue;
    const std::string name = std::string(required) == "EventSourceArn" ? "Stream" : required;
    return invalid_resource(function.id(), prefix + "Missing required property '" + name + "'.");
  }
  context.resources[function.id() + std::string(event_id)] =
      function.companion("AWS::Lambda::EventSourceMapping", std::move(properties));
  return {};
}

bool has_dynamodb_event(const Resource& function) {
  const json::Value* events = function.property("Events");
  if (events == nullptr || !events->is_object()) return false;
  for (const auto& member : events->get_object()) {
    if (!member.value().is_object()) continue;
    if (json::find_string(member.value().get_object(), "Type") == "DynamoDB") return true;
  }
  return false;
}

}  // namespace stator::cloudformation::sam
