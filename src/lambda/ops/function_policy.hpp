#pragma once

#include <functional>
#include <string>
#include <vector>

#include "lambda/ops/support.hpp"

/// The resource policies of a function: one for the function, one for each version and alias that
/// has any.
namespace stator::lambda::ops {

struct FunctionPolicy {
  std::vector<PolicyStatement> statements;
  std::string revision_id;
};

/// The policy of what the reference names, perhaps empty. ResourceNotFoundException when the
/// function or the qualifier does not exist.
[[nodiscard]] Result<FunctionPolicy> find_policy(Functions& functions,
                                                 const FunctionReference& reference);

using PolicyChange = std::function<Result<void>(std::vector<PolicyStatement>&)>;
/// Changes it, when the input's RevisionId, if any, is the policy's. $LATEST by that name has none
/// of its own, as on AWS: InvalidParameterValueException.
[[nodiscard]] Result<void> change_policy(Functions& functions, const FunctionReference& reference,
                                         const aws::Input& input, const PolicyChange& change);

}  // namespace stator::lambda::ops
