#include "cloudformation/sam/function.hpp"

namespace stator::cloudformation::sam {
namespace {

Result<void> check_cors(const Resource& resource, const json::Object& config) {
  const json::Value* cors = given(config, "Cors");
  if (cors == nullptr || is_intrinsic(*cors)) return {};
  if (!cors->is_object()) {
    return resource.invalid_property("FunctionUrlConfig",
                                     "Property 'FunctionUrlConfig.Cors' should be a map.");
  }
  for (const auto& member : cors->get_object()) {
    const std::string name(member.key());
    const json::Value& value = member.value();
    const bool is_list = name == "AllowOrigins" || name == "AllowMethods" ||
                         name == "AllowHeaders" || name == "ExposeHeaders";
    if (!is_list && name != "AllowCredentials" && name != "MaxAge") {
      return resource.invalid_property("FunctionUrlConfig",
                                       name + " is not a valid property for configuring Cors.");
    }
    if (is_intrinsic(value)) continue;
    const bool is_right = is_list                      ? value.is_array()
                          : name == "AllowCredentials" ? value.is_bool()
                                                       : value.is_int64();
    if (is_right) continue;
    const char* type = is_list ? "list" : name == "MaxAge" ? "int" : "bool";
    return resource.invalid_property("FunctionUrlConfig", name + " must be of type " + type + ".");
  }
  return {};
}

struct Destination {
  json::Value arn;
  std::optional<json::Object> policy;
};

/// A queue or topic is made where the template names none.
Result<Destination> destination_of(const Function& function, const std::string& event,
                                   const json::Value& config, Context& context) {
  const Resource& resource = function.resource;
  const auto fault = [&](const std::string& what) {
    return resource.invalid_property("EventInvokeConfig", what);
  };
  if (!config.is_object()) {
    return fault("Property 'EventInvokeConfig.DestinationConfig." + event + "' should be a map.");
  }
  const std::string type = json::find_string(config.get_object(), "Type").value_or("");
  const std::string id = resource.id() + "EventInvokeConfig" + event;
  const bool is_queue = type == "SQS", is_topic = type == "SNS";
  if (!is_queue && !is_topic && type != "EventBridge" && type != "Lambda" && type != "S3Bucket") {
    return fault("'Type: " + type +
                 "' must be one of ['SQS', 'SNS', 'EventBridge', 'Lambda', 'S3Bucket']");
  }
  const json::Value* arn = given(config.get_object(), "Destination");
  if (arn != nullptr && if_items(*arn) != nullptr &&
      (is_no_value((*if_items(*arn))[1]) || is_no_value((*if_items(*arn))[2]))) {
    return fault("A Destination that is there under a condition is not supported by stator.");
  }
  if (arn != nullptr) return Destination{*arn, destination_policy(type, id, *arn)};
  if (!is_queue && !is_topic) {
    return fault("Destination is required if Type is not ['SQS', 'SNS']");
  }
  const std::string made = id + (is_queue ? "Queue" : "Topic");
  context.resources[made] =
      resource.companion(is_queue ? "AWS::SQS::Queue" : "AWS::SNS::Topic", {});
  context.references[resource.id() + (is_queue ? ".DestinationQueue" : ".DestinationTopic")] = made;
  const json::Value made_arn = is_queue ? get_att(made, "Arn") : ref_to(made);
  return Destination{made_arn, destination_policy(type, id, made_arn)};
}

}  // namespace

json::Object policy_allowing(const std::string& name, const char* action,
                             const json::Value& resource) {
  return {{"PolicyName", name},
          {"PolicyDocument",
           json::Object{{"Statement",
                         json::Array{json::Object{
                             {"Action", action}, {"Effect", "Allow"}, {"Resource", resource}}}}}}};
}

std::optional<json::Object> destination_policy(const std::string& type, const std::string& id,
                                               const json::Value& arn) {
  if (type == "SQS") return policy_allowing(id + "SQSPolicy", "sqs:SendMessage", arn);
  if (type == "SNS") return policy_allowing(id + "SNSPolicy", "sns:publish", arn);
  if (type == "EventBridge") {
    return policy_allowing(id + "EventBridgePolicy", "events:PutEvents", arn);
  }
  if (type == "Lambda") return policy_allowing(id + "LambdaPolicy", "lambda:InvokeFunction", arn);
  if (type != "S3Bucket" && type != "S3") return std::nullopt;
  const json::Value objects =
      json::Object{{"Fn::Join", json::Array{"/", json::Array{arn, json::Value("*")}}}};
  json::Object policy = policy_allowing(id + "S3Policy", "s3:PutObject", objects);
  policy["PolicyDocument"]
      .at("Statement")
      .get_array()
      .push_back(json::Object{{"Action", "s3:ListBucket"}, {"Effect", "Allow"}, {"Resource", arn}});
  return policy;
}

Result<void> add_url(const Function& function, Context& context) {
  const Resource& resource = function.resource;
  const json::Value* config = resource.property("FunctionUrlConfig");
  if (config == nullptr) return {};
  if (!config->is_object()) {
    return resource.invalid_property("FunctionUrlConfig",
                                     "Property 'FunctionUrlConfig' should be a map.");
  }
  const json::Object& url = config->get_object();
  const json::Value* type = given(url, "AuthType");
  const bool is_open = type != nullptr && *type == json::Value("NONE");
  if (type == nullptr || (!is_open && *type != json::Value("AWS_IAM") && !is_intrinsic(*type))) {
    return resource.invalid_property(
        "FunctionUrlConfig",
        "AuthType is required to configure function property `FunctionUrlConfig`. Please provide "
        "either AWS_IAM or NONE.");
  }
  STATOR_TRY_VOID(check_cors(resource, url));
  json::Object properties{{"AuthType", *type}, {"TargetFunctionArn", function.target()}};
  for (const char* name : {"Cors", "InvokeMode"}) {
    if (const json::Value* value = given(url, name)) properties[name] = *value;
  }
  context.resources[resource.id() + "Url"] =
      resource.companion("AWS::Lambda::Url", std::move(properties));
  if (!is_open) return {};
  context.resources[resource.id() + "UrlPublicPermissions"] =
      resource.companion("AWS::Lambda::Permission", {{"Action", "lambda:InvokeFunctionUrl"},
                                                     {"FunctionName", function.target()},
                                                     {"Principal", "*"},
                                                     {"FunctionUrlAuthType", "NONE"}});
  context.resources[resource.id() + "URLInvokeAllowPublicAccess"] =
      resource.companion("AWS::Lambda::Permission", {{"Action", "lambda:InvokeFunction"},
                                                     {"FunctionName", function.target()},
                                                     {"Principal", "*"},
                                                     {"InvokedViaFunctionUrl", true}});
  return {};
}

Result<void> add_event_invoke_config(Function& function, Context& context) {
  const Resource& resource = function.resource;
  const json::Value* wanted = resource.property("EventInvokeConfig");
  if (wanted == nullptr) return {};
  if (!wanted->is_object()) {
    return resource.invalid_property("EventInvokeConfig",
                                     "Property 'EventInvokeConfig' should be a map.");
  }
  const json::Value config = with_parameters(*wanted, context.values);
  json::Object destinations;
  if (const json::Value* declared = given(config.get_object(), "DestinationConfig")) {
    if (!declared->is_object()) {
      return resource.invalid_property(
          "EventInvokeConfig", "Property 'EventInvokeConfig.DestinationConfig' should be a map.");
    }
    for (const char* event : {"OnSuccess", "OnFailure"}) {
      const json::Value* one = given(declared->get_object(), event);
      if (one == nullptr) continue;
      STATOR_TRY(Destination destination, destination_of(function, event, *one, context));
      destinations[event] = json::Object{{"Destination", destination.arn}};
      if (destination.policy) function.inline_policies.push_back(std::move(*destination.policy));
    }
  }
  json::Object properties{
      {"FunctionName", ref_to(resource.id())},
      {"Qualifier", function.alias_name.empty() ? "$LATEST" : function.alias_name},
      {"DestinationConfig", std::move(destinations)}};
  for (const char* name : {"MaximumEventAgeInSeconds", "MaximumRetryAttempts"}) {
    if (const json::Value* value = given(config.get_object(), name)) properties[name] = *value;
  }
  json::Object made = resource.derived("AWS::Lambda::EventInvokeConfig", std::move(properties));
  made.erase("DependsOn");
  if (!function.alias_id.empty()) made["DependsOn"] = json::Array{json::Value(function.alias_id)};
  context.resources[resource.id() + "EventInvokeConfig"] = std::move(made);
  return {};
}

}  // namespace stator::cloudformation::sam
