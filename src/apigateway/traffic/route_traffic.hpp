#pragma once

#include <memory>
#include <optional>
#include <string_view>

#include "apigateway/traffic/figures.hpp"
#include "apigateway/traffic/token_bucket.hpp"
#include "base/result.hpp"
#include "json/json.hpp"

namespace stator::apigateway {

/// What counts the requests of one route of a stage. The parts that count are shared with the
/// route as it was compiled before, so that a change resets nothing.
struct RouteTraffic {
  std::optional<RateLimit> limit;
  std::shared_ptr<TokenBucket> bucket;  ///< null without a limit
  std::shared_ptr<Figures> figures;     ///< null unless detailed metrics are on
};

/// An account's quotas in a Region, which also stand for the half of a limit that is not set.
/// https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-quotas.html
inline constexpr RateLimit kAccountLimit{10'000, 5'000};

/// Whether a defaultRouteSettings, or one entry of routeSettings, may be stored:
/// BadRequestException naming what is wrong with it.
[[nodiscard]] Result<void> check_route_settings(const json::Object& settings);

/// What the stage's record says of a route: routeSettings member by member before
/// defaultRouteSettings, which is a limit for each route on its own. `before` may be null.
/// https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-throttling.html
[[nodiscard]] RouteTraffic compile_route_traffic(const json::Object& stage,
                                                 std::string_view route_key,
                                                 const RouteTraffic* before);

}  // namespace stator::apigateway
