#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "iam/decide.hpp"
#include "json/json.hpp"

/// What would be decided: the same logic as for requests, over policies and condition keys that are
/// given instead of found.
/// https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_testing-policies.html
namespace stator::iam {

struct Simulation {
  std::vector<NamedPolicy> policies;
  std::optional<std::vector<NamedPolicy>> boundary;
  std::optional<Policy> resource_policy;
  GivenContext context;
  std::string caller_arn;  ///< "" when nobody in particular calls
  std::string caller_role_arn;
  std::string caller_account;
  std::string resource_owner;  ///< an account; "" for the caller's, whatever the ARN says
};

/// One of EvaluationResults.
[[nodiscard]] json::Object simulate(const Simulation& simulation, std::string_view action,
                                    std::string_view resource);

/// The keys that the policies ask for, sorted, each once.
[[nodiscard]] std::vector<std::string> context_keys_of(std::span<const NamedPolicy> policies);

}  // namespace stator::iam
