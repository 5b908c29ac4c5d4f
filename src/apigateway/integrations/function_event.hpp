#pragma once

#include <optional>
#include <string>

#include "apigateway/exchange.hpp"

namespace stator::apigateway {

/// The event for the route's function, in the integration's payload format, of the request as its
/// parameters change it. Nothing when that cannot be written as JSON.
[[nodiscard]] std::optional<std::string> function_event(const Exchange& exchange);

}  // namespace stator::apigateway
