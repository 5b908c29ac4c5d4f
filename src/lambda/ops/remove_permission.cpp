#include "lambda/ops/function_policy.hpp"
#include "lambda/ops/ops.hpp"

namespace stator::lambda::ops {
namespace {

Result<json::Object> handle(Functions& functions, const aws::Call& call, const aws::Input& input) {
  STATOR_TRY(const auto reference, read_reference(call, input));
  STATOR_TRY(const auto sid, input.required_text("StatementId"));
  const auto remove = [&](std::vector<PolicyStatement>& statements) {
    return remove_statement(statements, sid);
  };
  STATOR_TRY_VOID(change_policy(functions, reference, input, remove));
  return json::Object{};
}

}  // namespace

aws::Operation remove_permission(Functions& functions) {
  return aws::Operation::json(
      "RemovePermission",
      aws::ByPath{.method = "DELETE",
                  .path = "/2015-03-31/functions/{FunctionName}/policy/{StatementId}",
                  .status = 204,
                  .query = {{"Qualifier", "Qualifier"}, {"RevisionId", "RevisionId"}}},
      needs_function(functions, "lambda:RemovePermission"),
      [&functions](aws::Call& call, const aws::Input& input) {
        return handle(functions, call, input);
      });
}

}  // namespace stator::lambda::ops
