#include <algorithm>

#include "aws/arn.hpp"
#include "base/ids.hpp"
#include "lambda/errors.hpp"
#include "lambda/ops/ops.hpp"
#include "lambda/ops/support.hpp"

namespace stator::lambda::ops {
namespace {

constexpr std::size_t kPolicyBytesMax = 20'480;
constexpr std::size_t kStatementIdMax = 100;

bool is_statement_id(std::string_view text) {
  return !text.empty() && text.size() <= kStatementIdMax &&
         std::all_of(text.begin(), text.end(), [](char c) {
           return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                  c == '-' || c == '_';
         });
}

/// "apigateway.amazonaws.com"; accounts, roles and "*" are not supported.
Result<void> check_principal(std::string_view principal) {
  constexpr std::string_view kSuffix = ".amazonaws.com";
  const bool is_service = principal.ends_with(kSuffix) && principal.size() > kSuffix.size() &&
                          principal.find_first_of("*?:/ ") == std::string_view::npos;
  if (is_service) return {};
  return unsupported("Lambda permissions for the principal " + std::string(principal) +
                     " are not supported; only services (NAME.amazonaws.com) are.");
}

Result<PolicyStatement> read_statement(const aws::Input& input, const std::string& arn) {
  STATOR_TRY_VOID(input.allow_only({"FunctionName", "StatementId", "Action", "Principal",
                                    "SourceArn", "SourceAccount", "Qualifier", "RevisionId"}));
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
  if (!statement.source_arn.empty() && !aws::Arn::parse(statement.source_arn)) {
    return validation_failed("1 validation error detected: Value '" + statement.source_arn +
                             "' at 'sourceArn' failed to satisfy constraint: Member must be an "
                             "ARN");
  }
  statement.resource = arn;
  return statement;
}

Result<void> append(FunctionRecord& record, const PolicyStatement& statement) {
  for (const auto& existing : record.policy) {
    if (existing.sid != statement.sid) continue;
    return resource_conflict("The statement id (" + statement.sid +
                             ") provided already exists. Please provide a new statement id, or "
                             "remove the existing statement.");
  }
  record.policy.push_back(statement);
  if (render_policy(record.policy).size() > kPolicyBytesMax) {
    return Error{ErrorCode::kInvalid, "The final policy size is bigger than the limit (20480).",
                 "PolicyLengthExceededException"};
  }
  return {};
}

Result<json::Object> handle(Functions& functions, const aws::Call& call, const aws::Input& input) {
  STATOR_TRY(const auto reference, read_reference(call, input));
  STATOR_TRY(const auto statement, read_statement(input, reference.arn()));
  STATOR_TRY_VOID(refuse_qualifier(reference));
  const auto apply = [&](FunctionRecord& record) -> Result<void> {
    STATOR_TRY_VOID(check_revision(input, record, "GetPolicy"));
    record.revision_id = uuid4(functions.random());
    return append(record, statement);
  };
  STATOR_TRY([[maybe_unused]] const auto record,
             functions.catalog().change(reference.key.view(), apply));
  return json::Object{{"Statement", json::dump(render_statement(statement))}};
}

}  // namespace

aws::Operation add_permission(Functions& functions) {
  return aws::Operation::json("AddPermission",
                              aws::ByPath{.method = "POST",
                                          .path = "/2015-03-31/functions/{FunctionName}/policy",
                                          .status = 201,
                                          .query = {{"Qualifier", "Qualifier"}}},
                              needs_function("lambda:AddPermission"),
                              [&functions](aws::Call& call, const aws::Input& input) {
                                return handle(functions, call, input);
                              });
}

}  // namespace stator::lambda::ops
