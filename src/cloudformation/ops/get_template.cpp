#include "cloudformation/errors.hpp"
#include "cloudformation/expansion.hpp"
#include "cloudformation/ops/change_set_input.hpp"
#include "cloudformation/ops/ops.hpp"
#include "cloudformation/ops/shared.hpp"

namespace stator::cloudformation::ops {
namespace {

/// A template with what its transforms need to be applied as they were.
struct Source {
  std::string text;
  json::Object parameters;
  StackIdentity stack;
};

Result<Source> source_of(Stacks& stacks, const aws::Call& call, const aws::Input& input) {
  if (input.has("ChangeSetName")) {
    STATOR_TRY(ChangeSetAndStack found, load_change_set(stacks, call, input));
    ChangeSet& set = found.set;
    return Source{std::move(set.template_body), std::move(set.parameters), std::move(set.stack)};
  }
  STATOR_TRY(StackRecord record, load_stack(stacks, call, input));
  return Source{std::move(record.template_body), std::move(record.parameters),
                std::move(record.identity)};
}

Result<json::Object> handle(Stacks& stacks, const aws::Call& call, const aws::Input& input) {
  STATOR_TRY_VOID(input.allow_only({"StackName", "ChangeSetName", "TemplateStage"}));
  STATOR_TRY(const auto stage, input.text("TemplateStage"));
  STATOR_TRY(Source source, source_of(stacks, call, input));
  if (stage == "Processed") {
    STATOR_TRY(const Expansion expansion,
               expand_text(source.text, given_parameters(source.parameters), source.stack));
    source.text = json::dump(expansion.body);
  } else if (stage && *stage != "Original") {
    return validation_error("TemplateStage must be Original or Processed");
  }
  return json::Object{{"TemplateBody", source.text},
                      {"StagesAvailable", json::Array{"Original", "Processed"}}};
}

}  // namespace

aws::Operation get_template(Stacks& stacks) {
  return aws::Operation::json(
      "GetTemplate", aws::ByName{}, needs_change_set(stacks, "GetTemplate"),
      [&stacks](aws::Call& call, const aws::Input& input) { return handle(stacks, call, input); });
}

}  // namespace stator::cloudformation::ops
