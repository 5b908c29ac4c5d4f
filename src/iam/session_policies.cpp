#include "iam/session_policies.hpp"

#include "iam/errors.hpp"
#include "iam/managed_policies.hpp"

namespace stator::iam {

Result<void> check_session_policies(const Records& records, std::string_view account,
                                    const SessionExtras& extras) {
  for (const auto& arn : extras.policy_arns) {
    STATOR_TRY(const auto policy, find_managed_policy(records, account, arn));
    if (!policy) return no_such_entity("Policy " + arn + " was not found.");
  }
  return {};
}

}  // namespace stator::iam
