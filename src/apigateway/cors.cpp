#include "apigateway/cors.hpp"

#include <algorithm>
#include <array>

#include "apigateway/errors.hpp"
#include "base/strings.hpp"

namespace stator::apigateway {
namespace {

constexpr std::int64_t kMaxAgeLeast = -1, kMaxAgeMost = 86'400;
constexpr std::array<std::string_view, 4> kLists = {"allowHeaders", "allowMethods", "allowOrigins",
                                                    "exposeHeaders"};
constexpr std::array<std::string_view, 8> kMethods = {"*",       "DELETE", "GET",  "HEAD",
                                                      "OPTIONS", "PATCH",  "POST", "PUT"};
constexpr std::string_view kAllowOrigin = "access-control-allow-origin";

std::vector<std::string> texts(const json::Object& object, std::string_view name) {
  std::vector<std::string> result;
  const json::Value* list = json::find(object, name);
  if (list == nullptr || !list->is_array()) return result;
  for (const json::Value& entry : list->get_array()) {
    if (entry.is_string()) result.emplace_back(json::view(entry.get_string()));
  }
  return result;
}

/// "*", "https://*", or a scheme and a host without path: what a browser sends as Origin.
bool is_origin(std::string_view text) {
  if (text == "*") return true;
  const auto colon = text.find("://");
  if (colon == 0 || colon == std::string_view::npos) return false;
  const std::string_view scheme = text.substr(0, colon), host = text.substr(colon + 3);
  if (host == "*") return scheme == "http" || scheme == "https";
  return !host.empty() && host.find_first_of("*/?# ,") == std::string_view::npos;
}

/// A field name (RFC 9110, section 5.1) or "*".
bool is_field_name(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           std::string_view("!#$%&'*+-.^_`|~").find(c) != std::string_view::npos;
  });
}

bool is_entry(std::string_view list, std::string_view text) {
  if (list == "allowOrigins") return is_origin(text);
  if (list == "allowMethods") {
    return std::find(kMethods.begin(), kMethods.end(), text) != kMethods.end();
  }
  return is_field_name(text);
}

Result<void> check_list(std::string_view name, const json::Value& value) {
  if (!value.is_array()) return bad_request(std::string(name) + " must be a list");
  for (const json::Value& entry : value.get_array()) {
    const bool is_good = entry.is_string() && is_entry(name, json::view(entry.get_string()));
    if (!is_good) {
      return bad_request("Invalid value in " + std::string(name) + ": " + json::dump(entry));
    }
  }
  return {};
}

Result<void> check_member(std::string_view name, const json::Value& value) {
  if (value.is_null()) return {};
  if (std::find(kLists.begin(), kLists.end(), name) != kLists.end()) {
    return check_list(name, value);
  }
  if (name == "allowCredentials") {
    if (!value.is_bool()) return bad_request("allowCredentials must be a boolean");
    return {};
  }
  if (name != "maxAge") return bad_request("Invalid CORS configuration: " + std::string(name));
  const std::int64_t* seconds = value.if_int64();
  if (seconds == nullptr || *seconds < kMaxAgeLeast || *seconds > kMaxAgeMost) {
    return bad_request("maxAge must be between -1 and 86400");
  }
  return {};
}

/// What Access-Control-Allow-Origin says to this origin; "" when it is not let in.
std::string allowed_origin(const CorsPolicy& policy, std::string_view origin) {
  if (policy.allows_any_origin) return "*";
  const std::string lower = to_lower(origin);
  if ((policy.allows_any_http && lower.starts_with("http://")) ||
      (policy.allows_any_https && lower.starts_with("https://")) ||
      std::find(policy.origins.begin(), policy.origins.end(), lower) != policy.origins.end()) {
    return std::string(origin);
  }
  return "";
}

void add_unless_empty(http::Response& response, const char* name, const std::string& value) {
  if (!value.empty()) response.headers.add(name, value);
}

}  // namespace

Result<void> check_cors(const json::Object& configuration) {
  for (const auto& member : configuration) {
    STATOR_TRY_VOID(check_member(member.key(), member.value()));
  }
  const auto origins = texts(configuration, "allowOrigins");
  if (json::find_bool(configuration, "allowCredentials").value_or(false) &&
      std::find(origins.begin(), origins.end(), "*") != origins.end()) {
    return bad_request("allow-credentials is not supported if 'allow-origin' is *");
  }
  return {};
}

std::shared_ptr<const CorsPolicy> compile_cors(const json::Object& api) {
  const json::Value* found = json::find(api, "corsConfiguration");
  if (found == nullptr || !found->is_object()) return nullptr;
  const json::Object& configuration = found->get_object();
  CorsPolicy policy;
  for (const std::string& origin : texts(configuration, "allowOrigins")) {
    if (origin == "*") {
      policy.allows_any_origin = true;
    } else if (origin == "http://*") {
      policy.allows_any_http = true;
    } else if (origin == "https://*") {
      policy.allows_any_https = true;
    } else {
      policy.origins.push_back(to_lower(origin));
    }
  }
  policy.allows_credentials = json::find_bool(configuration, "allowCredentials").value_or(false);
  policy.methods = join(texts(configuration, "allowMethods"), ",");
  policy.headers = to_lower(join(texts(configuration, "allowHeaders"), ","));
  policy.exposed_headers = to_lower(join(texts(configuration, "exposeHeaders"), ","));
  if (const auto age = json::find_int(configuration, "maxAge")) {
    policy.max_age = std::to_string(*age);
  }
  return std::make_shared<const CorsPolicy>(std::move(policy));
}

bool is_preflight(const http::Request& request) {
  return request.method == "OPTIONS" && !request.headers.get("origin").empty() &&
         !request.headers.get("access-control-request-method").empty();
}

void apply_cors(const CorsPolicy& policy, const http::Request& request, http::Response& response) {
  for (const std::string_view name :
       {kAllowOrigin, std::string_view("access-control-allow-credentials"),
        std::string_view("access-control-allow-methods"),
        std::string_view("access-control-allow-headers"),
        std::string_view("access-control-expose-headers"),
        std::string_view("access-control-max-age")}) {
    response.headers.remove(name);
  }
  const std::string_view origin = request.headers.get("origin");
  // Where the answer depends on the origin a cache must know, even when none was sent.
  if (!policy.allows_any_origin) response.headers.add("vary", "origin");
  if (origin.empty()) return;
  const std::string allowed = allowed_origin(policy, origin);
  if (allowed.empty()) return;
  response.headers.add(std::string(kAllowOrigin), allowed);
  if (policy.allows_credentials) response.headers.add("access-control-allow-credentials", "true");
  if (!is_preflight(request)) {
    return add_unless_empty(response, "access-control-expose-headers", policy.exposed_headers);
  }
  add_unless_empty(response, "access-control-allow-methods", policy.methods);
  add_unless_empty(response, "access-control-allow-headers", policy.headers);
  add_unless_empty(response, "access-control-max-age", policy.max_age);
}

}  // namespace stator::apigateway
