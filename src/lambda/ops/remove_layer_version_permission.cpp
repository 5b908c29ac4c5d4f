#include "base/ids.hpp"
#include "lambda/ops/ops.hpp"
#include "lambda/ops/support.hpp"

namespace stator::lambda::ops {
namespace {

Result<json::Object> handle(Functions& functions, const aws::Call& call, const aws::Input& input) {
  STATOR_TRY(const auto reference, read_layer_reference(call, input));
  STATOR_TRY(const auto sid, input.required_text("StatementId"));
  const auto apply = [&](LayerVersionRecord& record) -> Result<void> {
    STATOR_TRY_VOID(check_layer_revision(input, record));
    record.revision_id = uuid4(functions.random());
    return remove_statement(record.policy, sid);
  };
  STATOR_TRY([[maybe_unused]] const auto record,
             functions.catalog().change_layer(reference, apply));
  return json::Object{};
}

}  // namespace

aws::Operation remove_layer_version_permission(Functions& functions) {
  return aws::Operation::json(
      "RemoveLayerVersionPermission",
      aws::ByPath{
          .method = "DELETE",
          .path = "/2018-10-31/layers/{LayerName}/versions/{VersionNumber}/policy/{StatementId}",
          .status = 204,
          .query = {{"RevisionId", "RevisionId"}}},
      needs_layer_version(functions, "lambda:RemoveLayerVersionPermission"),
      [&functions](aws::Call& call, const aws::Input& input) {
        return handle(functions, call, input);
      });
}

}  // namespace stator::lambda::ops
