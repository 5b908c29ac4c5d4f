#include "dynamodb/policy_request.hpp"

#include "aws/arn.hpp"
#include "aws/tag_keys.hpp"
#include "dynamodb/errors.hpp"
#include "iam/compiled.hpp"

namespace stator::dynamodb {

namespace {

/// White space counts.
/// https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/rbac-considerations.html
constexpr std::size_t kPolicyBytesMax = 20'480;

constexpr std::string_view kNoPolicy = "NO_POLICY";

Error target_not_found(const PolicyTarget& target) {
  return {ErrorCode::kNotFound, "Requested resource not found: " + target.arn(),
          "ResourceNotFoundException"};
}

/// Where the target's policy stands in its table; null when the table has no such stream.
template <class AnyTable>
auto policy_in(AnyTable& table, const PolicyTarget& target) -> decltype(&table.policy) {
  if (target.stream_label.empty()) return &table.policy;
  if (!table.stream || table.stream->label != target.stream_label) return nullptr;
  return &table.stream->policy;
}

}  // namespace

Result<PolicyTarget> PolicyTarget::parse(const aws::Call& call, std::string_view arn) {
  constexpr std::string_view kStream = "/stream/";
  const auto parsed = aws::Arn::parse(arn);
  const std::string name = table_name_of(arn);
  if (!parsed || name == arn) {
    return validation("Invalid ResourceArn: Invalid ResourceArn provided as input " +
                      std::string(arn));
  }
  PolicyTarget target{TableRef::of(call, arn), ""};
  const auto at = name.find(kStream);
  if (at != std::string::npos) {
    target.table.name = name.substr(0, at);
    target.stream_label = name.substr(at + kStream.size());
  }
  const bool is_whole = at == std::string::npos || !target.stream_label.empty();
  if (is_whole && !target.table.name.empty() && target.table.name.find('/') == std::string::npos) {
    return target;
  }
  return validation("Invalid ResourceArn: Invalid ResourceArn provided as input " +
                    std::string(arn));
}

std::string PolicyTarget::arn() const {
  return stream_label.empty() ? table.arn() : table.arn() + "/stream/" + stream_label;
}

aws::Needs policy_needs(const Tables& tables, std::string_view action, const PolicyTarget& target) {
  const auto table = tables.find_any(target.table);
  aws::Permission need{"dynamodb:" + std::string(action), target.arn()};
  const auto* policy = table ? policy_in(*table, target) : nullptr;
  if (policy != nullptr && *policy) need.resource_policy = (*policy)->compiled;
  need.keys = [table] {
    aws::ConditionKeys keys;
    if (table) aws::append_resource_tags(table->tags, keys);
    return keys;
  };
  return {std::move(need)};
}

Result<void> check_revision(const std::optional<std::string>& expected,
                            const std::optional<AttachedPolicy>& policy) {
  if (!expected) return {};
  const std::string_view found = policy ? std::string_view(policy->revision_id) : kNoPolicy;
  if (*expected == found) return {};
  return Error{ErrorCode::kNotFound,
               "Resource-based policy not found for the provided ExpectedRevisionId: " + *expected,
               "PolicyNotFoundException"};
}

Result<AttachedPolicy> read_policy(std::string document, WallTime now) {
  if (document.size() > kPolicyBytesMax) {
    return validation("The resource-based policy document exceeds the limit of " +
                      std::to_string(kPolicyBytesMax) + " bytes");
  }
  auto compiled = iam::compile_resource_policy(document);
  if (!compiled) return validation("Invalid policy document: " + compiled.error().message);
  return AttachedPolicy{std::move(document), std::to_string(epoch_ms(now)), std::move(*compiled)};
}

Result<std::optional<AttachedPolicy>> find_policy(const Tables& tables,
                                                  const PolicyTarget& target) {
  const auto table = tables.find_any(target.table);
  const auto* policy = table ? policy_in(*table, target) : nullptr;
  if (policy == nullptr) return target_not_found(target);
  return *policy;
}

Result<void> change_policy(
    Tables& tables, const PolicyTarget& target,
    const std::function<Result<void>(std::optional<AttachedPolicy>&)>& change) {
  STATOR_TRY([[maybe_unused]] const auto before, find_policy(tables, target));
  STATOR_TRY([[maybe_unused]] const auto table,
             tables.update(target.table, [&](Table& changed) -> Result<void> {
               auto* policy = policy_in(changed, target);
               if (policy == nullptr) return target_not_found(target);
               return change(*policy);
             }));
  return {};
}

Error policy_not_found(std::string_view arn) {
  return {ErrorCode::kNotFound,
          "Resource-based policy not found for the provided ResourceArn: " + std::string(arn),
          "PolicyNotFoundException"};
}

}  // namespace stator::dynamodb
