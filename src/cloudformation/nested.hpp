#pragma once

#include <functional>
#include <string>

#include "base/result.hpp"
#include "cloudformation/parameters.hpp"
#include "json/json.hpp"

namespace stator::cloudformation {

/// Stacks within stacks may stand this deep: a nested stack's nested stack is at depth 2.
inline constexpr std::size_t kNestingMax = 8;

/// What the template of the outer stack says about a nested one.
struct NestedRequest {
  std::string name;
  std::string template_body;
  GivenParameters parameters;
  json::Array tags;
  std::int64_t timeout_ms = 0;
};

/// How a nested stack stands.
struct NestedStack {
  std::string id;
  std::string status;
  std::string reason;
  json::Object attributes;  ///< "Outputs.KEY" for each output
};

/// The nested stacks of one outer stack, for the type AWS::CloudFormation::Stack. They are changed
/// as the principal who changes the outer stack, with its capabilities. Each call blocks until the
/// nested stack is at rest; any thread. Errors are what keeps a change from beginning; how it ends
/// is in the answer.
class NestedStacks {
 public:
  virtual ~NestedStacks() = default;
  /// Calls `exists` with the new stack's id before any resource of it is made.
  [[nodiscard]] virtual Result<NestedStack> create(
      const NestedRequest& request,
      const std::function<Result<void>(const std::string& id)>& exists) = 0;
  /// UPDATE_COMPLETE also when nothing changes. A successful update waits, with all that undoing it
  /// needs, for settle() or undo().
  [[nodiscard]] virtual Result<NestedStack> update(const std::string& id,
                                                   const NestedRequest& request) = 0;
  /// The newest update is final: what it replaced and removed goes.
  [[nodiscard]] virtual Result<NestedStack> settle(const std::string& id) = 0;
  /// Takes an update back that waits or was cut off; does nothing to a stack at rest.
  [[nodiscard]] virtual Result<NestedStack> undo(const std::string& id) = 0;
  /// DELETE_COMPLETE also when there is none of that id or name.
  [[nodiscard]] virtual Result<NestedStack> remove(const std::string& id_or_name) = 0;
};

}  // namespace stator::cloudformation
