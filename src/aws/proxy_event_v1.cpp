#include <algorithm>
#include <array>
#include <map>

#include "aws/event_writer.hpp"
#include "aws/proxy_event.hpp"
#include "base/bytes.hpp"
#include "base/strings.hpp"
#include "base/time_format.hpp"

namespace stator::aws {
namespace {

using detail::EventWriter;

using Lists = std::map<std::string, std::vector<std::string>>;

/// AWS writes the fields that it knows in these spellings and all others in lower case.
std::string spelled(std::string lower) {
  constexpr std::array<std::string_view, 8> kKnown = {
      "Content-Length",   "Content-Type",     "Host",
      "User-Agent",       "X-Amzn-Trace-Id",  "X-Forwarded-For",
      "X-Forwarded-Port", "X-Forwarded-Proto"};
  for (const std::string_view known : kKnown) {
    if (equals_ignore_case(known, lower)) return std::string(known);
  }
  return lower;
}

Lists collect_headers(const http::Request& request, const ProxyEventContext& context) {
  Lists headers;
  for (const auto& [name, value] : request.headers.fields()) {
    std::string lower = to_lower(name);
    if (detail::is_event_header(lower)) headers[spelled(std::move(lower))].push_back(value);
  }
  if (!request.body.empty()) headers["Content-Length"] = {std::to_string(request.body.size())};
  auto& forwarded = headers["X-Forwarded-For"];
  forwarded = {forwarded.empty() ? request.peer : forwarded.back() + ", " + request.peer};
  headers["X-Forwarded-Port"] = {detail::forwarded_port(request)};
  headers["X-Forwarded-Proto"] = {request.is_secure ? "https" : "http"};
  auto& trace = headers["X-Amzn-Trace-Id"];
  if (trace.empty()) trace.emplace_back(context.trace_id);
  return headers;
}

bool is_all_utf8(const Lists& lists) {
  return std::all_of(lists.begin(), lists.end(), [](const auto& list) {
    return is_utf8(list.first) &&
           std::all_of(list.second.begin(), list.second.end(),
                       [](const std::string& value) { return is_utf8(value); });
  });
}

enum class Which { kFirst, kLast };

/// NAME with one value each, and multiValueNAME with all of them; null when there are none.
void write_lists(EventWriter& writer, std::string_view name, std::string_view multi_name,
                 const std::pair<const Lists&, Which>& what) {
  const auto& [lists, which] = what;
  if (lists.empty()) {
    writer.null_member(name);
    return writer.null_member(multi_name);
  }
  writer.key(name);
  writer.open('{');
  for (const auto& [key, values] : lists) {
    writer.member(key, which == Which::kFirst ? values.front() : values.back());
  }
  writer.close('}');
  writer.key(multi_name);
  writer.open('{');
  for (const auto& [key, values] : lists) {
    writer.key(key);
    writer.open('[');
    for (const std::string& value : values) writer.text(value);
    writer.close(']');
  }
  writer.close('}');
}

/// The authorizer's findings, all on one level; absent for routes that are open or signed.
void write_authorizer(EventWriter& writer, const ProxyCaller& caller) {
  if (caller.claims == nullptr && caller.context == nullptr) return;
  writer.key("authorizer");
  writer.open('{');
  if (caller.claims != nullptr) detail::write_token(writer, caller);
  if (caller.context != nullptr) {
    if (!caller.principal_id.empty()) writer.member("principalId", caller.principal_id);
    if (caller.latency_ms) {
      writer.raw_member("integrationLatency", std::to_string(*caller.latency_ms));
    }
    for (const auto& member : *caller.context) {
      if (member.key() == "principalId" || member.key() == "integrationLatency") continue;
      writer.raw_member(member.key(), json::dump(member.value()));
    }
  }
  writer.close('}');
}

void write_identity(EventWriter& writer, const http::Request& request, const Principal* signer) {
  const Principal nobody;
  const Principal& who = signer != nullptr ? *signer : nobody;
  writer.key("identity");
  writer.open('{');
  writer.member_or_null("accessKey", who.access_key_id);
  writer.member_or_null("accountId", who.account);
  writer.member_or_null("caller", who.user_id);
  for (const char* name :
       {"cognitoAmr", "cognitoAuthenticationProvider", "cognitoAuthenticationType",
        "cognitoIdentityId", "cognitoIdentityPoolId", "principalOrgId"}) {
    writer.null_member(name);
  }
  writer.member("sourceIp", request.peer);
  writer.member_or_null("user", who.user_id);
  writer.member("userAgent", request.headers.get("user-agent"));
  writer.member_or_null("userArn", who.arn);
  if (request.client_certificate != nullptr) {
    detail::write_certificate(writer, *request.client_certificate);
  }
  writer.close('}');
}

/// "/items/{id}" of "GET /items/{id}".
std::string_view resource_of(std::string_view route_key) {
  const auto space = route_key.find(' ');
  return space == std::string_view::npos ? route_key : route_key.substr(space + 1);
}

void write_request_context(EventWriter& writer, const http::Request& request,
                           const ProxyEventContext& context) {
  writer.key("requestContext");
  writer.open('{');
  writer.member("accountId", context.account);
  writer.member("apiId", context.api_id);
  write_authorizer(writer, context.caller);
  writer.member("domainName", context.domain_name);
  writer.member("domainPrefix", context.domain_name.substr(0, context.domain_name.find('.')));
  writer.member("extendedRequestId", context.request_id);
  writer.member("httpMethod", request.method);
  write_identity(writer, request, context.caller.signer);
  writer.member("path", context.path);
  writer.member("protocol", request.protocol);
  writer.member("requestId", context.request_id);
  writer.member("requestTime", common_log_time(context.now));
  writer.raw_member("requestTimeEpoch", std::to_string(epoch_ms(context.now)));
  writer.member("resourceId", context.route_key);
  writer.member("resourcePath", resource_of(context.route_key));
  writer.member("stage", context.stage);
  writer.close('}');
}

void write_map_or_null(EventWriter& writer, std::string_view name, const Pairs& pairs) {
  if (pairs.empty()) return writer.null_member(name);
  detail::write_map(writer, name, pairs);
}

}  // namespace

std::optional<std::string> build_proxy_event_v1(const http::Request& request,
                                                const ProxyEventContext& context) {
  auto query = http::parse_query(request.query());
  if (!query) return std::nullopt;
  Lists parameters;
  for (auto& [name, value] : *query) parameters[name].push_back(std::move(value));
  const Lists headers = collect_headers(request, context);
  if (!is_all_utf8(parameters) || !is_all_utf8(headers)) return std::nullopt;

  std::string out;
  out.reserve(2048 + request.body.size() * 5 / 4);
  EventWriter writer(out);
  writer.open('{');
  writer.member("version", "1.0");
  writer.raw(context.authorizer_members);
  writer.member("resource", resource_of(context.route_key));
  writer.member("path", context.path);
  writer.member("httpMethod", request.method);
  write_lists(writer, "headers", "multiValueHeaders", {headers, Which::kLast});
  write_lists(writer, "queryStringParameters", "multiValueQueryStringParameters",
              {parameters, Which::kFirst});
  write_request_context(writer, request, context);
  write_map_or_null(writer, "pathParameters", context.path_parameters);
  write_map_or_null(writer, "stageVariables", context.stage_variables);
  if (context.authorizer_members.empty()) detail::write_body(writer, request, true);
  writer.close('}');
  return out;
}

}  // namespace stator::aws
