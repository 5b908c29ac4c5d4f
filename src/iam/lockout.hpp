#pragma once

#include "aws/call.hpp"

namespace stator::iam {

/// Whether a resource's policy explicitly denies a call's principal what `need` names, whatever
/// else allows it: the question behind ConfirmRemoveSelfResourceAccess and its like.
[[nodiscard]] bool denies(const aws::ResourcePolicy& policy, const aws::Call& call,
                          const aws::Permission& need);

}  // namespace stator::iam
