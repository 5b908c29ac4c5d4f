#include "cloudformation/ops/template_summary.hpp"

#include "cloudformation/blueprint.hpp"
#include "cloudformation/expansion.hpp"
#include "cloudformation/places.hpp"
#include "cloudformation/yaml_loader.hpp"

namespace stator::cloudformation::ops {

Result<TemplateSummary> summarize(const std::string& text) {
  TemplateSummary summary;
  STATOR_TRY(summary.loaded, load_template(text));
  const auto transforms = declared_transforms(summary.loaded);
  if (!transforms) return with_line(transforms.error(), text);
  for (const std::string& name : *transforms) summary.transforms.push_back(json::Value(name));
  const auto expansion = expand_text(text, {}, {});
  if (!expansion && transforms->empty()) return expansion.error();
  if (!expansion) {
    // Nothing is wrong with a template of which the transform wants to know more than is known
    // here: code that is not packaged yet, a loop over a parameter that has no default.
    summary.description = json::find_string(summary.loaded, "Description").value_or("");
    summary.capabilities = {"CAPABILITY_AUTO_EXPAND"};
    return summary;
  }
  const auto body = parse_template(expansion->body);
  if (!body) return with_line(body.error(), text);
  summary.description = body->description;
  NeededCapabilities needed = needed_capabilities(*body, !transforms->empty());
  for (const std::string& name : needed.names) {
    summary.capabilities.push_back(json::Value(name));
  }
  summary.capabilities_reason = std::move(needed.reason);
  return summary;
}

void put_summary(const TemplateSummary& summary, json::Object& answer) {
  if (!summary.description.empty()) answer["Description"] = summary.description;
  if (!summary.capabilities.empty()) answer["Capabilities"] = summary.capabilities;
  if (!summary.capabilities_reason.empty()) {
    answer["CapabilitiesReason"] = summary.capabilities_reason;
  }
  if (!summary.transforms.empty()) answer["DeclaredTransforms"] = summary.transforms;
}

std::string scalar_answer(const json::Value& value) {
  return value.is_string() ? std::string(json::view(value.get_string())) : json::dump(value);
}

}  // namespace stator::cloudformation::ops
