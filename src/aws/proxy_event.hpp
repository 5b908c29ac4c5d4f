#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "aws/call.hpp"
#include "base/clock.hpp"
#include "http/message.hpp"
#include "json/json.hpp"

namespace stator::aws {

using Pairs = std::vector<std::pair<std::string, std::string>>;

/// Who sent the request, as its authorization found out: at most one of the first three.
struct ProxyCaller {
  const Principal* signer = nullptr;      ///< of a signed request
  const json::Object* claims = nullptr;   ///< of a JWT
  const json::Object* context = nullptr;  ///< that a Lambda authorizer gave
  const std::vector<std::string>* scopes = nullptr;
  std::string_view principal_id = {};
  std::optional<std::int64_t> latency_ms = {};  ///< of the Lambda authorizer
};

/// What the event of an HTTP API or a function URL says beside the request itself. Views live as
/// long as the call.
struct ProxyEventContext {
  std::string_view account;
  std::string_view api_id;
  std::string_view stage;
  std::string_view route_key;
  std::string_view raw_path;     ///< an HTTP API's is decoded, a function URL's as it was sent
  std::string_view path;         ///< decoded, with the stage in front unless it is $default
  std::string_view domain_name;  ///< "ID.execute-api.localhost"
  std::string_view request_id;
  std::string_view trace_id;
  WallTime now;
  const Pairs& path_parameters;
  const Pairs& stage_variables;
  ProxyCaller caller = {};
  /// Not empty: the event asks an authorizer, so these members (`"type":"REQUEST",…`) follow the
  /// version and there is no body.
  std::string_view authorizer_members = {};
};

/// The event of payload format 2.0 as JSON text. Nothing when the query string or a header cannot
/// be written as JSON text (a malformed escape, bytes that are not UTF-8).
/// https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html
/// https://docs.aws.amazon.com/lambda/latest/dg/urls-invocation.html
[[nodiscard]] std::optional<std::string> build_proxy_event(const http::Request& request,
                                                           const ProxyEventContext& context);

/// The same in payload format 1.0, which is that of REST APIs.
[[nodiscard]] std::optional<std::string> build_proxy_event_v1(const http::Request& request,
                                                              const ProxyEventContext& context);

/// Whether a body of this content type travels as text; everything else is base64.
[[nodiscard]] bool is_text_body(std::string_view content_type);

}  // namespace stator::aws
