#include "lambda/urls/cors.hpp"

#include <algorithm>
#include <string>
#include <vector>

#include "base/strings.hpp"

namespace stator::lambda::urls {
namespace {

bool lists(const std::vector<std::string>& values, std::string_view value) {
  return std::find(values.begin(), values.end(), value) != values.end();
}

/// False when the origin is not allowed.
bool add_origin(const UrlCors& cors, std::string_view origin, http::Headers& headers) {
  const bool is_any = lists(cors.allow_origins, "*");
  if (origin.empty() || (!is_any && !lists(cors.allow_origins, origin))) return false;
  // Browsers take no "*" together with credentials.
  const bool is_star = is_any && !cors.allow_credentials;
  headers.add("access-control-allow-origin", is_star ? "*" : std::string(origin));
  if (!is_star) headers.add("vary", "Origin");
  if (cors.allow_credentials) headers.add("access-control-allow-credentials", "true");
  return true;
}

/// "*" allows what was asked for by name, because browsers take no "*" together with credentials.
void add_allowed(const std::vector<std::string>& allowed, std::string_view name,
                 std::string_view asked, http::Headers& headers) {
  std::string value = lists(allowed, "*") ? std::string(asked) : join(allowed, ",");
  if (!value.empty()) headers.add(std::string(name), std::move(value));
}

}  // namespace

bool is_preflight(const http::Request& request) {
  return request.method == "OPTIONS" && request.headers.find("origin") &&
         request.headers.find("access-control-request-method");
}

http::Response answer_preflight(const UrlCors& cors, const http::Request& request) {
  http::Response response;
  if (!add_origin(cors, request.headers.get("origin"), response.headers)) return response;
  add_allowed(cors.allow_methods, "access-control-allow-methods",
              request.headers.get("access-control-request-method"), response.headers);
  add_allowed(cors.allow_headers, "access-control-allow-headers",
              request.headers.get("access-control-request-headers"), response.headers);
  if (cors.max_age_s != 0) {
    response.headers.add("access-control-max-age", std::to_string(cors.max_age_s));
  }
  return response;
}

void add_cors(const UrlCors& cors, std::string_view origin, http::Headers& headers) {
  if (!add_origin(cors, origin, headers) || cors.expose_headers.empty()) return;
  headers.add("access-control-expose-headers", join(cors.expose_headers, ","));
}

}  // namespace stator::lambda::urls
