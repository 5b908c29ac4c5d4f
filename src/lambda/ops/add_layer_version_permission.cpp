#include "base/ids.hpp"
#include "lambda/errors.hpp"
#include "lambda/ops/ops.hpp"
#include "lambda/ops/support.hpp"

namespace stator::lambda::ops {
namespace {

/// https://docs.aws.amazon.com/lambda/latest/api/API_AddLayerVersionPermission.html
Result<PolicyStatement> read_statement(const aws::Input& input, const std::string& arn) {
  STATOR_TRY_VOID(input.allow_only({"LayerName", "VersionNumber", "StatementId", "Action",
                                    "Principal", "OrganizationId", "RevisionId"}));
  PolicyStatement statement;
  STATOR_TRY(statement.sid, input.required_text("StatementId"));
  STATOR_TRY(statement.action, input.required_text("Action"));
  STATOR_TRY(statement.principal, input.required_text("Principal"));
  STATOR_TRY(const auto organization_id, input.text("OrganizationId"));
  if (statement.action != "lambda:GetLayerVersion") {
    return validation_failed("1 validation error detected: Value '" + statement.action +
                             "' at 'action' failed to satisfy constraint: Member must satisfy "
                             "regular expression pattern: lambda:GetLayerVersion");
  }
  if (organization_id && statement.principal != "*") {
    return invalid_parameter("An organization can only be given for the principal *.");
  }
  statement.organization_id = organization_id.value_or("");
  statement.resource = arn;
  return statement;
}

Result<json::Object> handle(Functions& functions, const aws::Call& call, const aws::Input& input) {
  STATOR_TRY(const auto reference, read_layer_reference(call, input));
  STATOR_TRY(const auto statement, read_statement(input, reference.arn()));
  const auto apply = [&](LayerVersionRecord& record) -> Result<void> {
    STATOR_TRY_VOID(check_layer_revision(input, record));
    record.revision_id = uuid4(functions.random());
    return add_statement(record.policy, statement);
  };
  STATOR_TRY(const auto record, functions.catalog().change_layer(reference, apply));
  return json::Object{{"Statement", json::dump(render_statement(statement))},
                      {"RevisionId", record.revision_id}};
}

}  // namespace

aws::Operation add_layer_version_permission(Functions& functions) {
  return aws::Operation::json(
      "AddLayerVersionPermission",
      aws::ByPath{.method = "POST",
                  .path = "/2018-10-31/layers/{LayerName}/versions/{VersionNumber}/policy",
                  .status = 201,
                  .query = {{"RevisionId", "RevisionId"}}},
      needs_layer_version(functions, "lambda:AddLayerVersionPermission"),
      [&functions](aws::Call& call, const aws::Input& input) {
        return handle(functions, call, input);
      });
}

}  // namespace stator::lambda::ops
