#include <algorithm>

#include "aws/arn.hpp"
#include "lambda/errors.hpp"
#include "lambda/ops/function_policy.hpp"
#include "lambda/ops/ops.hpp"

namespace stator::lambda::ops {
namespace {

constexpr std::size_t kStatementIdMax = 100;

bool is_statement_id(std::string_view text) {
  return !text.empty() && text.size() <= kStatementIdMax &&
         std::all_of(text.begin(), text.end(), [](char c) {
           return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                  c == '-' || c == '_';
         });
}

/// An account, an ARN, a service or everyone; the policy's grammar judges an ARN further.
Result<void> check_principal(std::string_view principal) {
  const bool is_account =
      principal.size() == 12 &&
      std::all_of(principal.begin(), principal.end(), [](char c) { return c >= '0' && c <= '9'; });
  const bool is_service = principal.find('.') != std::string_view::npos &&
                          principal.find_first_of("*?:/ ") == std::string_view::npos;
  if (principal == "*" || is_account || is_service || principal.starts_with("arn:")) return {};
  return invalid_parameter(
      "The provided principal was invalid. Please check the principal and try again.");
}

Result<PolicyStatement> read_statement(const aws::Input& input, const std::string& arn) {
  STATOR_TRY_VOID(
      input.allow_only({"FunctionName", "StatementId", "Action", "Principal", "SourceArn",
                        "SourceAccount", "Qualifier", "RevisionId", "PrincipalOrgID",
                        "EventSourceToken", "FunctionUrlAuthType", "InvokedViaFunctionUrl"}));
  PolicyStatement statement;
  STATOR_TRY(statement.sid, input.required_text("StatementId"));
  STATOR_TRY(statement.action, input.required_text("Action"));
  STATOR_TRY(statement.principal, input.required_text("Principal"));
  if (!is_statement_id(statement.sid)) {
    return validation_failed("1 validation error detected: Value '" + statement.sid +
                             "' at 'statementId' failed to satisfy constraint: Member must "
                             "satisfy regular expression pattern: ([a-zA-Z0-9-_]+)");
  }
  if (!statement.action.starts_with("lambda:") && statement.action != "*") {
    return validation_failed("1 validation error detected: Value '" + statement.action +
                             "' at 'action' failed to satisfy constraint: Member must satisfy "
                             "regular expression pattern: (lambda:[*]|lambda:[a-zA-Z]+|[*])");
  }
  STATOR_TRY_VOID(check_principal(statement.principal));
  STATOR_TRY(const auto source_arn, input.text("SourceArn"));
  STATOR_TRY(const auto source_account, input.text("SourceAccount"));
  statement.source_arn = source_arn.value_or("");
  statement.source_account = source_account.value_or("");
  STATOR_TRY(const auto organization_id, input.text("PrincipalOrgID"));
  STATOR_TRY(const auto token, input.text("EventSourceToken"));
  STATOR_TRY(const auto url_auth_type, input.text("FunctionUrlAuthType"));
  statement.organization_id = organization_id.value_or("");
  statement.event_source_token = token.value_or("");
  statement.function_url_auth_type = url_auth_type.value_or("");
  STATOR_TRY(const auto via_url, input.boolean("InvokedViaFunctionUrl"));
  statement.is_via_function_url = via_url.value_or(false);
  if (url_auth_type && url_auth_type != "NONE" && url_auth_type != "AWS_IAM") {
    return validation_failed("1 validation error detected: Value '" + *url_auth_type +
                             "' at 'functionUrlAuthType' failed to satisfy constraint: Member must "
                             "satisfy enum value set: [NONE, AWS_IAM]");
  }
  if (!statement.source_arn.empty() && !aws::Arn::parse(statement.source_arn)) {
    return validation_failed("1 validation error detected: Value '" + statement.source_arn +
                             "' at 'sourceArn' failed to satisfy constraint: Member must be an "
                             "ARN");
  }
  statement.resource = arn;
  return statement;
}

Result<json::Object> handle(Functions& functions, const aws::Call& call, const aws::Input& input) {
  STATOR_TRY(const auto reference, read_reference(call, input));
  STATOR_TRY(const auto statement, read_statement(input, reference.qualified_arn()));
  const auto add = [&](std::vector<PolicyStatement>& statements) {
    return add_statement(statements, statement);
  };
  STATOR_TRY_VOID(change_policy(functions, reference, input, add));
  return json::Object{{"Statement", json::dump(render_statement(statement))}};
}

}  // namespace

aws::Operation add_permission(Functions& functions) {
  return aws::Operation::json("AddPermission",
                              aws::ByPath{.method = "POST",
                                          .path = "/2015-03-31/functions/{FunctionName}/policy",
                                          .status = 201,
                                          .query = {{"Qualifier", "Qualifier"}}},
                              needs_function(functions, "lambda:AddPermission"),
                              [&functions](aws::Call& call, const aws::Input& input) {
                                return handle(functions, call, input);
                              });
}

}  // namespace stator::lambda::ops
