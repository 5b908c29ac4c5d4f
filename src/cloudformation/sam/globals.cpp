#include <algorithm>
#include <string>
#include <vector>

#include "cloudformation/sam/context.hpp"

namespace stator::cloudformation::sam {
namespace {

/// A section, the type that it is for, and the properties that it may give.
/// https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/sam-specification-template-anatomy-globals.html
struct Section {
  std::string_view name;
  std::string_view type;
  std::vector<std::string_view> properties;
};

const std::vector<Section>& sections() {
  static const std::vector<Section> kSections = {
      {"Function",
       "AWS::Serverless::Function",
       {"Handler",
        "Runtime",
        "CodeUri",
        "DeadLetterQueue",
        "Description",
        "MemorySize",
        "Timeout",
        "VpcConfig",
        "Environment",
        "Tags",
        "PropagateTags",
        "Tracing",
        "KmsKeyArn",
        "AutoPublishAlias",
        "AutoPublishAliasAllProperties",
        "Layers",
        "DeploymentPreference",
        "RolePath",
        "PermissionsBoundary",
        "ReservedConcurrentExecutions",
        "ProvisionedConcurrencyConfig",
        "AssumeRolePolicyDocument",
        "EventInvokeConfig",
        "FileSystemConfigs",
        "CodeSigningConfigArn",
        "Architectures",
        "SnapStart",
        "EphemeralStorage",
        "FunctionUrlConfig",
        "RuntimeManagementConfig",
        "LoggingConfig",
        "RecursiveLoop",
        "SourceKMSKeyArn",
        "TenancyConfig",
        "DurableConfig",
        "VersionDeletionPolicy"}},
      {"HttpApi",
       "AWS::Serverless::HttpApi",
       {"Auth", "AccessLogSettings", "StageVariables", "Tags", "CorsConfiguration",
        "DefaultRouteSettings", "Domain", "RouteSettings", "FailOnWarnings", "PropagateTags"}},
      {"SimpleTable", "AWS::Serverless::SimpleTable", {"SSESpecification"}},
      {"LayerVersion", "AWS::Serverless::LayerVersion", {"PublishLambdaVersion"}}};
  return kSections;
}

/// A resource's own value wins; maps merge member by member, lists are put one behind the other.
/// Functions count as the values that they will give.
json::Value merged(const json::Value& global, const json::Value& own) {
  if (global.is_object() && own.is_object() && !is_intrinsic(global) && !is_intrinsic(own)) {
    json::Object result = global.get_object();
    for (const auto& member : own.get_object()) {
      const json::Value* inherited = result.if_contains(member.key());
      result[member.key()] =
          inherited == nullptr ? member.value() : merged(*inherited, member.value());
    }
    return result;
  }
  if (global.is_array() && own.is_array()) {
    json::Array result = global.get_array();
    result.insert(result.end(), own.get_array().begin(), own.get_array().end());
    return result;
  }
  return own;
}

Error globals_error(std::string_view what, const Place& inside = {}) {
  Place place = {"Globals"};
  place.insert(place.end(), inside.begin(), inside.end());
  return at_place({ErrorCode::kInvalid,
                   "Transform AWS::Serverless-2016-10-31 failed with: Invalid Serverless "
                   "Application Specification document. Number of errors found: 1. 'Globals' "
                   "section is invalid. " +
                       std::string(what),
                   "ValidationError"},
                  place);
}

/// The globals without those that the resource's IgnoreGlobals names.
Result<json::Object> wanted_globals(const std::string& id, const json::Object& resource,
                                    json::Object globals) {
  const json::Value* ignored = given(resource, "IgnoreGlobals");
  if (ignored == nullptr) return globals;
  if (*ignored == json::Value("*")) return json::Object();
  if (!ignored->is_array()) {
    return invalid_resource(id,
                            "Resource " + id + " has invalid resource attribute 'IgnoreGlobals'.",
                            {"IgnoreGlobals"});
  }
  for (const json::Value& name : ignored->get_array()) {
    if (!name.is_string() || globals.erase(name.get_string()) == 0) {
      return invalid_resource(id,
                              "Resource " + id +
                                  " has invalid resource attribute 'IgnoreGlobals' on item '" +
                                  json::dump(name) + "'.",
                              {"IgnoreGlobals"});
    }
  }
  return globals;
}

Result<void> apply_section(const Section& section, const json::Object& globals,
                           json::Object& template_body) {
  const std::string title(section.name);
  for (const auto& member : globals) {
    const std::string name(member.key());
    const auto& known = section.properties;
    if (std::find(known.begin(), known.end(), name) == known.end()) {
      return globals_error(
          "'" + name + "' is not a supported property of '" + title + "' in stator.",
          {title, name});
    }
  }
  json::Value* resources = template_body.if_contains("Resources");
  if (resources == nullptr || !resources->is_object()) return {};
  for (auto& entry : resources->get_object()) {
    if (!entry.value().is_object()) continue;
    json::Object& resource = entry.value().get_object();
    if (json::find_string(resource, "Type") != section.type) continue;
    STATOR_TRY(const json::Object wanted,
               wanted_globals(std::string(entry.key()), resource, globals));
    json::Value& properties = resource["Properties"];
    if (properties.is_null()) properties = json::Object{};
    properties = merged(wanted, properties);
  }
  return {};
}

}  // namespace

Result<void> apply_globals(json::Object& template_body) {
  const json::Value* found = given(template_body, "Globals");
  if (found == nullptr) return {};
  if (!found->is_object()) return globals_error("It must be a non-empty dictionary");
  const json::Object globals = found->get_object();
  for (const auto& member : globals) {
    const std::string name(member.key());
    const auto section = std::find_if(sections().begin(), sections().end(),
                                      [&](const Section& one) { return one.name == name; });
    if (section == sections().end()) {
      return globals_error("'" + name + "' is not a supported section in stator.", {name});
    }
    if (!member.value().is_object()) {
      return globals_error("Value of '" + name + "' must be a dictionary", {name});
    }
    STATOR_TRY_VOID(apply_section(*section, member.value().get_object(), template_body));
  }
  return {};
}

}  // namespace stator::cloudformation::sam
