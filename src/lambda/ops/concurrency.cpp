#include "lambda/ops/concurrency.hpp"

#include <algorithm>

#include "base/time_format.hpp"
#include "lambda/errors.hpp"

namespace stator::lambda::ops {

std::int64_t set_aside_by_others(const Catalog& catalog, const FunctionSettings& settings) {
  std::int64_t sum = 0;
  for (const auto& other : catalog.all_settings()) {
    const bool is_same_account =
        other->key.account == settings.key.account && other->key.region == settings.key.region;
    if (!is_same_account || other->key.name == settings.key.name) continue;
    sum += other->reserved_concurrency.value_or(provisioned_sum(*other, ""));
  }
  return sum;
}

std::int64_t provisioned_sum(const FunctionSettings& settings, std::string_view but_for) {
  std::int64_t sum = 0;
  for (const auto& [qualifier, provisioned] : settings.provisioned_concurrency) {
    if (qualifier != but_for) sum += provisioned.count;
  }
  return sum;
}

Result<FunctionReference> read_provisioned_reference(const aws::Call& call,
                                                     const aws::Input& input) {
  STATOR_TRY(const auto reference, read_reference(call, input));
  if (!reference.qualifier.empty() && reference.qualifier != kLatest) return reference;
  return invalid_parameter(
      "The function resource provided must be an alias or a published version.");
}

json::Object render_provisioned(const Functions& functions, const Catalog::FunctionPtr& version,
                                const ProvisionedConcurrency& provisioned) {
  Provision provision;
  if (version != nullptr) provision = functions.provision(version->key.view(), version->version);
  const auto available =
      std::min(provisioned.count, static_cast<std::int64_t>(provision.available));
  std::string status = "IN_PROGRESS";
  if (!provision.failure.empty()) status = "FAILED";
  if (available == provisioned.count) status = "READY";
  json::Object out{{"RequestedProvisionedConcurrentExecutions", provisioned.count},
                   {"AvailableProvisionedConcurrentExecutions", available},
                   {"AllocatedProvisionedConcurrentExecutions", available},
                   {"Status", status},
                   {"LastModified", iso8601_lambda(provisioned.last_modified)}};
  if (status == "FAILED") out["StatusReason"] = provision.failure;
  return out;
}

Error provisioned_missing() {
  return {ErrorCode::kNotFound, "No Provisioned Concurrency Config found for this function",
          "ProvisionedConcurrencyConfigNotFoundException"};
}

}  // namespace stator::lambda::ops
