#include "lambda/policy.hpp"

#include <algorithm>
#include <array>
#include <optional>

#include "base/strings.hpp"

namespace stator::lambda {
namespace {

std::optional<std::array<std::string_view, 6>> arn_parts(std::string_view arn) {
  std::array<std::string_view, 6> parts;
  for (std::size_t i = 0; i < 5; ++i) {
    const auto colon = arn.find(':');
    if (colon == std::string_view::npos) return std::nullopt;
    parts[i] = arn.substr(0, colon);
    arn.remove_prefix(colon + 1);
  }
  parts[5] = arn;
  return parts;
}

bool conditions_hold(const PolicyStatement& statement, const ServiceCaller& caller) {
  if (!statement.source_arn.empty() && !arn_like(statement.source_arn, caller.source_arn)) {
    return false;
  }
  if (statement.source_account.empty()) return true;
  const auto parts = arn_parts(caller.source_arn);
  return parts && (*parts)[4] == statement.source_account;
}

}  // namespace

json::Object render_statement(const PolicyStatement& statement) {
  json::Object out{{"Sid", statement.sid},
                   {"Effect", "Allow"},
                   {"Principal", json::Object{{"Service", statement.principal}}},
                   {"Action", statement.action},
                   {"Resource", statement.resource}};
  json::Object condition;
  if (!statement.source_account.empty()) {
    condition["StringEquals"] = json::Object{{"AWS:SourceAccount", statement.source_account}};
  }
  if (!statement.source_arn.empty()) {
    condition["ArnLike"] = json::Object{{"AWS:SourceArn", statement.source_arn}};
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

bool arn_like(std::string_view pattern, std::string_view arn) {
  const auto wanted = arn_parts(pattern);
  const auto given = arn_parts(arn);
  if (!wanted || !given) return false;
  for (std::size_t i = 0; i < wanted->size(); ++i) {
    if (!wildcard_match((*wanted)[i], (*given)[i])) return false;
  }
  return true;
}

bool policy_allows(const std::vector<PolicyStatement>& statements, std::string_view action,
                   const ServiceCaller& caller) {
  return std::any_of(statements.begin(), statements.end(), [&](const PolicyStatement& statement) {
    return statement.principal == caller.principal &&
           (equals_ignore_case(statement.action, action) ||
            wildcard_match(to_lower(statement.action), to_lower(action))) &&
           conditions_hold(statement, caller);
  });
}

}  // namespace stator::lambda
