#include "cloudformation/resources/lambda.hpp"
#include "cloudformation/resources/resources.hpp"
#include "cloudformation/resources/shared.hpp"

namespace stator::cloudformation::resources {
namespace {

using namespace lambda;

/// Members that an update carries over.
json::Object settings_of(const json::Object& properties) {
  return picked(properties,
                {"FunctionName", "Enabled", "BatchSize", "FilterCriteria",
                 "MaximumBatchingWindowInSeconds", "ParallelizationFactor", "DestinationConfig",
                 "MaximumRecordAgeInSeconds", "BisectBatchOnFunctionError", "MaximumRetryAttempts",
                 "TumblingWindowInSeconds", "FunctionResponseTypes"});
}

Result<void> create(ResourceContext& context, const json::Object& properties) {
  json::Object input = settings_of(properties);
  for (const char* name : {"EventSourceArn", "StartingPosition"}) {
    if (const json::Value* value = json::find(properties, name)) input[name] = *value;
  }
  STATOR_TRY(const json::Object made,
             context.api.call(kService, "CreateEventSourceMapping", std::move(input)));
  const std::string uuid = text_of(made, "UUID");
  return context.exists(
      {uuid,
       {{"Id", uuid}, {"EventSourceMappingArn", text_of(made, "EventSourceMappingArn")}},
       properties});
}

Result<void> remove(ResourceContext& context, const Existing& mapping) {
  return gone(
      context.api.call(kService, "DeleteEventSourceMapping", {{"UUID", mapping.physical_id}}));
}

Result<void> update(ResourceContext& context, const Existing& mapping,
                    const json::Object& properties) {
  json::Object input = settings_of(properties);
  // What the template no longer says goes back to its default.
  for (const auto& [member, initial] :
       {std::pair<std::string_view, json::Value>("Enabled", true),
        {"BatchSize", 100},
        {"FilterCriteria", json::Object{{"Filters", json::Array()}}},
        {"MaximumBatchingWindowInSeconds", 0},
        {"ParallelizationFactor", 1},
        {"DestinationConfig", json::Object{{"OnFailure", json::Object()}}},
        {"MaximumRecordAgeInSeconds", -1},
        {"BisectBatchOnFunctionError", false},
        {"MaximumRetryAttempts", -1},
        {"TumblingWindowInSeconds", 0},
        {"FunctionResponseTypes", json::Array()}}) {
    if (json::find(input, member) == nullptr) input[member] = initial;
  }
  input["UUID"] = mapping.physical_id;
  STATOR_TRY_VOID(context.api.call(kService, "UpdateEventSourceMapping", std::move(input)));
  return context.exists({mapping.physical_id, mapping.attributes, properties});
}

/// The function is told by its ARN, however the template names it.
Result<json::Object> read(ResourceContext& context, const Existing& mapping) {
  STATOR_TRY(json::Object real,
             context.api.call(kService, "GetEventSourceMapping", {{"UUID", mapping.physical_id}}));
  const std::string given = text_of(mapping.properties, "FunctionName");
  real["FunctionName"] = text_of(real, "FunctionArn");
  if (text_of(real, "FunctionArn").ends_with(":function:" + given)) real["FunctionName"] = given;
  real["Enabled"] = text_of(real, "State") == "Enabled" || text_of(real, "State") == "Creating" ||
                    text_of(real, "State") == "Enabling" || text_of(real, "State") == "Updating";
  return compared(mapping.properties, real,
                  {"FunctionName", "EventSourceArn", "StartingPosition", "Enabled", "BatchSize",
                   "FilterCriteria", "MaximumBatchingWindowInSeconds", "ParallelizationFactor",
                   "DestinationConfig", "MaximumRecordAgeInSeconds", "BisectBatchOnFunctionError",
                   "MaximumRetryAttempts", "TumblingWindowInSeconds", "FunctionResponseTypes"});
}

}  // namespace

ResourceType lambda_event_source_mapping() {
  constexpr auto kInPlace = OnChange::kInPlace;
  constexpr auto kReplace = OnChange::kReplace;
  return {.name = "AWS::Lambda::EventSourceMapping",
          .properties = {{"FunctionName", true, kInPlace},
                         {"EventSourceArn", true, kReplace},
                         {"StartingPosition", false, kReplace},
                         {"Enabled", false, kInPlace},
                         {"BatchSize", false, kInPlace},
                         {"FilterCriteria", false, kInPlace},
                         {"MaximumBatchingWindowInSeconds", false, kInPlace},
                         {"ParallelizationFactor", false, kInPlace},
                         {"DestinationConfig", false, kInPlace},
                         {"MaximumRecordAgeInSeconds", false, kInPlace},
                         {"BisectBatchOnFunctionError", false, kInPlace},
                         {"MaximumRetryAttempts", false, kInPlace},
                         {"TumblingWindowInSeconds", false, kInPlace},
                         {"FunctionResponseTypes", false, kInPlace}},
          .attributes = {"Id", "EventSourceMappingArn"},
          .create = create,
          .remove = remove,
          .update = update,
          .read = read};
}

}  // namespace stator::cloudformation::resources
