#pragma once

#include "lambda/ops/support.hpp"

/// What the operations on reserved and provisioned concurrency share.
namespace stator::lambda::ops {

/// AWS keeps so many executions of an account for functions that have none to themselves.
inline constexpr std::int64_t kUnreservedMin = 100;

/// What other functions of the account and region have to themselves: reserved, or provisioned
/// without being reserved.
[[nodiscard]] std::int64_t set_aside_by_others(const Catalog& catalog,
                                               const FunctionSettings& settings);
/// All that is provisioned for the function, but for one qualifier ("" for none).
[[nodiscard]] std::int64_t provisioned_sum(const FunctionSettings& settings,
                                           std::string_view but_for);

/// The function and the version or alias that a ProvisionedConcurrencyConfig is about.
/// InvalidParameterValueException for no qualifier and $LATEST.
[[nodiscard]] Result<FunctionReference> read_provisioned_reference(const aws::Call& call,
                                                                   const aws::Input& input);
/// ProvisionedConcurrencyConfig as the API answers it; `version` is what its qualifier points at.
[[nodiscard]] json::Object render_provisioned(const Functions& functions,
                                              const Catalog::FunctionPtr& version,
                                              const ProvisionedConcurrency& provisioned);
[[nodiscard]] Error provisioned_missing();

}  // namespace stator::lambda::ops
