#include <algorithm>
#include <string>
#include <vector>

#include "cloudformation/sam/context.hpp"

namespace stator::cloudformation::sam {
namespace {

/// A section, the type that it is for, and the properties that it may give.
struct Section {
  std::string_view name;
  std::string_view type;
  std::vector<std::string_view> properties;
};

const std::vector<Section>& sections() {
  static const std::vector<Section> kSections = {
      {"Function",
       "AWS::Serverless::Function",
       {"Handler", "Runtime", "MemorySize", "Timeout", "Environment", "Layers", "Architectures",
        "Tags", "LoggingConfig"}},
      {"HttpApi",
       "AWS::Serverless::HttpApi",
       {"Auth", "AccessLogSettings", "StageVariables", "Tags", "CorsConfiguration",
        "DefaultRouteSettings", "Domain", "RouteSettings", "FailOnWarnings"}}};
  return kSections;
}

/// A resource's own value wins; maps merge member by member, lists are put one behind the other.
json::Value merged(const json::Value& global, const json::Value& own) {
  if (global.is_object() && own.is_object()) {
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

Error globals_error(std::string_view what) {
  return {ErrorCode::kInvalid,
          "Transform AWS::Serverless-2016-10-31 failed with: Invalid Serverless Application "
          "Specification document. Number of errors found: 1. 'Globals' section is invalid. " +
              std::string(what),
          "ValidationError"};
}

Result<void> apply_section(const Section& section, const json::Object& globals,
                           json::Object& template_body) {
  for (const auto& member : globals) {
    const std::string_view name(member.key().data(), member.key().size());
    const auto& known = section.properties;
    if (std::find(known.begin(), known.end(), name) == known.end()) {
      return globals_error("'" + std::string(name) + "' is not a supported property of '" +
                           std::string(section.name) + "' in stator.");
    }
  }
  json::Value* resources = template_body.if_contains("Resources");
  if (resources == nullptr || !resources->is_object()) return {};
  for (auto& entry : resources->get_object()) {
    if (!entry.value().is_object()) continue;
    json::Object& resource = entry.value().get_object();
    if (json::find_string(resource, "Type") != section.type) continue;
    json::Value& properties = resource["Properties"];
    if (properties.is_null()) properties = json::Object{};
    properties = merged(globals, properties);
  }
  return {};
}

}  // namespace

Result<void> apply_globals(json::Object& template_body) {
  const json::Value* found = json::find(template_body, "Globals");
  if (found == nullptr || found->is_null()) return {};
  if (!found->is_object()) return globals_error("It must be a map.");
  const json::Object globals = found->get_object();
  for (const auto& member : globals) {
    const std::string name(member.key());
    const auto section = std::find_if(sections().begin(), sections().end(),
                                      [&](const Section& one) { return one.name == name; });
    if (section == sections().end()) {
      return globals_error("'" + name + "' is not a supported section in stator.");
    }
    if (!member.value().is_object()) return globals_error("'" + name + "' must be a map.");
    STATOR_TRY_VOID(apply_section(*section, member.value().get_object(), template_body));
  }
  return {};
}

}  // namespace stator::cloudformation::sam
