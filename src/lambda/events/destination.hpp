#pragma once

#include <string>

#include "aws/call.hpp"
#include "base/clock.hpp"
#include "lambda/catalog.hpp"
#include "lambda/doors.hpp"
#include "lambda/record.hpp"

/// Functions that are told how asynchronous invocations of others end.
namespace stator::lambda::events {

/// What judges destinations; all outlive the call.
struct DestinationParts {
  Catalog& catalog;
  RoleCredentials& credentials;
  aws::Authorizer& authorizer;
  const Clock& clock;
};

/// The function that `target_arn` names, when `source` may send to it: a function of the same
/// account and region that is there, is not `source` itself, and may be invoked by the execution
/// role of `source`. InvalidParameterValueException otherwise; a service that stator has not is
/// named.
[[nodiscard]] Result<FunctionReference> check_destination(const DestinationParts& parts,
                                                          const FunctionRecord& source,
                                                          const std::string& target_arn);

}  // namespace stator::lambda::events
