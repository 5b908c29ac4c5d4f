#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "aws/input.hpp"
#include "dynamodb/tables.hpp"

/// The policies of tables and streams.
/// https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/access-control-resource-based.html
namespace stator::dynamodb {

/// A table, or a stream of it, as ResourceArn names it.
struct PolicyTarget {
  TableRef table;
  std::string stream_label;  ///< "" for the table itself

  /// ValidationException for any other ARN.
  [[nodiscard]] static Result<PolicyTarget> parse(const aws::Call& call, std::string_view arn);
  [[nodiscard]] std::string arn() const;
};

/// What `action` on the target needs.
[[nodiscard]] aws::Needs policy_needs(const Tables& tables, std::string_view action,
                                      const PolicyTarget& target);

/// ExpectedRevisionId: PolicyNotFoundException unless it is the policy's revision or, where there
/// is no policy, NO_POLICY. Absent, it expects nothing.
[[nodiscard]] Result<void> check_revision(const std::optional<std::string>& expected,
                                          const std::optional<AttachedPolicy>& policy);

/// Reads a policy document: its size and its grammar. What it says of other resources than the one
/// that it is attached to applies to none.
[[nodiscard]] Result<AttachedPolicy> read_policy(std::string document, WallTime now);

/// The policy of the target; ResourceNotFoundException when there is no such table or stream.
[[nodiscard]] Result<std::optional<AttachedPolicy>> find_policy(const Tables& tables,
                                                                const PolicyTarget& target);
/// Applies `change` to the policy of the target, one change of a table at a time.
[[nodiscard]] Result<void> change_policy(
    Tables& tables, const PolicyTarget& target,
    const std::function<Result<void>(std::optional<AttachedPolicy>&)>& change);

[[nodiscard]] Error policy_not_found(std::string_view arn);

}  // namespace stator::dynamodb
