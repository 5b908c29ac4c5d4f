#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "json/json.hpp"

namespace stator::lambda {

/// One statement of a function's resource policy, as AddPermission makes it: always an Allow, to
/// one AWS service.
struct PolicyStatement {
  std::string sid;
  std::string action;               ///< "lambda:InvokeFunction"
  std::string principal;            ///< "apigateway.amazonaws.com"
  std::string resource;             ///< the function's ARN
  std::string source_arn = {};      ///< ArnLike AWS:SourceArn, or ""
  std::string source_account = {};  ///< StringEquals AWS:SourceAccount, or ""
};

/// The statement as IAM writes it.
[[nodiscard]] json::Object render_statement(const PolicyStatement& statement);
/// The whole document that GetPolicy answers.
[[nodiscard]] std::string render_policy(const std::vector<PolicyStatement>& statements);

/// ArnLike: the six parts of an ARN are compared one by one, each with `*` and `?`, so a wildcard
/// never reaches past a colon; the sixth part holds the rest.
/// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html
[[nodiscard]] bool arn_like(std::string_view pattern, std::string_view arn);

/// A service that asks to invoke a function for one of its resources.
struct ServiceCaller {
  std::string_view principal;   ///< "apigateway.amazonaws.com"
  std::string_view source_arn;  ///< of the API's route; its fifth part is the source account
};

/// True when some statement lets the service do `action`.
[[nodiscard]] bool policy_allows(const std::vector<PolicyStatement>& statements,
                                 std::string_view action, const ServiceCaller& caller);

}  // namespace stator::lambda
