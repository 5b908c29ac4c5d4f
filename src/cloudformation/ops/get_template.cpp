#include "cloudformation/errors.hpp"
#include "cloudformation/ops/ops.hpp"
#include "cloudformation/ops/shared.hpp"
#include "cloudformation/sam/expand.hpp"
#include "cloudformation/yaml_loader.hpp"

namespace stator::cloudformation::ops {
namespace {

Result<json::Object> handle(const Stacks& stacks, const aws::Call& call, const aws::Input& input) {
  STATOR_TRY_VOID(input.allow_only({"StackName", "TemplateStage"}));
  STATOR_TRY(const StackRecord record, load_stack(stacks, call, input));
  STATOR_TRY(const auto stage, input.text("TemplateStage"));
  std::string body = record.template_body;
  if (stage == "Processed") {
    STATOR_TRY(json::Object loaded, load_template(body));
    STATOR_TRY(const json::Object expanded, sam::expand(std::move(loaded)));
    body = json::dump(expanded);
  } else if (stage && *stage != "Original") {
    return validation_error("TemplateStage must be Original or Processed");
  }
  return json::Object{{"TemplateBody", body},
                      {"StagesAvailable", json::Array{"Original", "Processed"}}};
}

}  // namespace

aws::Operation get_template(Stacks& stacks) {
  return aws::Operation::json(
      "GetTemplate", aws::ByName{}, needs_stack("GetTemplate"),
      [&stacks](aws::Call& call, const aws::Input& input) { return handle(stacks, call, input); });
}

}  // namespace stator::cloudformation::ops
