#include "lambda/events/destination.hpp"

#include <array>

#include "aws/arn.hpp"
#include "lambda/errors.hpp"
#include "lambda/needs.hpp"

namespace stator::lambda::events {
namespace {

/// As AWS has it for each kind of destination.
Error not_permitted(const std::string& target_arn) {
  return invalid_parameter(
      "The function execution role does not have permissions to call InvokeFunction on " +
      target_arn);
}

Result<FunctionReference> parse_destination(const FunctionRecord& source,
                                            const std::string& target_arn) {
  const auto arn = aws::Arn::parse(target_arn);
  if (!arn) return invalid_parameter("The destination ARN " + target_arn + " is invalid.");
  if (arn->service != "lambda") {
    return invalid_parameter("The destination " + target_arn +
                             " is not supported by stator, which has no " + arn->service +
                             " destinations: only Lambda functions can be told.");
  }
  auto reference = parse_function_name(source.key.account, source.key.region, target_arn);
  if (!reference) return invalid_parameter(reference.error().message);
  return reference;
}

}  // namespace

Result<FunctionReference> check_destination(const DestinationParts& parts,
                                            const FunctionRecord& source,
                                            const std::string& target_arn) {
  STATOR_TRY(auto reference, parse_destination(source, target_arn));
  if (reference.arn() == source.arn()) {
    return invalid_parameter("The function itself cannot be its own destination: " + target_arn);
  }
  const auto target = parts.catalog.find(reference.key.view());
  if (target == nullptr || parts.catalog.resolve(reference) == nullptr)
    return invalid_parameter("The destination ARN " + target_arn + " is invalid.");
  auto principal = parts.credentials.principal(source.role, source.key.name);
  if (!principal) return not_permitted(target_arn);
  aws::Call call;
  call.principal = std::move(*principal);
  call.account = source.key.account;
  call.region = source.key.region;
  call.now = parts.clock.wall();
  const std::array needs{invoke_need(reference, target.get(), parts.catalog.policy(reference))};
  const auto granted = parts.authorizer.authorize(call, needs);
  if (!granted) return not_permitted(target_arn);
  return reference;
}

}  // namespace stator::lambda::events
