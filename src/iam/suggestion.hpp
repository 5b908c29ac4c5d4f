#pragma once

#include <string>
#include <vector>

#include "iam/compiled.hpp"
#include "iam/usage.hpp"
#include "json/json.hpp"

namespace stator::iam {

/// The policy that allows what was done and nothing else: a statement for each set of actions with
/// all the resources that they were done to, and a condition on iam:PassedToService where roles
/// were passed. Streams of a log group, whose names never come again, become all of its streams.
/// Null when nothing was done.
[[nodiscard]] json::Value suggest_policy(const std::vector<Use>& uses);

/// The actions that policies allow, as they write them, that no use needed: sorted, each once.
[[nodiscard]] std::vector<std::string> unused_actions(const std::vector<NamedPolicy>& policies,
                                                      const std::vector<Use>& uses);

}  // namespace stator::iam
