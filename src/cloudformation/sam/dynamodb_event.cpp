#include <algorithm>
#include <array>

#include "cloudformation/sam/function.hpp"
#include "cloudformation/sam/managed_policies.hpp"

namespace stator::cloudformation::sam {
namespace {

constexpr std::array<std::string_view, 16> kSame = {"StartingPosition",
                                                    "StartingPositionTimestamp",
                                                    "BatchSize",
                                                    "BisectBatchOnFunctionError",
                                                    "DestinationConfig",
                                                    "Enabled",
                                                    "FilterCriteria",
                                                    "FunctionResponseTypes",
                                                    "KmsKeyArn",
                                                    "MaximumBatchingWindowInSeconds",
                                                    "MaximumRecordAgeInSeconds",
                                                    "MaximumRetryAttempts",
                                                    "MetricsConfig",
                                                    "ParallelizationFactor",
                                                    "ScalingConfig",
                                                    "TumblingWindowInSeconds"};

/// OnFailure's Type is SAM's own, for the policy that the role needs, and does not come out.
Result<void> take_destination_type(Function& function, const std::string& id,
                                   json::Object& config) {
  json::Value* failure = config.if_contains("OnFailure");
  if (failure == nullptr || !failure->is_object()) {
    return invalid("Property 'DestinationConfig.OnFailure' should be a map.");
  }
  json::Object& target = failure->get_object();
  const auto type = json::find_string(target, "Type");
  if (!type) return {};
  if (*type != "SQS" && *type != "SNS" && *type != "S3" && *type != "Kafka") {
    return invalid("The only valid values for 'Type' are 'SQS', 'SNS', 'S3', and 'Kafka'");
  }
  target.erase("Type");
  const json::Value* arn = given(target, "Destination");
  auto policy = destination_policy(*type, id, arn == nullptr ? json::Value() : *arn);
  if (!policy) return {};
  const json::Array& known = function.inline_policies;
  const bool is_known = std::any_of(known.begin(), known.end(), [&](const json::Value& one) {
    const json::Value* document = one.get_object().if_contains("PolicyDocument");
    return document != nullptr && *document == policy->at("PolicyDocument");
  });
  if (!is_known) function.inline_policies.push_back(std::move(*policy));
  return {};
}

}  // namespace

/// https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/sam-property-function-dynamodb.html
Result<void> expand_dynamodb_event(Function& function, std::string_view event_id,
                                   const json::Object& event, Context& context) {
  const Resource& resource = function.resource;
  const json::Value* declared = given(event, "Properties");
  if (declared == nullptr || !declared->is_object()) {
    return invalid_event(resource, event_id, "Properties is not a map.");
  }
  const std::string id = resource.id() + std::string(event_id);
  json::Object properties{{"FunctionName", function.target()}};
  for (const auto& member : declared->get_object()) {
    const std::string name(member.key());
    if (member.value().is_null()) continue;
    if (name == "Stream") {
      properties["EventSourceArn"] = member.value();
    } else if (std::find(kSame.begin(), kSame.end(), name) != kSame.end()) {
      properties[name] = member.value();
    } else {
      return invalid_event(resource, event_id,
                           "Property '" + name + "' is not supported by stator.", name);
    }
  }
  for (const auto& [made, name] :
       {std::pair("EventSourceArn", "Stream"), std::pair("StartingPosition", "StartingPosition")}) {
    if (properties.contains(made)) continue;
    return invalid_event(resource, event_id,
                         "Missing required property '" + std::string(name) + "'.");
  }
  if (json::Value* config = properties.if_contains("DestinationConfig");
      config != nullptr && config->is_object() && !is_intrinsic(*config)) {
    const auto taken = take_destination_type(function, id, config->get_object());
    if (!taken) {
      return invalid_event(resource, event_id, taken.error().message, "DestinationConfig");
    }
  }
  const json::Value policy(managed_policy_arn("AWSLambdaDynamoDBExecutionRole"));
  json::Array& managed = function.managed_policies;
  if (std::find(managed.begin(), managed.end(), policy) == managed.end()) managed.push_back(policy);
  context.resources[id] =
      resource.companion("AWS::Lambda::EventSourceMapping", std::move(properties));
  return {};
}

}  // namespace stator::cloudformation::sam
