#include "cloudformation/errors.hpp"
#include "cloudformation/exports.hpp"
#include "cloudformation/ops/ops.hpp"

namespace stator::cloudformation::ops {
namespace {

constexpr std::size_t kPage = 100;

Result<json::Object> handle(const Stacks& stacks, const aws::Call& call, const aws::Input& input) {
  STATOR_TRY_VOID(input.allow_only({"NextToken"}));
  STATOR_TRY(const auto token, input.text("NextToken"));
  STATOR_TRY(const std::vector<Export> exports,
             list_exports(stacks.records(), call.account, call.region));
  json::Array listed;
  json::Object answer;
  for (const Export& item : exports) {
    // A token is the name that the page before ended with.
    if (token && item.name <= *token) continue;
    if (listed.size() == kPage) {
      answer["NextToken"] = text_of(listed.back().get_object(), "Name");
      break;
    }
    listed.push_back(json::Object{
        {"ExportingStackId", item.stack_id}, {"Name", item.name}, {"Value", item.value}});
  }
  answer["Exports"] = std::move(listed);
  return answer;
}

}  // namespace

aws::Operation list_exports(Stacks& stacks) {
  return aws::Operation::json(
      "ListExports", aws::ByName{},
      [](const aws::Call&, const aws::Input&) -> Result<aws::Needs> {
        return aws::Needs{{"cloudformation:ListExports", "*"}};
      },
      [&stacks](aws::Call& call, const aws::Input& input) { return handle(stacks, call, input); });
}

}  // namespace stator::cloudformation::ops
