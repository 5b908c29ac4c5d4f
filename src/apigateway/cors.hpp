#pragma once

#include <memory>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "http/message.hpp"
#include "json/json.hpp"

/// Cross-origin requests, as an API's corsConfiguration lets them in.
/// https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-cors.html
namespace stator::apigateway {

/// A corsConfiguration ready for use. Lists are joined as the headers say them.
struct CorsPolicy {
  bool allows_any_origin = false;    ///< "*"
  bool allows_any_http = false;      ///< "http://*"
  bool allows_any_https = false;     ///< "https://*"
  std::vector<std::string> origins;  ///< spelled out, in lower case
  bool allows_credentials = false;
  std::string methods;
  std::string headers;
  std::string exposed_headers;
  std::string max_age;  ///< "" when unset
};

/// Whether a configuration may be stored: BadRequestException naming what is wrong with it.
[[nodiscard]] Result<void> check_cors(const json::Object& configuration);

/// Of an API's record; null when it has no corsConfiguration.
[[nodiscard]] std::shared_ptr<const CorsPolicy> compile_cors(const json::Object& api);

/// An OPTIONS request with Origin and Access-Control-Request-Method: a browser asks for leave.
[[nodiscard]] bool is_preflight(const http::Request& request);

/// Gives an answer the headers that its request's origin may see, and takes away those that an
/// integration gave. A preflight's answer says what may be sent, any other what may be read; one
/// for an origin that the policy does not know says nothing, so that the browser refuses it.
void apply_cors(const CorsPolicy& policy, const http::Request& request, http::Response& response);

}  // namespace stator::apigateway
