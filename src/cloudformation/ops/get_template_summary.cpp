#include <set>

#include "base/strings.hpp"
#include "cloudformation/errors.hpp"
#include "cloudformation/ops/ops.hpp"
#include "cloudformation/ops/shared.hpp"
#include "cloudformation/ops/template_summary.hpp"
#include "cloudformation/resource_type.hpp"

namespace stator::cloudformation::ops {
namespace {

json::Object describe_parameter(const std::string& key, const json::Object& declared) {
  json::Object entry{{"ParameterKey", key}, {"NoEcho", false}};
  for (const auto& [from, to] : {std::pair("Default", "DefaultValue"),
                                 {"Type", "ParameterType"},
                                 {"Description", "Description"},
                                 {"NoEcho", "NoEcho"}}) {
    if (const json::Value* value = json::find(declared, from)) entry[to] = scalar_answer(*value);
  }
  json::Object constraints;
  const json::Value* allowed = json::find(declared, "AllowedValues");
  if (allowed != nullptr && allowed->is_array()) {
    json::Array values;
    for (const json::Value& value : allowed->get_array())
      values.push_back(json::Value(scalar_answer(value)));
    constraints["AllowedValues"] = std::move(values);
  }
  entry["ParameterConstraints"] = std::move(constraints);
  return entry;
}

/// The types that the template names, each once, in alphabetical order.
std::set<std::string> types_in(const TemplateSummary& summary) {
  std::set<std::string> types;
  const json::Value* resources = json::find(summary.loaded, "Resources");
  if (resources == nullptr || !resources->is_object()) return types;
  for (const auto& member : resources->get_object()) {
    if (!member.value().is_object()) continue;
    const std::string type = text_of(member.value().get_object(), "Type");
    if (!type.empty()) types.insert(type);
  }
  return types;
}

/// Types that no stack here can have; those of SAM are the transform's.
std::vector<std::string> unrecognized(const std::set<std::string>& types) {
  std::vector<std::string> unknown;
  for (const std::string& type : types) {
    const bool is_known = find_resource_type(type) != nullptr ||
                          type.starts_with("AWS::Serverless::") || type.starts_with("Custom::");
    if (!is_known) unknown.push_back(type);
  }
  return unknown;
}

json::Array texts(const auto& items) {
  json::Array list;
  for (const std::string& item : items) list.push_back(json::Value(item));
  return list;
}

Result<bool> wants_warnings(const aws::Input& input) {
  STATOR_TRY(const json::Object* config, input.object("TemplateSummaryConfig"));
  if (config == nullptr) return false;
  const aws::Input nested = input.nested(*config);
  STATOR_TRY_VOID(nested.allow_only({"TreatUnrecognizedResourceTypesAsWarnings"}));
  STATOR_TRY(const auto wanted, nested.boolean("TreatUnrecognizedResourceTypesAsWarnings"));
  return wanted.value_or(false);
}

Result<std::string> template_text(const Stacks& stacks, const aws::Call& call,
                                  const aws::Input& input) {
  if (!input.has("StackName")) return template_body(stacks, call, input);
  if (input.has("TemplateBody") || input.has("TemplateURL")) {
    return validation_error("You cannot specify both a stack and a template.");
  }
  STATOR_TRY(const StackRecord record, load_stack(stacks, call, input));
  return record.template_body;
}

Result<json::Object> handle(const Stacks& stacks, const aws::Call& call, const aws::Input& input) {
  STATOR_TRY_VOID(
      input.allow_only({"StackName", "TemplateBody", "TemplateURL", "TemplateSummaryConfig"}));
  STATOR_TRY(const bool is_lenient, wants_warnings(input));
  STATOR_TRY(const std::string text, template_text(stacks, call, input));
  STATOR_TRY(const TemplateSummary summary, summarize(text));
  const std::set<std::string> types = types_in(summary);
  const std::vector<std::string> unknown = unrecognized(types);
  if (!unknown.empty() && !is_lenient) {
    return validation_error("Template format error: Unrecognized resource types: [" +
                            join(unknown, ", ") + "]");
  }
  json::Array parameters;
  visit_declared_parameters(summary, [&](const std::string& key, const json::Object& declared) {
    parameters.push_back(describe_parameter(key, declared));
  });
  json::Object answer{{"Parameters", std::move(parameters)}, {"ResourceTypes", texts(types)}};
  put_summary(summary, answer);
  answer["Version"] =
      json::find_string(summary.loaded, "AWSTemplateFormatVersion").value_or("2010-09-09");
  if (const json::Value* metadata = json::find(summary.loaded, "Metadata")) {
    answer["Metadata"] = json::dump(*metadata);
  }
  if (!unknown.empty()) {
    answer["Warnings"] = json::Object{{"UnrecognizedResourceTypes", texts(unknown)}};
  }
  return answer;
}

}  // namespace

aws::Operation get_template_summary(Stacks& stacks) {
  return aws::Operation::json(
      "GetTemplateSummary", aws::ByName{}, needs_stack("GetTemplateSummary"),
      [&stacks](aws::Call& call, const aws::Input& input) { return handle(stacks, call, input); });
}

}  // namespace stator::cloudformation::ops
