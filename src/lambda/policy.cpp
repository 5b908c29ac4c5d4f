#include "lambda/policy.hpp"

#include <algorithm>

#include "iam/compiled.hpp"
#include "lambda/errors.hpp"

namespace stator::lambda {
namespace {

bool is_account(std::string_view text) {
  return text.size() == 12 &&
         std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

json::Value render_principal(const std::string& principal) {
  if (principal == "*") return json::Value("*");
  if (is_account(principal)) {
    return json::Object{{"AWS", "arn:aws:iam::" + principal + ":root"}};
  }
  if (principal.starts_with("arn:")) return json::Object{{"AWS", principal}};
  return json::Object{{"Service", principal}};
}

}  // namespace

json::Object render_statement(const PolicyStatement& statement) {
  json::Object out{{"Sid", statement.sid},
                   {"Effect", "Allow"},
                   {"Principal", render_principal(statement.principal)},
                   {"Action", statement.action},
                   {"Resource", statement.resource}};
  json::Object equals;
  const auto require = [&equals](const char* key, const std::string& value) {
    if (!value.empty()) equals[key] = value;
  };
  require("AWS:SourceAccount", statement.source_account);
  require("aws:PrincipalOrgID", statement.organization_id);
  require("lambda:EventSourceToken", statement.event_source_token);
  require("lambda:FunctionUrlAuthType", statement.function_url_auth_type);
  json::Object condition;
  if (!equals.empty()) condition["StringEquals"] = std::move(equals);
  if (!statement.source_arn.empty()) {
    condition["ArnLike"] = json::Object{{"AWS:SourceArn", statement.source_arn}};
  }
  if (statement.is_via_function_url) {
    condition["Bool"] = json::Object{{"lambda:InvokedViaFunctionUrl", "true"}};
  }
  if (!condition.empty()) out["Condition"] = std::move(condition);
  return out;
}

std::string render_policy(const std::vector<PolicyStatement>& statements) {
  json::Array list;
  for (const auto& statement : statements) list.push_back(render_statement(statement));
  return json::dump(
      json::Object{{"Version", "2012-10-17"}, {"Id", "default"}, {"Statement", std::move(list)}});
}

Result<std::shared_ptr<const aws::ResourcePolicy>> compile_policy(
    const std::vector<PolicyStatement>& statements) {
  if (statements.empty()) return std::shared_ptr<const aws::ResourcePolicy>();
  return iam::compile_resource_policy(render_policy(statements));
}

Result<void> add_statement(std::vector<PolicyStatement>& statements,
                           const PolicyStatement& statement) {
  for (const auto& existing : statements) {
    if (existing.sid != statement.sid) continue;
    return resource_conflict("The statement id (" + statement.sid +
                             ") provided already exists. Please provide a new statement id, or "
                             "remove the existing statement.");
  }
  if (!compile_policy({statement})) {
    return invalid_parameter(
        "The provided principal was invalid. Please check the principal and "
        "try again.");
  }
  statements.push_back(statement);
  if (render_policy(statements).size() > kPolicyBytesMax) {
    return Error{ErrorCode::kInvalid, "The final policy size is bigger than the limit (20480).",
                 "PolicyLengthExceededException"};
  }
  return {};
}

Result<void> remove_statement(std::vector<PolicyStatement>& statements, const std::string& sid) {
  const auto erased = std::erase_if(
      statements, [&](const PolicyStatement& statement) { return statement.sid == sid; });
  if (erased > 0) return {};
  return resource_missing("Statement " + sid + " is not found in resource policy.");
}

}  // namespace stator::lambda
