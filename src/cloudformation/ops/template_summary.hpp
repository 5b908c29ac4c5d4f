#pragma once

#include <string>

#include "base/result.hpp"
#include "json/json.hpp"

namespace stator::cloudformation::ops {

/// What a template is, found by reading it: nothing is resolved.
struct TemplateSummary {
  json::Object loaded;       ///< as it came
  std::string description;   ///< "" for none
  json::Array capabilities;  ///< that a stack of it needs
  std::string capabilities_reason;
  json::Array transforms;  ///< as declared
};
/// ValidationError for a template that is malformed; what only its transforms would find is not.
[[nodiscard]] Result<TemplateSummary> summarize(const std::string& text);

/// Description, Capabilities, CapabilitiesReason and DeclaredTransforms, those that there are.
void put_summary(const TemplateSummary& summary, json::Object& answer);

/// Calls `visit(key, declaration)` for each parameter that is declared as an object.
template <class Visit>
void visit_declared_parameters(const TemplateSummary& summary, const Visit& visit) {
  const json::Value* parameters = json::find(summary.loaded, "Parameters");
  if (parameters == nullptr || !parameters->is_object()) return;
  for (const auto& member : parameters->get_object()) {
    if (member.value().is_object()) {
      visit(std::string(member.key()), member.value().get_object());
    }
  }
}

/// A scalar of a template as answers carry it: text, whatever YAML made of it.
[[nodiscard]] std::string scalar_answer(const json::Value& value);

}  // namespace stator::cloudformation::ops
