#include "cloudformation/errors.hpp"
#include "cloudformation/exports.hpp"
#include "cloudformation/ops/ops.hpp"

namespace stator::cloudformation::ops {
namespace {

constexpr std::size_t kPage = 100;

Result<json::Object> handle(const Stacks& stacks, const aws::Call& call, const aws::Input& input) {
  STATOR_TRY_VOID(input.allow_only({"ExportName", "NextToken"}));
  STATOR_TRY(const std::string name, input.required_text("ExportName"));
  STATOR_TRY(const auto token, input.text("NextToken"));
  STATOR_TRY(const std::vector<std::string> importers,
             list_imports(stacks.records(), call.account, call.region, name));
  if (importers.empty()) {
    return validation_error("Export '" + name + "' is not imported by any stack.");
  }
  json::Array listed;
  json::Object answer;
  for (const std::string& importer : importers) {
    if (token && importer <= *token) continue;
    if (listed.size() == kPage) {
      answer["NextToken"] = listed.back();
      break;
    }
    listed.push_back(json::Value(importer));
  }
  answer["Imports"] = std::move(listed);
  return answer;
}

}  // namespace

aws::Operation list_imports(Stacks& stacks) {
  return aws::Operation::json(
      "ListImports", aws::ByName{},
      [](const aws::Call&, const aws::Input&) -> Result<aws::Needs> {
        return aws::Needs{{"cloudformation:ListImports", "*"}};
      },
      [&stacks](aws::Call& call, const aws::Input& input) { return handle(stacks, call, input); });
}

}  // namespace stator::cloudformation::ops
