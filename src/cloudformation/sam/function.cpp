#include "cloudformation/sam/function.hpp"

#include <algorithm>

namespace stator::cloudformation::sam {
namespace {

/// Properties that AWS::Lambda::Function has under the same name.
constexpr const char* kSame[] = {"FunctionName",
                                 "Handler",
                                 "Runtime",
                                 "Description",
                                 "MemorySize",
                                 "Timeout",
                                 "VpcConfig",
                                 "Role",
                                 "Environment",
                                 "KmsKeyArn",
                                 "ReservedConcurrentExecutions",
                                 "Layers",
                                 "FileSystemConfigs",
                                 "ImageConfig",
                                 "PackageType",
                                 "Architectures",
                                 "SnapStart",
                                 "EphemeralStorage",
                                 "CodeSigningConfigArn",
                                 "RuntimeManagementConfig",
                                 "LoggingConfig",
                                 "TenancyConfig",
                                 "RecursiveLoop",
                                 "DurableConfig"};

/// InlineCode goes before CodeUri, as in SAM.
Result<json::Object> code_of(const Resource& resource) {
  const std::string package =
      json::find_string(resource.properties(), "PackageType").value_or("Zip");
  if (package == "Image") {
    const json::Value* image = resource.property("ImageUri");
    if (image == nullptr)
      return resource.invalid_property("PackageType", "'ImageUri' must be set.");
    return json::Object{{"ImageUri", *image}};
  }
  if (package != "Zip") {
    return resource.invalid_property("PackageType", "invalid 'PackageType' : " + package);
  }
  json::Object code;
  if (const json::Value* source = resource.property("InlineCode")) {
    code["ZipFile"] = *source;
  } else if (resource.property("CodeUri") == nullptr) {
    return invalid_resource(resource.id(), "Only one of 'InlineCode' or 'CodeUri' can be set.");
  } else {
    STATOR_TRY(code, s3_location(resource, "CodeUri"));
  }
  if (const json::Value* key = resource.property("SourceKMSKeyArn")) code["SourceKMSKeyArn"] = *key;
  for (const char* needed : {"Runtime", "Handler"}) {
    if (resource.property(needed) != nullptr) continue;
    return invalid_resource(resource.id(),
                            "Runtime and Handler needs to be present when PackageType is of type "
                            "`Zip`");
  }
  return code;
}

Result<json::Object> properties_of(const Resource& resource, const Context& context) {
  STATOR_TRY(json::Object code, code_of(resource));
  json::Object properties{{"Code", std::move(code)}};
  for (const char* name : kSame) {
    if (const json::Value* value = resource.property(name)) properties[name] = *value;
  }
  STATOR_TRY(properties["Tags"], marked_tags(resource));
  if (const json::Value* tracing = resource.property("Tracing")) {
    if (with_parameters(*tracing, context.values) != json::Value("Disabled")) {
      properties["TracingConfig"] = json::Object{{"Mode", *tracing}};
    }
  }
  if (const json::Value* queue = resource.property("DeadLetterQueue")) {
    const json::Object* config = queue->if_object();
    const json::Value* type = config == nullptr ? nullptr : given(*config, "Type");
    const json::Value* target = config == nullptr ? nullptr : given(*config, "TargetArn");
    if (type == nullptr || target == nullptr) {
      return resource.invalid_property(
          "DeadLetterQueue",
          "'DeadLetterQueue' requires Type and TargetArn properties to be specified.");
    }
    if (*type != json::Value("SQS") && *type != json::Value("SNS")) {
      return resource.invalid_property("DeadLetterQueue",
                                       "'DeadLetterQueue' requires Type of ['SQS', 'SNS']");
    }
    properties["DeadLetterConfig"] = json::Object{{"TargetArn", *target}};
  }
  return properties;
}

/// A preference that is not enabled changes nothing, as on AWS.
Result<void> check_deployment_preference(const Resource& resource, const Context& context) {
  const json::Value* preference = resource.property("DeploymentPreference");
  if (preference == nullptr) return {};
  if (preference->is_object()) {
    json::Value enabled = true;
    if (const json::Value* own = json::find(preference->get_object(), "Enabled")) enabled = *own;
    resolve_parameters(enabled, context.values);
    if (enabled == json::Value(false) || enabled == json::Value("false")) return {};
  }
  return resource.invalid_property(
      "DeploymentPreference",
      "Property DeploymentPreference is not supported by stator: there is no CodeDeploy, and an "
      "alias moves at once.");
}

/// Puts the generated role where Role is not given, or in the branch of an Fn::If that has none.
Result<void> settle_role(const Function& function, json::Object& properties, Context& context) {
  const Resource& resource = function.resource;
  const std::string id = resource.id() + "Role";
  json::Value* own = properties.if_contains("Role");
  if (own == nullptr) {
    properties["Role"] = get_att(id, "Arn");
    STATOR_TRY(context.resources[id], function_role(function));
    return {};
  }
  const json::Array* items = if_items(*own);
  if (items == nullptr) return {};
  json::Array branches = *items;
  const bool is_first = is_no_value(branches[1]), is_second = is_no_value(branches[2]);
  if (!is_first && !is_second) return {};
  STATOR_TRY(json::Object role, function_role(function));
  if (is_first && is_second) {
    *own = get_att(id, "Arn");
  } else if (is_first) {
    role["Condition"] = branches[0];
    *own = json::Object{{"Fn::If", json::Array{branches[0], get_att(id, "Arn"), branches[2]}}};
  } else {
    const std::string name = branches[0].is_string() ? std::string(branches[0].get_string()) : "";
    role["Condition"] = "NOT" + name;
    context.new_conditions["NOT" + name] =
        json::Object{{"Fn::Not", json::Array{json::Object{{"Condition", branches[0]}}}}};
    *own = json::Object{{"Fn::If", json::Array{branches[0], branches[1], get_att(id, "Arn")}}};
  }
  context.resources[id] = std::move(role);
  return {};
}

/// By Path, so that a function's "$default" route comes before its others; else by name.
std::string order_of(const json::Object::value_type& event) {
  std::string name(event.key());
  if (!event.value().is_object()) return name;
  const json::Object& whole = event.value().get_object();
  const json::Value* properties = given(whole, "Properties");
  const json::Object* members = properties == nullptr ? nullptr : properties->if_object();
  const json::Value* path = members == nullptr ? nullptr : given(*members, "Path");
  if (path != nullptr && path->is_string()) return std::string(path->get_string());
  const bool is_default = json::find_string(whole, "Type") == "HttpApi" &&
                          (members == nullptr || given(*members, "Method") == nullptr);
  return is_default ? "$default" : name;
}

Result<void> expand_events(Function& function, Context& context) {
  const Resource& resource = function.resource;
  const json::Value* events = resource.property("Events");
  if (events == nullptr) return {};
  if (!events->is_object()) {
    return resource.invalid_property("Events", "Property 'Events' should be a map.");
  }
  std::vector<const json::Object::value_type*> sorted;
  for (const auto& event : events->get_object()) sorted.push_back(&event);
  std::stable_sort(sorted.begin(), sorted.end(),
                   [](const auto* a, const auto* b) { return order_of(*a) < order_of(*b); });
  for (const auto* member : sorted) {
    const std::string_view id(member->key().data(), member->key().size());
    if (!member->value().is_object()) {
      return invalid_event(resource, id, "Event is not an object.");
    }
    const json::Object& event = member->value().get_object();
    const std::string type = json::find_string(event, "Type").value_or("");
    if (type == "DynamoDB") {
      STATOR_TRY_VOID(expand_dynamodb_event(function, id, event, context));
    } else if (type == "HttpApi") {
      STATOR_TRY_VOID(expand_http_event(function, id, event, context));
    } else {
      return invalid_event(resource, id, "Event type '" + type + "' is not supported by stator.");
    }
  }
  return {};
}

/// What Tags say replaces what the generated resources have.
Result<void> propagate_tags(const Resource& resource, Context& context) {
  const json::Value* wanted = resource.property("PropagateTags");
  const json::Value* tags = resource.property("Tags");
  if (wanted == nullptr || *wanted != json::Value(true)) return {};
  if (tags == nullptr || !tags->is_object() || tags->get_object().empty()) return {};
  for (const std::string& id : {resource.id(), resource.id() + "Role"}) {
    json::Value* made = context.resources.if_contains(id);
    if (made == nullptr || !made->is_object()) continue;
    json::Value* properties = made->get_object().if_contains("Properties");
    if (properties == nullptr || !properties->is_object()) continue;
    properties->get_object()["Tags"] = tag_list(tags->get_object());
  }
  return {};
}

}  // namespace

Error invalid_event(const Resource& function, std::string_view event_id, std::string_view what,
                    std::string_view property) {
  Place place = {"Properties", "Events", std::string(event_id)};
  if (!property.empty()) place.insert(place.end(), {"Properties", std::string(property)});
  return invalid_resource(
      function.id(),
      "Event with id [" + std::string(event_id) + "] is invalid. " + std::string(what), place);
}

Result<void> expand_function(const Resource& resource, Context& context) {
  STATOR_TRY_VOID(resource.allow_only({"FunctionName",
                                       "Handler",
                                       "Runtime",
                                       "CodeUri",
                                       "ImageUri",
                                       "PackageType",
                                       "InlineCode",
                                       "DeadLetterQueue",
                                       "Description",
                                       "MemorySize",
                                       "Timeout",
                                       "VpcConfig",
                                       "Role",
                                       "AssumeRolePolicyDocument",
                                       "Policies",
                                       "RolePath",
                                       "PermissionsBoundary",
                                       "Environment",
                                       "Events",
                                       "Tags",
                                       "PropagateTags",
                                       "Tracing",
                                       "KmsKeyArn",
                                       "DeploymentPreference",
                                       "ReservedConcurrentExecutions",
                                       "Layers",
                                       "EventInvokeConfig",
                                       "EphemeralStorage",
                                       "AutoPublishAlias",
                                       "AutoPublishCodeSha256",
                                       "AutoPublishAliasAllProperties",
                                       "VersionDescription",
                                       "VersionDeletionPolicy",
                                       "ProvisionedConcurrencyConfig",
                                       "FileSystemConfigs",
                                       "ImageConfig",
                                       "CodeSigningConfigArn",
                                       "Architectures",
                                       "SnapStart",
                                       "FunctionUrlConfig",
                                       "RuntimeManagementConfig",
                                       "LoggingConfig",
                                       "RecursiveLoop",
                                       "SourceKMSKeyArn",
                                       "TenancyConfig",
                                       "DurableConfig"}));
  Function function{resource};
  STATOR_TRY(json::Object made, properties_of(resource, context));
  STATOR_TRY_VOID(check_deployment_preference(resource, context));
  context.resources[resource.id()] = json::Object();  // its place, before what goes with it
  STATOR_TRY_VOID(publish_alias(function, made, context));
  STATOR_TRY_VOID(add_url(function, context));
  STATOR_TRY_VOID(add_event_invoke_config(function, context));
  STATOR_TRY_VOID(collect_policies(function, context));
  STATOR_TRY_VOID(expand_events(function, context));
  STATOR_TRY_VOID(settle_role(function, made, context));
  context.resources[resource.id()] = resource.derived("AWS::Lambda::Function", std::move(made));
  return propagate_tags(resource, context);
}

}  // namespace stator::cloudformation::sam
