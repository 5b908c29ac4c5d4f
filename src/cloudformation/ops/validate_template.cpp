#include "cloudformation/blueprint.hpp"
#include "cloudformation/ops/ops.hpp"
#include "cloudformation/ops/shared.hpp"
#include "cloudformation/sam/expand.hpp"
#include "cloudformation/yaml_loader.hpp"

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
  STATOR_TRY(json::Object loaded, load_template(text));
  const bool is_transformed = sam::is_wanted(loaded);
  STATOR_TRY(const json::Object expanded, sam::expand(std::move(loaded)));
  STATOR_TRY(const Template body, parse_template(expanded));
  const NeededCapabilities needed = needed_capabilities(body, is_transformed);
  json::Object answer{{"Parameters", describe_parameters(body)}};
  if (!body.description.empty()) answer["Description"] = body.description;
  if (!needed.names.empty()) {
    json::Array names;
    for (const std::string& name : needed.names) names.push_back(json::Value(name));
    answer["Capabilities"] = std::move(names);
    answer["CapabilitiesReason"] = needed.reason;
  }
  if (is_transformed) answer["DeclaredTransforms"] = json::Array{sam::kTransform};
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
