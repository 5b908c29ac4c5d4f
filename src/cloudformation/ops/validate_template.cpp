#include "cloudformation/blueprint.hpp"
#include "cloudformation/expansion.hpp"
#include "cloudformation/ops/ops.hpp"
#include "cloudformation/ops/shared.hpp"
#include "cloudformation/places.hpp"

namespace stator::cloudformation::ops {
namespace {

json::Array describe_parameters(const Template& body) {
  json::Array list;
  for (const auto& member : body.parameters) {
    json::Object entry{{"ParameterKey", json::Value(member.key())}, {"NoEcho", false}};
    if (member.value().is_object()) {
      const json::Object& declared = member.value().get_object();
      for (const auto& [from, to] : {std::pair("Default", "DefaultValue"),
                                     {"Description", "Description"},
                                     {"NoEcho", "NoEcho"}}) {
        if (const json::Value* value = json::find(declared, from)) entry[to] = *value;
      }
    }
    list.push_back(std::move(entry));
  }
  return list;
}

Result<json::Object> handle(const aws::Input& input) {
  STATOR_TRY_VOID(input.allow_only({"TemplateBody", "TemplateURL"}));
  STATOR_TRY(const std::string text, template_body(input));
  STATOR_TRY(const Expansion expansion, expand_text(text, {}, {}));
  const auto parsed = parse_template(expansion.body);
  if (!parsed) return with_line(parsed.error(), text);
  const Template& body = *parsed;
  const NeededCapabilities needed = needed_capabilities(body, !expansion.transforms.empty());
  json::Object answer{{"Parameters", describe_parameters(body)}};
  if (!body.description.empty()) answer["Description"] = body.description;
  if (!needed.names.empty()) {
    json::Array names;
    for (const std::string& name : needed.names) names.push_back(json::Value(name));
    answer["Capabilities"] = std::move(names);
    answer["CapabilitiesReason"] = needed.reason;
  }
  if (!expansion.transforms.empty()) {
    json::Array names;
    for (const std::string& name : expansion.transforms) names.push_back(json::Value(name));
    answer["DeclaredTransforms"] = std::move(names);
  }
  return answer;
}

}  // namespace

aws::Operation validate_template() {
  return aws::Operation::json(
      "ValidateTemplate", aws::ByName{},
      [](const aws::Call&, const aws::Input&) -> Result<aws::Needs> {
        return aws::Needs{{"cloudformation:ValidateTemplate", "*"}};
      },
      [](aws::Call&, const aws::Input& input) { return handle(input); });
}

}  // namespace stator::cloudformation::ops
