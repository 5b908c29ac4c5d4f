#include <algorithm>
#include <array>

#include "cloudformation/sam/context.hpp"

namespace stator::cloudformation::sam {
namespace {

constexpr std::array<std::string_view, 9> kFunctionGlobals = {
    "Handler", "Runtime",       "MemorySize", "Timeout",      "Environment",
    "Layers",  "Architectures", "Tags",       "LoggingConfig"};

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

Result<void> apply_to_functions(const json::Object& globals, json::Object& template_body) {
  for (const auto& member : globals) {
    const std::string_view name(member.key().data(), member.key().size());
    if (std::find(kFunctionGlobals.begin(), kFunctionGlobals.end(), name) ==
        kFunctionGlobals.end()) {
      return globals_error("'" + std::string(name) +
                           "' is not a supported property of 'Function' in stator.");
    }
  }
  json::Value* resources = template_body.if_contains("Resources");
  if (resources == nullptr || !resources->is_object()) return {};
  for (auto& entry : resources->get_object()) {
    if (!entry.value().is_object()) continue;
    json::Object& resource = entry.value().get_object();
    if (json::find_string(resource, "Type") != "AWS::Serverless::Function") continue;
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
  for (const auto& section : globals) {
    if (section.key() != "Function") {
      return globals_error("'" + std::string(json::String(section.key())) +
                           "' is not a supported section in stator.");
    }
    if (!section.value().is_object()) return globals_error("'Function' must be a map.");
    STATOR_TRY_VOID(apply_to_functions(section.value().get_object(), template_body));
  }
  return {};
}

}  // namespace stator::cloudformation::sam
