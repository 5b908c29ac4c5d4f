#include "base/ids.hpp"
#include "lambda/ops/ops.hpp"
#include "lambda/ops/support.hpp"

namespace stator::lambda::ops {
namespace {

Result<json::Object> handle(Functions& functions, const aws::Call& call, const aws::Input& input) {
  STATOR_TRY(const auto reference, read_reference(call, input));
  STATOR_TRY_VOID(refuse_qualifier(reference));
  STATOR_TRY(const auto sid, input.required_text("StatementId"));
  const auto apply = [&](FunctionRecord& record) -> Result<void> {
    STATOR_TRY_VOID(check_revision(input, record, "GetPolicy"));
    STATOR_TRY_VOID(remove_statement(record.policy, sid));
    record.revision_id = uuid4(functions.random());
    return {};
  };
  STATOR_TRY([[maybe_unused]] const auto record,
             functions.catalog().change(reference.key.view(), apply));
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
