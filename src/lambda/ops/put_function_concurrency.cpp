#include "lambda/errors.hpp"
#include "lambda/ops/concurrency.hpp"
#include "lambda/ops/ops.hpp"

namespace stator::lambda::ops {
namespace {

Error below_minimum(std::int64_t account_max, std::int64_t others) {
  return invalid_parameter(
      "Specified ReservedConcurrentExecutions for function decreases account's "
      "UnreservedConcurrentExecution below its minimum value of [" +
      std::to_string(kUnreservedMin) + "]. The account has " + std::to_string(account_max) +
      ", of which other functions have " + std::to_string(others) + " to themselves.");
}

Result<json::Object> handle(Functions& functions, const aws::Call& call, const aws::Input& input) {
  STATOR_TRY_VOID(input.allow_only({"FunctionName", "ReservedConcurrentExecutions"}));
  STATOR_TRY(const auto reference, read_reference(call, input));
  STATOR_TRY_VOID(refuse_qualifier(reference));
  STATOR_TRY(const auto wanted, input.integer("ReservedConcurrentExecutions"));
  if (!wanted || *wanted < 0) {
    return validation_failed(
        "1 validation error detected: Value '" + (wanted ? std::to_string(*wanted) : "null") +
        "' at 'reservedConcurrentExecutions' failed to satisfy constraint: Member must have value "
        "greater than or equal to 0");
  }
  const auto apply = [&](FunctionSettings& settings) -> Result<void> {
    const std::int64_t account_max = functions.concurrency_max();
    const std::int64_t others = set_aside_by_others(functions.catalog(), settings);
    // None can always be had: it is how a function is switched off.
    if (*wanted > 0 && account_max - others - *wanted < kUnreservedMin) {
      return below_minimum(account_max, others);
    }
    const std::int64_t provisioned = provisioned_sum(settings, "");
    if (*wanted < provisioned) {
      return invalid_parameter("ReservedConcurrentExecutions " + std::to_string(*wanted) +
                               " should not be lower than function's total provisioned "
                               "concurrency [" +
                               std::to_string(provisioned) + "].");
    }
    settings.reserved_concurrency = *wanted;
    return {};
  };
  STATOR_TRY_VOID(functions.catalog().change_settings(reference.key.view(), apply));
  functions.apply_settings(reference.key.view());
  return json::Object{{"ReservedConcurrentExecutions", *wanted}};
}

}  // namespace

aws::Operation put_function_concurrency(Functions& functions) {
  return aws::Operation::json(
      "PutFunctionConcurrency",
      aws::ByPath{.method = "PUT", .path = "/2017-10-31/functions/{FunctionName}/concurrency"},
      needs_function(functions, "lambda:PutFunctionConcurrency"),
      [&functions](aws::Call& call, const aws::Input& input) {
        return handle(functions, call, input);
      });
}

}  // namespace stator::lambda::ops
