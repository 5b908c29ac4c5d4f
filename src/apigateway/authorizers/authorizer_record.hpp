#pragma once

#include <vector>

#include "aws/input.hpp"
#include "base/result.hpp"
#include "json/json.hpp"

/// Authorizers and what routes say of them, as the control plane stores them.
namespace stator::apigateway {

/// Puts what `input` says into the record of an authorizer, and checks the whole: also for imports,
/// with an empty record. BadRequestException, and then the record is of no use.
[[nodiscard]] Result<void> change_authorizer(json::Object& record, const aws::Input& input);

/// A name of its own, and room for one more. ConflictException, TooManyRequestsException.
[[nodiscard]] Result<void> check_new_authorizer(const json::Object& record,
                                                const std::vector<json::Object>& others);

/// Checks authorizationType, authorizerId and authorizationScopes of a route's record against the
/// API's authorizers: to be called for what CreateRoute, UpdateRoute or an import is about to
/// store. `input` is what the request itself said; what it does not mention and the type has no use
/// for leaves the record. BadRequestException.
[[nodiscard]] Result<void> check_route_authorization(json::Object& route, const aws::Input& input,
                                                     const std::vector<json::Object>& authorizers);

}  // namespace stator::apigateway
