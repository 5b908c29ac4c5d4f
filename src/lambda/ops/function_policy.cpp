#include "lambda/ops/function_policy.hpp"

#include "base/ids.hpp"
#include "lambda/errors.hpp"

namespace stator::lambda::ops {
namespace {

Result<void> change_qualified(Functions& functions, const FunctionReference& reference,
                              const aws::Input& input, const PolicyChange& change) {
  STATOR_TRY(const auto revision, input.text("RevisionId"));
  const auto apply = [&](FunctionSettings& settings) -> Result<void> {
    if (functions.catalog().resolve(reference) == nullptr) {
      return function_missing(reference.qualified_arn());
    }
    QualifiedPolicy policy;
    const auto found = settings.policies.find(reference.qualifier);
    if (found != settings.policies.end()) policy = found->second;
    if (revision && *revision != policy.revision_id) return stale_revision("GetPolicy");
    STATOR_TRY_VOID(change(policy.statements));
    policy.revision_id = uuid4(functions.random());
    if (policy.statements.empty()) {
      settings.policies.erase(reference.qualifier);
    } else {
      settings.policies[reference.qualifier] = std::move(policy);
    }
    return {};
  };
  STATOR_TRY_VOID(functions.catalog().change_settings(reference.key.view(), apply));
  return {};
}

}  // namespace

Result<FunctionPolicy> find_policy(Functions& functions, const FunctionReference& reference) {
  STATOR_TRY(const auto record, find_function(functions, reference));
  if (reference.qualifier.empty()) return FunctionPolicy{record->policy, record->revision_id};
  const auto settings = functions.catalog().settings(reference.key.view());
  if (settings == nullptr) return FunctionPolicy{};
  const auto found = settings->policies.find(reference.qualifier);
  if (found == settings->policies.end()) return FunctionPolicy{};
  return FunctionPolicy{found->second.statements, found->second.revision_id};
}

Result<void> change_policy(Functions& functions, const FunctionReference& reference,
                           const aws::Input& input, const PolicyChange& change) {
  if (reference.qualifier == kLatest) {
    return invalid_parameter("We currently do not support adding policies for $LATEST.");
  }
  if (!reference.qualifier.empty()) return change_qualified(functions, reference, input, change);
  const auto apply = [&](FunctionRecord& record) -> Result<void> {
    STATOR_TRY_VOID(check_revision(input, record, "GetPolicy"));
    STATOR_TRY_VOID(change(record.policy));
    record.revision_id = uuid4(functions.random());
    return {};
  };
  STATOR_TRY_VOID(functions.catalog().change(reference.key.view(), apply));
  return {};
}

}  // namespace stator::lambda::ops
