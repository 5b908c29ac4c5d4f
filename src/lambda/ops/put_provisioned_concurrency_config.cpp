#include "lambda/errors.hpp"
#include "lambda/ops/concurrency.hpp"
#include "lambda/ops/ops.hpp"

namespace stator::lambda::ops {
namespace {

/// AWS refuses a version and an alias of it together, since their instances would be the same.
Result<void> check_overlap(const Catalog& catalog, const FunctionReference& reference,
                           const FunctionSettings& settings) {
  const auto wanted = catalog.resolve(reference);
  if (wanted == nullptr) return function_missing(reference.qualified_arn());
  if (wanted->is_latest()) {
    return invalid_parameter(
        "Provisioned Concurrency Configs cannot be applied to unpublished function versions.");
  }
  for (const auto& [qualifier, other] : settings.provisioned_concurrency) {
    if (qualifier == reference.qualifier) continue;
    const auto version = catalog.resolve({settings.key, qualifier});
    if (version == nullptr || version->version != wanted->version) continue;
    return resource_conflict(
        is_alias_name(reference.qualifier)
            ? "Alias can't be used for Provisioned Concurrency configuration on an already "
              "Provisioned version"
            : "Version is pointed by a Provisioned Concurrency alias");
  }
  return {};
}

Result<void> check_room(Functions& functions, const FunctionReference& reference,
                        const FunctionSettings& settings, std::int64_t wanted) {
  const std::int64_t sum = provisioned_sum(settings, reference.qualifier) + wanted;
  if (settings.reserved_concurrency) {
    if (sum <= *settings.reserved_concurrency) return {};
    return invalid_parameter(
        "Requested Provisioned Concurrency should not be greater than the "
        "reservedConcurrentExecution for function");
  }
  const std::int64_t others = set_aside_by_others(functions.catalog(), settings);
  if (functions.concurrency_max() - others - sum >= kUnreservedMin) return {};
  return invalid_parameter(
      "Specified ConcurrentExecutions for function decreases account's "
      "UnreservedConcurrentExecution below its minimum value of [" +
      std::to_string(kUnreservedMin) + "]. The account has " +
      std::to_string(functions.concurrency_max()) + ", of which other functions have " +
      std::to_string(others) + " to themselves.");
}

Result<json::Object> handle(Functions& functions, const aws::Call& call, const aws::Input& input) {
  STATOR_TRY_VOID(
      input.allow_only({"FunctionName", "Qualifier", "ProvisionedConcurrentExecutions"}));
  STATOR_TRY(const auto reference, read_reference(call, input));
  STATOR_TRY(const auto wanted, input.integer("ProvisionedConcurrentExecutions"));
  if (!wanted || *wanted < 1) {
    return validation_failed(
        "1 validation error detected: Value '" + (wanted ? std::to_string(*wanted) : "null") +
        "' at 'provisionedConcurrentExecutions' failed to satisfy constraint: Member must have "
        "value greater than or equal to 1");
  }
  const FunctionKeyView key = reference.key.view();
  const ProvisionedConcurrency provisioned{*wanted, call.now};
  const auto apply = [&](FunctionSettings& settings) -> Result<void> {
    STATOR_TRY_VOID(check_overlap(functions.catalog(), reference, settings));
    STATOR_TRY_VOID(check_room(functions, reference, settings, *wanted));
    settings.provisioned_concurrency[reference.qualifier] = provisioned;
    return {};
  };
  STATOR_TRY_VOID(functions.catalog().change_settings(key, apply));
  functions.apply_settings(key);
  return render_provisioned(functions, functions.catalog().resolve(reference), provisioned);
}

}  // namespace

aws::Operation put_provisioned_concurrency_config(Functions& functions) {
  return aws::Operation::json(
      "PutProvisionedConcurrencyConfig",
      aws::ByPath{.method = "PUT",
                  .path = "/2019-09-30/functions/{FunctionName}/provisioned-concurrency",
                  .status = 202,
                  .query = {{"Qualifier", "Qualifier"}}},
      needs_function(functions, "lambda:PutProvisionedConcurrencyConfig"),
      [&functions](aws::Call& call, const aws::Input& input) {
        return handle(functions, call, input);
      });
}

}  // namespace stator::lambda::ops
