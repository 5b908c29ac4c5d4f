#pragma once

#include <string>

#include "apigateway/draft.hpp"
#include "aws/input.hpp"
#include "base/result.hpp"

/// An API with one request: `target` makes an integration, a route to it and a $default stage that
/// deploys itself, all of them managed by API Gateway.
/// https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop.html
namespace stator::apigateway {

/// Of CreateApi; does nothing without a target.
[[nodiscard]] Result<void> quick_create(const aws::Input& input, Draft& draft,
                                        const std::string& date);
/// Of UpdateApi: changes the managed integration and route. BadRequestException when there are
/// none.
[[nodiscard]] Result<void> quick_update(const aws::Input& input, Draft& draft);

}  // namespace stator::apigateway
