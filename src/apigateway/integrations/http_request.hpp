#pragma once

#include <optional>

#include "apigateway/exchange.hpp"
#include "apigateway/integrations/target.hpp"
#include "http/upstream.hpp"

namespace stator::apigateway {

/// The request as an HTTP_PROXY integration passes it on, changed by its parameters: Host is the
/// URL's, fields between neighbours go, Forwarded and Via say who passed it on. Nothing when a path
/// parameter would leave the URL's path.
[[nodiscard]] std::optional<http::UpstreamRequest> http_request(const Exchange& exchange,
                                                                const HttpTarget& target);

}  // namespace stator::apigateway
