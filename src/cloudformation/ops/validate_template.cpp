#include "cloudformation/ops/ops.hpp"
#include "cloudformation/ops/shared.hpp"
#include "cloudformation/ops/template_summary.hpp"

namespace stator::cloudformation::ops {
namespace {

Result<json::Object> handle(const Stacks& stacks, const aws::Call& call, const aws::Input& input) {
  STATOR_TRY_VOID(input.allow_only({"TemplateBody", "TemplateURL"}));
  STATOR_TRY(const std::string text, template_body(stacks, call, input));
  STATOR_TRY(const TemplateSummary summary, summarize(text));
  json::Array parameters;
  visit_declared_parameters(summary, [&](const std::string& key, const json::Object& declared) {
    json::Object entry{{"ParameterKey", key}, {"NoEcho", false}};
    for (const auto& [from, to] : {std::pair("Default", "DefaultValue"),
                                   {"Description", "Description"},
                                   {"NoEcho", "NoEcho"}}) {
      if (const json::Value* value = json::find(declared, from)) entry[to] = scalar_answer(*value);
    }
    parameters.push_back(std::move(entry));
  });
  json::Object answer{{"Parameters", std::move(parameters)}};
  put_summary(summary, answer);
  return answer;
}

}  // namespace

aws::Operation validate_template(Stacks& stacks) {
  return aws::Operation::json(
      "ValidateTemplate", aws::ByName{},
      [](const aws::Call&, const aws::Input&) -> Result<aws::Needs> {
        return aws::Needs{{"cloudformation:ValidateTemplate", "*"}};
      },
      [&stacks](aws::Call& call, const aws::Input& input) { return handle(stacks, call, input); });
}

}  // namespace stator::cloudformation::ops
