#include "apigateway/traffic/route_traffic.hpp"

#include "apigateway/errors.hpp"

namespace stator::apigateway {
namespace {

constexpr std::string_view kBurst = "throttlingBurstLimit", kRate = "throttlingRateLimit",
                           kDetailed = "detailedMetricsEnabled";

const json::Object* nested(const json::Object* object, std::string_view name) {
  const json::Value* found = object == nullptr ? nullptr : json::find(*object, name);
  return found != nullptr && found->is_object() ? &found->get_object() : nullptr;
}

std::optional<double> number(const json::Value* value) {
  if (value == nullptr || !value->is_number()) return std::nullopt;
  return value->to_number<double>();
}

/// A route's own settings before those of all routes.
struct Settings {
  const json::Object* own;
  const json::Object* general;

  [[nodiscard]] const json::Value* find(std::string_view name) const {
    for (const json::Object* settings : {own, general}) {
      const json::Value* found = settings == nullptr ? nullptr : json::find(*settings, name);
      if (found != nullptr && !found->is_null()) return found;
    }
    return nullptr;
  }
};

}  // namespace

Result<void> check_route_settings(const json::Object& settings) {
  for (const auto& member : settings) {
    const std::string_view name = member.key();
    const json::Value& value = member.value();
    if (value.is_null()) continue;
    if (name == kDetailed) {
      if (!value.is_bool()) return bad_request("detailedMetricsEnabled must be a boolean");
    } else if (name == kBurst) {
      const std::int64_t* burst = value.if_int64();
      if (burst == nullptr || *burst < 0) {
        return bad_request("throttlingBurstLimit must be a whole number of at least 0");
      }
    } else if (name == kRate) {
      if (number(&value).value_or(-1) < 0) {
        return bad_request("throttlingRateLimit must be a number of at least 0");
      }
    } else if (name == "loggingLevel" || name == "dataTraceEnabled") {
      return bad_request("Execution logs are not supported on protocolType HTTP");
    } else {
      return bad_request("Invalid route settings: " + std::string(name));
    }
  }
  return {};
}

RouteTraffic compile_route_traffic(const json::Object& stage, std::string_view route_key,
                                   const RouteTraffic* before) {
  const Settings settings{nested(nested(&stage, "routeSettings"), route_key),
                          nested(&stage, "defaultRouteSettings")};
  RouteTraffic traffic;
  const auto rate = number(settings.find(kRate)), burst = number(settings.find(kBurst));
  if (rate || burst) {
    traffic.limit =
        RateLimit{rate.value_or(kAccountLimit.rate), burst.value_or(kAccountLimit.burst)};
    traffic.bucket = before != nullptr && before->bucket != nullptr
                         ? before->bucket
                         : std::make_shared<TokenBucket>();
  }
  const json::Value* detailed = settings.find(kDetailed);
  if (detailed != nullptr && detailed->is_bool() && detailed->get_bool()) {
    traffic.figures = before != nullptr && before->figures != nullptr ? before->figures
                                                                      : std::make_shared<Figures>();
  }
  return traffic;
}

}  // namespace stator::apigateway
