#include "aws/proxy_event.hpp"

#include <array>
#include <map>

#include "aws/event_writer.hpp"
#include "base/bytes.hpp"
#include "base/strings.hpp"
#include "base/time_format.hpp"

namespace stator::aws {
namespace {

using detail::EventWriter;
using detail::write_map;

using Combined = std::map<std::string, std::string>;

void combine(Combined& into, std::string name, std::string_view value) {
  const auto [at, is_new] = into.try_emplace(std::move(name), value);
  if (!is_new) at->second.append(",").append(value);
}

/// Headers by lower-case name, repeated ones joined; cookies apart.
void collect_headers(const http::Request& request, const ProxyEventContext& context,
                     Combined& headers, std::vector<std::string>& cookies) {
  for (const auto& [name, value] : request.headers.fields()) {
    std::string lower = to_lower(name);
    if (lower == "cookie") {
      for (const std::string_view part : split(value, ';')) cookies.emplace_back(trim(part));
    } else if (detail::is_event_header(lower)) {
      combine(headers, std::move(lower), value);
    }
  }
  if (!request.body.empty()) headers["content-length"] = std::to_string(request.body.size());
  combine(headers, "x-forwarded-for", request.peer);
  headers["x-forwarded-proto"] = request.is_secure ? "https" : "http";
  headers["x-forwarded-port"] = detail::forwarded_port(request);
  headers.try_emplace("x-amzn-trace-id", context.trace_id);
}

void write_signer(EventWriter& writer, const Principal& signer) {
  writer.key("iam");
  writer.open('{');
  writer.member("accessKey", signer.access_key_id);
  writer.member("accountId", signer.account);
  writer.member("callerId", signer.user_id);
  writer.null_member("cognitoIdentity");
  writer.null_member("principalOrgId");
  writer.member("userArn", signer.arn);
  writer.member("userId", signer.user_id);
  writer.close('}');
}

/// https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html
void write_caller(EventWriter& writer, const ProxyCaller& caller) {
  if (caller.signer == nullptr && caller.claims == nullptr && caller.context == nullptr) return;
  writer.key("authorizer");
  writer.open('{');
  if (caller.signer != nullptr) write_signer(writer, *caller.signer);
  if (caller.claims != nullptr) {
    writer.key("jwt");
    writer.open('{');
    detail::write_token(writer, caller);
    writer.close('}');
  }
  if (caller.context != nullptr) {
    writer.raw_member("lambda", caller.context->empty() ? "null" : json::dump(*caller.context));
  }
  writer.close('}');
}

void write_authentication(EventWriter& writer, const http::Request& request) {
  if (request.client_certificate == nullptr) return;
  writer.key("authentication");
  writer.open('{');
  detail::write_certificate(writer, *request.client_certificate);
  writer.close('}');
}

void write_request_context(EventWriter& writer, const http::Request& request,
                           const ProxyEventContext& context) {
  writer.key("requestContext");
  writer.open('{');
  writer.member("accountId", context.account);
  writer.member("apiId", context.api_id);
  write_authentication(writer, request);
  write_caller(writer, context.caller);
  writer.member("domainName", context.domain_name);
  writer.member("domainPrefix", context.domain_name.substr(0, context.domain_name.find('.')));
  writer.key("http");
  writer.open('{');
  writer.member("method", request.method);
  writer.member("path", context.path);
  writer.member("protocol", request.protocol);
  writer.member("sourceIp", request.peer);
  writer.member("userAgent", request.headers.get("user-agent"));
  writer.close('}');
  writer.member("requestId", context.request_id);
  writer.member("routeKey", context.route_key);
  writer.member("stage", context.stage);
  writer.member("time", common_log_time(context.now));
  writer.raw_member("timeEpoch", std::to_string(epoch_ms(context.now)));
  writer.close('}');
}

}  // namespace

bool is_text_body(std::string_view content_type) {
  const std::string type = to_lower(trim(content_type.substr(0, content_type.find(';'))));
  constexpr std::array<std::string_view, 4> kTypes = {"", "application/json", "application/xml",
                                                      "application/javascript"};
  for (const std::string_view known : kTypes) {
    if (type == known) return true;
  }
  return type.starts_with("text/") || type.ends_with("+json") || type.ends_with("+xml");
}

std::optional<std::string> build_proxy_event(const http::Request& request,
                                             const ProxyEventContext& context) {
  const auto query = http::parse_query(request.query());
  if (!query || !is_utf8(request.target)) return std::nullopt;
  Combined parameters;
  for (const auto& [name, value] : *query) {
    if (!is_utf8(name) || !is_utf8(value)) return std::nullopt;
    combine(parameters, name, value);
  }
  Combined headers;
  std::vector<std::string> cookies;
  collect_headers(request, context, headers, cookies);
  for (const auto& [name, value] : headers) {
    if (!is_utf8(value)) return std::nullopt;
  }

  std::string out;
  out.reserve(1024 + request.body.size() * 5 / 4);
  EventWriter writer(out);
  writer.open('{');
  writer.member("version", "2.0");
  writer.raw(context.authorizer_members);
  writer.member("routeKey", context.route_key);
  writer.member("rawPath", context.raw_path);
  writer.member("rawQueryString", request.query());
  if (!cookies.empty()) {
    writer.key("cookies");
    writer.open('[');
    for (const std::string& cookie : cookies) {
      if (!is_utf8(cookie)) return std::nullopt;
      writer.text(cookie);
    }
    writer.close(']');
  }
  write_map(writer, "headers", headers);
  if (!parameters.empty()) write_map(writer, "queryStringParameters", parameters);
  write_request_context(writer, request, context);
  if (!context.path_parameters.empty()) {
    write_map(writer, "pathParameters", context.path_parameters);
  }
  if (!context.stage_variables.empty()) {
    write_map(writer, "stageVariables", context.stage_variables);
  }
  if (context.authorizer_members.empty()) detail::write_body(writer, request, false);
  writer.close('}');
  return out;
}

}  // namespace stator::aws
