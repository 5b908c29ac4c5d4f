#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "apigateway/exchange.hpp"
#include "base/result.hpp"
#include "iam/evaluator.hpp"
#include "json/json.hpp"

namespace stator::apigateway {

/// What the function of an authorizer answered: yes or no, or a policy that is asked about each
/// request.
/// https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-lambda-authorizer.html
struct FunctionDecision {
  bool is_simple = false;
  bool is_authorized = false;              ///< of a simple one
  std::vector<iam::NamedPolicy> policies;  ///< of the other: one
  std::string principal_id;
  json::Object context;
};

/// Which answers an authorizer takes.
struct AnswerForm {
  bool is_simple = false;
  bool is_v2 = true;
};

/// kInvalid saying what is wrong. Only format 2.0 takes a context that is more than texts, numbers
/// and booleans.
[[nodiscard]] Result<FunctionDecision> read_function_decision(std::string_view payload,
                                                              AnswerForm form);

/// What a policy must allow: execute-api:Invoke on arn:aws:execute-api:REGION:ACCOUNT:API/STAGE/
/// METHOD/path, the path as it was asked for. What would be a wildcard or a variable in a policy is
/// percent-encoded, so that a function may put the ARN that it was given into its policy.
[[nodiscard]] std::string requested_arn(const Exchange& exchange);

/// Whether this request may pass. Asked for each, also of a decision that was kept.
[[nodiscard]] bool allows(const FunctionDecision& decision, const Exchange& exchange);

}  // namespace stator::apigateway
